// GitLab's secret detection report, schema 15.2.1 (gitlab-org/security-products, 2026-06).
// Which alerts there are is left to alerts.
import type { Action } from "../model/index.js";
import { alertId, alertsOf, alertText, type Alert } from "./alerts.js";
import { neutral } from "./neutral.js";
import type { ReportOptions } from "./options.js";
import { nameOf, kindWords } from "./words.js";
import type { PublishedReport } from "./published.js";

const version = "15.2.1";
const schema = `https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v${version}/dist/secret-detection-report-format.json`;

const severities = {
  "reset-now": "Critical",
  reset: "Critical",
  remove: "High",
  review: "Medium",
  none: "Info",
} as const satisfies Record<Action, string>;

/** GitLab's own analyser names this commit for what is in no commit. */
const noCommit = "0000000";
const longestSolution = 7000;

/** The alerts as a GitLab report; no key, no mail address. */
export function gitlab(report: PublishedReport, options: ReportOptions): string {
  const tool = {
    id: report.tool.name,
    name: report.tool.name,
    version: report.tool.version,
    vendor: { name: report.tool.name },
  };
  const log = {
    version,
    schema,
    scan: {
      analyzer: tool,
      scanner: tool,
      type: "secret_detection",
      start_time: utcTime(options.startedAt),
      end_time: utcTime(options.finishedAt),
      status: report.complete ? "success" : "failure",
      messages: report.notices.map(({ message, incomplete }) => ({
        level: incomplete ? "warn" : "info",
        value: neutral(message),
      })),
    },
    vulnerabilities: alertsOf(report).map(vulnerability),
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function vulnerability(alert: Alert): object {
  const { key, place, path } = alert;
  const pages = key.advice.consolePages.map(({ title, url }) => ({ name: title, url }));
  return {
    id: uuidOf(alertId(alert)),
    category: "secret_detection",
    name: `Leaked ${kindWords[key.kind]}`,
    description: neutral(alertText(alert)),
    severity: severities[key.action],
    solution: neutral(
      [key.advice.summary, ...key.advice.steps.map(({ text }) => text)].join(" "),
    ).slice(0, longestSolution),
    identifiers: [
      { type: "dashleaks_rule_id", name: `dashleaks rule ${key.rule}`, value: key.rule },
      {
        type: "cwe",
        name: "CWE-798",
        value: "798",
        url: "https://cwe.mitre.org/data/definitions/798.html",
      },
    ],
    links: pages,
    location: {
      file: neutral(path),
      start_line: place.line ?? 1,
      end_line: place.line ?? 1,
      commit: {
        sha: place.commit ?? noCommit,
        ...(place.date === null ? {} : { date: place.date }),
        ...(place.author === null ? {} : { author: neutral(nameOf(place.author)) }),
      },
    },
  };
}

/** The form the schema asks for: UTC, seconds, no zone. */
function utcTime(time: Date | null): string {
  return (time ?? new Date(0)).toISOString().slice(0, 19);
}

/** The first 128 bits of a digest as a UUID of version 8 (RFC 9562, section 5.8). */
function uuidOf(hex: string): string {
  const variant = "89ab".charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

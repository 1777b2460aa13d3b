// SARIF 2.1.0 (OASIS) as GitHub code scanning reads it ("SARIF support for code scanning", 2026-06).
// Which alerts there are is left to alerts.
import type { Action, KeyKind } from "../model/index.js";
import { alertId, alertsOf, alertText, type Alert } from "./alerts.js";
import { neutral } from "./neutral.js";
import type { ReportOptions } from "./options.js";
import type { PublishedKey, PublishedReport } from "./published.js";
import { kindWords } from "./words.js";

const schema = "https://json.schemastore.org/sarif-2.1.0.json";
const keyHelp = "https://www.alibabacloud.com/help/en/model-studio/get-api-key";

const levels = {
  "reset-now": "error",
  reset: "error",
  remove: "error",
  review: "warning",
  none: "note",
} as const satisfies Record<Action, string>;

// GitHub reads: over 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low.
const severities = {
  "payg-legacy": "9.1",
  "coding-plan": "8.8",
  payg: "9.1",
  "token-plan": "9.1",
  partial: "3.9",
  unknown: "5.5",
} as const satisfies Record<KeyKind, string>;

const precisions = {
  "payg-legacy": "high",
  "coding-plan": "very-high",
  payg: "very-high",
  "token-plan": "very-high",
  partial: "medium",
  unknown: "medium",
} as const satisfies Record<KeyKind, string>;

/** The alerts as a SARIF log: one result per key and path; no key, no mail address, no name. */
export function sarif(report: PublishedReport, options: ReportOptions): string {
  const alerts = alertsOf(report);
  const rules = new Map(alerts.map(({ key }) => [key.rule, key]));
  const ruleIds = [...rules.keys()];
  const log = {
    $schema: schema,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            version: report.tool.version,
            semanticVersion: report.tool.version,
            rules: [...rules.values()].map(ruleOf),
          },
        },
        automationDetails: { id: "dashleaks/" },
        columnKind: "unicodeCodePoints",
        invocations: [invocation(report, options)],
        results: alerts.map((alert) => resultOf(alert, ruleIds.indexOf(alert.key.rule))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf({ rule, kind, advice }: PublishedKey): object {
  const title = `Leaked ${kindWords[kind]}`;
  const about =
    "An API key of Alibaba Cloud Model Studio (DashScope, Qwen Cloud). Whoever has it can use models at the owner's cost.";
  const help =
    "Reset the key first: taking it out of the code does not take it back from those who saw it. Then remove it from the code and read it from the environment.";
  const pages = advice.consolePages.map(({ title: name, url }) => `- [${name}](${url})`);
  return {
    id: rule,
    name: title.replaceAll(/[^a-z]+(?<letter>[a-z])/giu, (_all, letter: string) =>
      letter.toUpperCase(),
    ),
    shortDescription: { text: title },
    fullDescription: { text: about },
    helpUri: keyHelp,
    help: {
      text: [help, ...advice.facts].join("\n"),
      markdown: [help, advice.facts.map((fact) => `- ${fact}`).join("\n"), pages.join("\n")]
        .filter((part) => part !== "")
        .join("\n\n"),
    },
    defaultConfiguration: { level: kind === "partial" ? "warning" : "error" },
    properties: {
      tags: ["security", "secret", "external/cwe/cwe-798"],
      precision: precisions[kind],
      "problem.severity": kind === "partial" ? "warning" : "error",
      "security-severity": severities[kind],
    },
  };
}

function resultOf(alert: Alert, ruleIndex: number): object {
  const { key, place, path } = alert;
  const region =
    place.line === null
      ? { startLine: 1 }
      : { startLine: place.line, ...(place.column === null ? {} : { startColumn: place.column }) };
  return {
    ruleId: key.rule,
    ruleIndex,
    level: levels[key.action],
    message: { text: neutral(alertText(alert)) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: relativeUri(path), uriBaseId: "%SRCROOT%" },
          region,
        },
      },
    ],
    partialFingerprints: { primaryLocationLineHash: `${alertId(alert)}:1` },
    properties: {
      fingerprint: key.fingerprint,
      exposure: key.exposure,
      confidence: key.confidence,
      liveness: key.liveness.status,
      action: key.action,
      place: place.kind,
      ...(place.commit === null ? {} : { commit: place.commit }),
    },
  };
}

function invocation({ complete, notices }: PublishedReport, options: ReportOptions): object {
  const { startedAt, finishedAt } = options;
  return {
    executionSuccessful: complete,
    ...(startedAt === null ? {} : { startTimeUtc: startedAt.toISOString() }),
    ...(finishedAt === null ? {} : { endTimeUtc: finishedAt.toISOString() }),
    toolExecutionNotifications: notices.map(({ code, message, incomplete }) => ({
      descriptor: { id: code },
      level: incomplete ? "warning" : "note",
      message: { text: neutral(message) },
    })),
  };
}

/** A path as a relative URI reference (RFC 3986): percent-encoded, slashes kept. */
function relativeUri(path: string): string {
  return path
    .replaceAll(/\p{Cs}/gu, "\ufffd")
    .split("/")
    .map(encodeURIComponent)
    .join("/");
}

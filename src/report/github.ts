// GitHub Actions: annotations as workflow commands, and a job summary in Markdown.
// Where the summary goes (GITHUB_STEP_SUMMARY) only the caller knows.
import type { Action } from "../model/index.js";
import { alertsOf, alertText, type Alert } from "./alerts.js";
import { code } from "./markdown-text.js";
import { neutral } from "./neutral.js";
import { locationOf, originOf } from "./places.js";
import type { PublishedKey, PublishedReport } from "./published.js";
import { sorted } from "./sorted.js";
import { actionWords, counted, exposureWords, kindWords, livenessWords } from "./words.js";

const commands = {
  "reset-now": "error",
  reset: "error",
  remove: "error",
  review: "warning",
  none: "notice",
} as const satisfies Record<Action, string>;

/**
 * One annotation per key and path, and one per thing that was not looked at. GitHub shows the first
 * ten errors and ten warnings of a step, so the worst come first.
 */
export function github(report: PublishedReport): string {
  const lines = [
    ...alertsOf(report).map(annotation),
    ...report.notices.map(({ message, incomplete }) =>
      command(incomplete ? "warning" : "notice", { title: "dashleaks" }, message),
    ),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function annotation(alert: Alert): string {
  const { key, place, path } = alert;
  return command(
    commands[key.action],
    {
      file: path,
      line: String(place.line ?? 1),
      ...(place.column === null ? {} : { col: String(place.column) }),
      title: `Leaked ${kindWords[key.kind]}`,
    },
    alertText(alert),
  );
}

/** Escaping as in @actions/core `command.ts`: `%` first, then line ends, then property delimiters. */
function command(
  name: string,
  properties: Readonly<Record<string, string>>,
  message: string,
): string {
  const list = Object.entries(properties).map(
    ([property, value]) => `${property}=${escapedProperty(value)}`,
  );
  return `::${name} ${list.join(",")}::${escapedData(neutral(message))}`;
}

function escapedData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapedProperty(text: string): string {
  return escapedData(neutral(text)).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

// A job summary may have 1 MiB; a row has well under 1 KiB.
const mostRows = 500;

/** The report as a job summary: a headline, a table of keys, and what was not looked at. */
export function githubSummary(report: PublishedReport): string {
  const keys = sorted(report.keys).shown;
  const headline =
    keys.length > 0
      ? `### dashleaks: ${counted(keys.length, "leaked key")}`
      : `### dashleaks: no keys found${report.complete ? "" : " in what could be looked at"}`;
  const table =
    keys.length === 0
      ? []
      : [
          "| What to do | Key | Kind | Exposure | Live | Where |\n|---|---|---|---|---|---|",
          ...keys.slice(0, mostRows).map(row),
        ];
  const more =
    keys.length > mostRows ? [`And ${counted(keys.length - mostRows, "more key")}.`] : [];
  const notices = report.notices
    .filter(({ incomplete }) => incomplete)
    .map(({ message }) => `- Not looked at: ${code(message)}`);
  return `${[headline, table.join("\n"), ...more, notices.join("\n")]
    .filter((part) => part !== "")
    .join("\n\n")}\n`;
}

function row({ action, masked, kind, exposure, liveness, places }: PublishedKey): string {
  const [first] = places;
  const more = places.length > 1 ? ` and ${counted(places.length - 1, "more place")}` : "";
  const origin = originOf({ ...first, author: null }).join(" ");
  const where = `${code(locationOf(first))} ${origin}${more}`;
  const cells = [
    `**${actionWords[action]}**`,
    code(masked),
    kindWords[kind],
    exposureWords[exposure],
    livenessWords[liveness.status],
    where,
  ];
  return `| ${cells.join(" | ")} |`;
}

// JSON and JSON Lines: the report for programs, and for reading back later.
// The fields are published.ts, their description report.schema.json.
import type { PublishedReport } from "./published.js";

/**
 * The report as one JSON document, indented by two spaces, with a line end.
 * Characters that a terminal may act on are written as `\u` escapes: the same JSON, safe to look at.
 */
export function json(report: PublishedReport): string {
  return `${harmless(JSON.stringify(report, null, 2))}\n`;
}

/**
 * One line per key (`"type": "key"` and the fields of a key), then one line with everything else
 * (`"type": "summary"`), so that a reader that got the summary knows it got all.
 */
export function jsonl(report: PublishedReport): string {
  const { keys, ...run } = report;
  const lines = [
    ...keys.map((key) => ({ type: "key", ...key })),
    { type: "summary", ...run, keyCount: keys.length },
  ];
  return lines.map((line) => `${harmless(JSON.stringify(line))}\n`).join("");
}

// JSON.stringify escapes C0 controls only. C1 controls start escape sequences too, and the others
// reorder or hide what follows them.
const unsafe = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;

function harmless(text: string): string {
  return text.replace(
    unsafe,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

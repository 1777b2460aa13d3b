// CSV (RFC 4180) for spreadsheets: one row per key and place, safe to open there.
// Columns may be added at the end only.
import { neutral } from "./neutral.js";
import type { PublishedKey, PublishedPlace, PublishedReport } from "./published.js";

type Cell = string | number | null;

const columns = {
  fingerprint: (key) => key.fingerprint,
  key: (key) => key.masked,
  kind: (key) => key.kind,
  rule: (key) => key.rule,
  confidence: (key) => key.confidence,
  provider: (key) => key.providerName ?? key.provider,
  exposure: (key) => key.exposure,
  liveness: (key) => key.liveness.status,
  action: (key) => key.action,
  suppressed_by: (key) => key.suppressed?.by ?? null,
  suppressed_reason: (key) => key.suppressed?.reason ?? null,
  place: (_key, place) => place.kind,
  repository: (_key, place) => place.repository,
  path: (_key, place) => place.path,
  line: (_key, place) => place.line,
  column: (_key, place) => place.column,
  commit: (_key, place) => place.commit,
  date: (_key, place) => place.date,
  author: (_key, place) => place.author,
  refs: (_key, place) => place.refs.join(" "),
  removed_commit: (_key, place) => place.removed?.commit ?? null,
  removed_date: (_key, place) => place.removed?.date ?? null,
  encoding: (_key, place) => [...place.trail, ...place.encoding].join(" "),
} as const satisfies Record<string, (key: PublishedKey, place: PublishedPlace) => Cell>;

/** Rows end in CRLF; the first names the columns. */
export function csv({ keys }: PublishedReport): string {
  const rows = keys.flatMap((key) =>
    key.places.map((place) => Object.values(columns).map((cell) => quoted(cell(key, place)))),
  );
  return [Object.keys(columns), ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

/**
 * Quotes a cell. A text that a spreadsheet would run as a formula gets an apostrophe before it
 * (OWASP, "CSV Injection"): a path can be called `=HYPERLINK(…)`.
 */
function quoted(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const shown = neutral(cell);
  // Full-width forms of the same characters are formulas to some spreadsheets.
  const safe = /^[\s]*[=+\-@|\uff1d\uff0b\uff0d\uff20]/u.test(shown) ? `'${shown}` : shown;
  return /[",;\s']/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

// The baseline as text and back. The text is made for git: sorted, one entry a line, no time stamps.
// Which file it is kept in is left to file.
import { UserError } from "../model/index.js";
import { baselineOf, type Baseline, type BaselineEntry } from "./baseline.js";

const version = 1;
const fingerprintPattern = /^(?:hmac-)?sha256:[0-9a-f]{64}$/u;

/**
 * One line per entry, each ending in a comma, with the version as the last member: an addition
 * changes no line that is there, so that two branches' additions are apart for git.
 */
export function formatBaseline({ entries }: Baseline): string {
  const lines = entries.map(({ fingerprint, reason, expires }) => {
    const until = expires === null ? "" : `, "expires": ${JSON.stringify(expires)}`;
    return `  ${JSON.stringify(fingerprint)}: { "reason": ${JSON.stringify(reason)}${until} },\n`;
  });
  return `{\n${lines.join("")}  "version": ${version}\n}\n`;
}

/**
 * Reads a baseline. Entries may be in any order (a merge leaves them so); of two for the same key
 * the later one counts.
 * @param file its path, for messages
 * @throws UserError naming the file and the line
 */
export function parseBaseline(content: string, file: string): Baseline {
  const text = content.replace(/^\ufeff/u, "");
  const value = parsedJson(text, file);
  if (!isObject(value)) throw broken(file, 1, "", "the file must hold a JSON object");
  const { version: found, ...members } = value;
  if (found !== version) {
    throw broken(
      file,
      lineOf(text, "version"),
      "/version",
      `"version" must be ${version}`,
      "If a newer dashleaks wrote the file, use that one.",
    );
  }
  return baselineOf(
    Object.entries(members).map(([name, entry]) => {
      const line = lineOf(text, name);
      if (!fingerprintPattern.test(name)) {
        // The name is not quoted: somebody may have put the key itself there.
        throw broken(file, line, "", "an entry must be named by a key's fingerprint");
      }
      return parsedEntry(name, entry, (what) => broken(file, line, `/${name}`, what));
    }),
  );
}

function parsedEntry(
  fingerprint: string,
  entry: unknown,
  wrong: (what: string) => UserError,
): BaselineEntry {
  if (!isObject(entry)) throw wrong("the entry must be an object with a reason");
  const { reason, expires = null, ...unknown } = entry;
  if (typeof reason !== "string" || reason.trim() === "") {
    throw wrong('"reason" must say why the key may pass');
  }
  if (expires !== null && (typeof expires !== "string" || !isDay(expires))) {
    throw wrong('"expires" must be a day, as in 2026-12-31');
  }
  if (Object.keys(unknown).length > 0) {
    throw wrong('an entry has no fields but "reason" and "expires"');
  }
  return { fingerprint, reason, expires };
}

/** Is it a day of the calendar in the form `YYYY-MM-DD`? */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function parsedJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // V8 names the position in its message; a cut-off text has none and is wrong at its end.
    const position = /position (\d+)/u.exec(cause instanceof Error ? cause.message : "")?.[1];
    const before = text.slice(0, position === undefined ? text.length : Number(position));
    const conflict = /^<{7} /mu.test(text);
    throw new UserError(
      `${file}:${conflict ? lineOf(text, "<<<<<<<", "") : lineNumber(before)}: ${conflict ? "an unresolved merge conflict" : "this is not JSON"}.`,
      conflict
        ? `Keep both sides' lines. To have git do so: add "${file.replace(/^.*\//u, "")} merge=union" to .gitattributes.`
        : "Mend the file, or make a new one with: dashleaks baseline create",
      { cause },
    );
  }
}

function broken(
  file: string,
  line: number,
  pointer: string,
  what: string,
  remedy: string | null = null,
): UserError {
  const place = pointer === "" ? "" : ` (at ${pointer})`;
  return new UserError(`${file}:${line}: ${what}${place}.`, remedy);
}

/** The line on which a member's name stands; 1 when it stands nowhere. */
function lineOf(text: string, name: string, quote = '"'): number {
  const at = text.lastIndexOf(`${quote}${name}${quote}`);
  return at < 0 ? 1 : lineNumber(text.slice(0, at));
}

function lineNumber(before: string): number {
  return before.split("\n").length;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

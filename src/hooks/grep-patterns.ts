// Witnesses as patterns for `grep -E`, for a hook that starts Node only on a hit.
// Deriving witnesses from rules is left to ruleset, running grep to bin/dashleaks-hook.
import type { ByteClass } from "../model/rule.js";
import type { Witness } from "../model/witness.js";

/**
 * grep reads lines, and some greps end a line at NUL, but a witness may hold both bytes. So grep gets
 * its text from `tr` with other bytes in their place, and with line ends where 0xFF was, which no
 * witness holds: what it takes for a line is all that lies between two 0xFF.
 */
export const trTable = { from: String.raw`\000\n\377`, to: String.raw`\001\002\n` } as const;
const standIns: ReadonlyMap<number, number> = new Map([
  [0x00, 0x01],
  [0x0a, 0x02],
]);

/**
 * Patterns, one a line of `grep -f`, of which at least one matches if a witness occurs in the text
 * that `tr` made. POSIX extended regular expressions over bytes (LC_ALL=C) for GNU, BSD and busybox
 * grep.
 */
export function grepPatterns(witnesses: readonly Witness[]): readonly string[] {
  return [...new Set(witnesses.map((witness) => witness.map(expression).join("")))].sort();
}

function expression(byteClass: ByteClass): string {
  const bytes = [...new Set([...byteClass].map((byte) => standIns.get(byte) ?? byte))].sort(
    (a, b) => a - b,
  );
  if (bytes.length > 200) return ".";
  const [only = 0] = bytes;
  if (only === caret && bytes.length === 1) return String.raw`\^`;
  const plain = bytes.length === 1 && !String.raw`\$.*+?()[]{}|`.includes(character(only));
  return plain ? character(only) : `[${bracket(bytes)}]`;
}

const caret = 0x5e;

/**
 * The inside of a bracket expression: `]` first, `^` not first, `-` last, no `[.`, `[:`, `[=`. Every
 * byte by itself: ranges go by the order of a locale in some greps.
 */
function bracket(bytes: readonly number[]): string {
  const special = new Set(["]", "[", "^", "-"].map((each) => each.charCodeAt(0)));
  const plain = bytes.filter((byte) => !special.has(byte)).map(character);
  const has = (each: string): string => (bytes.includes(each.charCodeAt(0)) ? each : "");
  return [has("]"), plain.join(""), has("["), has("^"), has("-")].join("");
}

function character(byte: number): string {
  return String.fromCharCode(byte);
}

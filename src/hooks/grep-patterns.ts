// Witnesses as a pattern for `grep -E`, for a hook that starts Node only on a hit.
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
 * One pattern that matches if a witness occurs in the text that `tr` made: a POSIX extended regular
 * expression over bytes (LC_ALL=C) for GNU, BSD and busybox grep. Witnesses with a common beginning
 * share it. One pattern and not one for each witness, since some greps search for each by itself:
 * on 130 kB of C busybox takes 7 ms instead of 360.
 */
export function grepPattern(witnesses: readonly Witness[]): string {
  return alternatives(witnesses.map((witness) => witness.map(expression)));
}

function alternatives(sequences: readonly (readonly string[])[]): string {
  // A sequence that ends here stands for all that go on from here.
  if (sequences.some((sequence) => sequence.length === 0)) return "";
  const tails = new Map<string, (readonly string[])[]>();
  for (const [first = "", ...rest] of sequences) {
    const known = tails.get(first);
    if (known === undefined) tails.set(first, [rest]);
    else known.push(rest);
  }
  const written = [...tails].map(([first, rest]) => first + alternatives(rest)).sort();
  return written.length === 1 ? written.join("") : `(${written.join("|")})`;
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

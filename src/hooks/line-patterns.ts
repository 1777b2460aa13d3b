// Witnesses as patterns for `grep -E`, which reads lines: for a hook that starts Node only on a hit.
// Deriving witnesses from rules is left to ruleset, running grep to bin/dashleaks-hook.
import type { ByteClass } from "../model/rule.js";
import type { Witness } from "../model/witness.js";

const lineFeed = 0x0a;
/** grep gets text in which `tr` put this in NUL's place: some greps end a line at NUL. */
const standIn = 0x01;

/**
 * Patterns, one a line of `grep -f`, of which at least one matches a line of a diff (each line of
 * which has one more character in front) or of plain text if a witness occurs in that text. POSIX
 * extended regular expressions over bytes (LC_ALL=C) for GNU, BSD and busybox grep. A witness that
 * may hold a line end becomes one pattern for each way to cut it there; of the pieces of a cut the
 * most selective is taken, tied to the end or the beginning of its line.
 */
export function linePatterns(witnesses: readonly Witness[]): readonly string[] {
  const patterns = witnesses.flatMap((witness) =>
    cuts(witness).map((pieces) => {
      const expressions = pieces.map((piece, at) => ({
        text: [
          // The beginning of a line, behind a diff's mark or not.
          at > 0 ? "^.?" : "",
          ...piece.map(expression),
          at < pieces.length - 1 ? "$" : "",
        ].join(""),
        weight: piece.reduce((sum, byteClass) => sum + Math.log2(256 / byteClass.size), 0),
      }));
      return expressions.reduce((best, each) => (each.weight > best.weight ? each : best)).text;
    }),
  );
  return [...new Set(patterns)].sort();
}

/** All ways to read a witness: each position that allows a line end is one, or is not. */
function cuts(witness: Witness): readonly (readonly Witness[])[] {
  let readings: readonly (readonly Witness[])[] = [[[]]];
  for (const byteClass of witness) {
    const inLine: ByteClass = new Set([...byteClass].filter((byte) => byte !== lineFeed));
    readings = readings.flatMap((pieces) => {
      const last = pieces.at(-1) ?? [];
      const going = inLine.size > 0 ? [[...pieces.slice(0, -1), [...last, inLine]]] : [];
      return byteClass.has(lineFeed) ? [...going, [...pieces, []]] : going;
    });
  }
  return readings;
}

function expression(byteClass: ByteClass): string {
  const bytes = [...new Set([...byteClass].map((byte) => (byte === 0 ? standIn : byte)))].sort(
    (a, b) => a - b,
  );
  if (bytes.length > 200) return ".";
  const [only = 0] = bytes;
  if (bytes.length > 1 || (only !== caret && isSpecial(only))) return `[${bracket(bytes)}]`;
  return only === caret ? "\\^" : character(only);
}

const caret = 0x5e;

function isSpecial(byte: number): boolean {
  return "\\^$.*+?()[]{}|".includes(character(byte));
}

/** The inside of a bracket expression: `]` first, `^` not first, `-` last, no `[.`, `[:`, `[=`. */
function bracket(bytes: readonly number[]): string {
  const special = new Set(["]", "[", "^", "-"].map((each) => each.charCodeAt(0)));
  // Every byte by itself: ranges go by the order of a locale in some greps.
  const plain = bytes.filter((byte) => !special.has(byte)).map(character);
  const has = (each: string): string => (bytes.includes(each.charCodeAt(0)) ? each : "");
  return [has("]"), plain.join(""), has("["), has("^"), has("-")].join("");
}

function character(byte: number): string {
  return String.fromCharCode(byte);
}

// Witnesses as a pattern for `LC_ALL=C grep -aE`, for hooks that start no Node on clean changes.
// Running grep is left to the hooks.
import type { ByteClass } from "../model/rule.js";
import type { Witness, WitnessSet } from "../model/witness.js";

const lineFeed = 10;

/**
 * One POSIX extended regular expression that matches every line in which a witness occurs (and some
 * more): GNU, BSD and busybox grep understand it alike, so it has no `\x`, `\d` or other extensions.
 * Bytes that are not printable ASCII become `.`; grep reads lines, so a witness is cut at a class
 * that allows a line end and its longest piece is taken.
 */
export function grepPatterns({ witnesses }: WitnessSet): string {
  return [...new Set(witnesses.map(onOneLine).map((witness) => witness.map(expression).join("")))]
    .filter((pattern) => pattern !== "")
    .join("|");
}

function onOneLine(witness: Witness): Witness {
  const pieces: ByteClass[][] = [[]];
  for (const byteClass of witness) {
    if (byteClass.has(lineFeed)) pieces.push([]);
    else pieces.at(-1)?.push(byteClass);
  }
  return pieces.reduce((best, piece) => (piece.length > best.length ? piece : best));
}

function expression(byteClass: ByteClass): string {
  const bytes = [...byteClass].sort((a, b) => a - b);
  if (bytes.some((byte) => byte < 0x20 || byte > 0x7e)) return ".";
  const [only = 0] = bytes;
  if (bytes.length === 1) {
    const character = String.fromCharCode(only);
    return /[\\^$.*+?()[\]{}|]/u.test(character)
      ? `[${character}]`.replace("[^]", "\\^").replace("[\\]", "\\\\")
      : character;
  }
  return `[${bracket(bytes)}]`;
}

/** The inside of a bracket expression: `]` first, `^` not first, `-` last, runs as ranges. */
function bracket(bytes: readonly number[]): string {
  const special = new Set([0x5b, 0x5d, 0x5e, 0x2d]);
  const plain = bytes.filter((byte) => !special.has(byte));
  let text = bytes.includes(0x5d) ? "]" : "";
  for (let index = 0; index < plain.length;) {
    let last = index;
    while (isRangeStep(plain[last], plain[last + 1])) last++;
    const from = String.fromCharCode(plain[index] ?? 0);
    const to = String.fromCharCode(plain[last] ?? 0);
    text +=
      last - index > 1
        ? `${from}-${to}`
        : plain
            .slice(index, last + 1)
            .map((byte) => String.fromCharCode(byte))
            .join("");
    index = last + 1;
  }
  // `[.`, `[:` and `[=` would begin something else: `[` comes behind all of those.
  if (bytes.includes(0x5b)) text += "[";
  if (bytes.includes(0x5e)) text = text === "" ? "\\^" : `${text}^`;
  return bytes.includes(0x2d) ? `${text}-` : text;
}

/** Ranges are only made of letters or of digits, which every locale orders alike. */
function isRangeStep(byte: number | undefined, next: number | undefined): boolean {
  if (byte === undefined || next !== byte + 1) return false;
  return /^(?:[0-9]{2}|[a-z]{2}|[A-Z]{2})$/u.test(String.fromCharCode(byte, next));
}

// The strings of a JSON document with the path to each, found in one pass without building the
// document; what is cut off or malformed ends the pass.
// Which strings matter is left to the callers.
import type { Mapping } from "./mapping.js";

export interface JsonString {
  /** Member names and array indexes, from the top. */
  readonly path: readonly (string | number)[];
  /** Where the characters between the quotes are. */
  readonly start: number;
  readonly end: number;
}

const quote = 0x22;
const backslash = 0x5c;
/** No document that people write is nested deeper. */
const deepest = 200;

interface Level {
  readonly isArray: boolean;
  index: number;
  member: string | null;
}

/** All string values, in order; member names are not given. */
export function* jsonStrings(bytes: Uint8Array): Iterable<JsonString> {
  const levels: Level[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const level = levels.at(-1);
    if (byte === quote) {
      const end = endOfString(bytes, at + 1);
      if (level === undefined) return;
      if (!level.isArray && level.member === null) {
        level.member = Buffer.from(bytes.subarray(at + 1, Math.min(end, at + 200))).toString(
          "utf8",
        );
      } else yield { path: pathOf(levels), start: at + 1, end };
      at = end;
    } else if (byte === 0x7b || byte === 0x5b) {
      if (levels.length >= deepest) return;
      levels.push({ isArray: byte === 0x5b, index: 0, member: null });
    } else if (byte === 0x7d || byte === 0x5d) levels.pop();
    else if (byte === 0x2c && level !== undefined) {
      level.index++;
      level.member = null;
    }
  }
}

function pathOf(levels: readonly Level[]): readonly (string | number)[] {
  return levels.map(({ isArray, index, member }) => (isArray ? index : (member ?? "")));
}

function endOfString(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return Math.min(at, bytes.length);
}

/** RFC 8259, 7. */
const short: ReadonlyMap<number, number> = new Map(
  Object.entries({ b: 8, f: 12, n: 10, r: 13, t: 9 }).map(([letter, code]) => [
    letter.charCodeAt(0),
    code,
  ]),
);

/** What strings say, one right after another. */
export function unescapeJson(
  bytes: Uint8Array,
  strings: readonly JsonString[],
): Mapping & { readonly text: Uint8Array } {
  const room = strings.reduce((sum, { start, end }) => sum + end - start, 0);
  const text = new Uint8Array(room);
  const outputs: number[] = [];
  const sources: number[] = [];
  let length = 0;
  const mark = (source: number): void => {
    outputs.push(length);
    sources.push(source);
  };
  for (const { start, end } of strings) {
    mark(start);
    for (let at = start; at < end;) {
      const byte = bytes[at] ?? 0;
      if (byte !== backslash) {
        text[length++] = byte;
        at++;
        continue;
      }
      mark(at);
      const letter = bytes[at + 1] ?? 0;
      if (letter === 0x75) {
        const digits = Buffer.from(bytes.subarray(at + 2, at + 6)).toString("latin1");
        const code = Number.parseInt(digits, 16);
        const character = Buffer.from(
          String.fromCharCode(Number.isNaN(code) ? 0x3f : code),
          "utf8",
        );
        text.set(character, length);
        length += character.length;
        at += 6;
      } else {
        text[length++] = short.get(letter) ?? letter;
        at += 2;
      }
      mark(at);
    }
  }
  return { text: text.subarray(0, length), outputs, sources };
}

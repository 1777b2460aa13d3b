// Hexadecimal text, wrapped or not, and lists of bytes by number as source code and dumps hold them.
// Escapes such as `\x73` are left to escapes.ts.
import type { Notice, Witness } from "../../model/index.js";
import type { Budget, View } from "../view.js";
import { hexadecimal } from "./algebra.js";
import { limitReached, spend } from "./budget.js";
import { hexContainers, hexContents } from "./compositions.js";
import { createMatcher, type Matcher } from "./matcher.js";
import { type Run, runAround } from "./run.js";
import { tableOf } from "./rewrite.js";
import type { TextForm } from "./text-form.js";

const isDigit = tableOf(/[0-9A-Fa-f]/u);
const numeral = tableOf(/[0-9A-FXa-fx]/u);

/** @param plain the rules' own witnesses */
export function hexForm(plain: readonly Witness[]): TextForm {
  // Made when there is hexadecimal text at all.
  let matcher: Matcher | null = null;
  return {
    groups: ["hex"],
    decode: (bytes, hits, budget) => {
      matcher ??= createMatcher([
        ...hexContainers,
        ...[...plain, ...hexContents(plain)].map((witness) => hexadecimal(witness)),
      ]);
      return decodeRuns(bytes, hits, budget, matcher);
    },
  };
}

function* decodeRuns(
  bytes: Uint8Array,
  hits: readonly number[],
  budget: Budget,
  matcher: Matcher,
): Iterable<View | Notice> {
  let done = 0;
  for (const hit of hits) {
    if (hit < done) continue;
    const run = runAround(bytes, hit, isDigit, done);
    if (run === null) continue;
    done = run.end;
    for (const start of startsOf(run, matcher)) {
      const length = (run.text.length - start) >> 1;
      if (!spend(budget, length)) {
        yield limitReached("hex");
        return;
      }
      yield {
        kind: "view",
        encoding: "hex",
        trail: null,
        bytes: Buffer.from(run.text.toString("latin1", start, start + length * 2), "hex"),
        sourceOffset: (offset) => run.sourceOffset(start + offset * 2),
      };
    }
  }
}

/** The least that holds a key and is longer than a checksum that happens to begin like a container. */
const leastContainer = 2 * 36;

/**
 * Both parities if keys stand at both, and again where a line begins with one. Containers are read
 * from their first byte, with which a line or literal begins.
 */
function startsOf(run: Run, matcher: Matcher): readonly number[] {
  const starts = new Set<number>();
  matcher(run.text, (offset, index) => {
    if (index < hexContainers.length) {
      const isLong = run.text.length - offset >= leastContainer;
      if (isLong && run.beginsPiece(offset)) starts.add(offset);
      return;
    }
    starts.add(offset % 2);
    if (offset > 1 && run.beginsPiece(offset)) starts.add(offset);
  });
  return [...starts].sort((one, other) => one - other);
}

/** How lists write a byte, and what stands between two. */
const listed = [
  { radix: 16, token: "(?:0x)?[0-9a-f]{2}" },
  { radix: 10, token: "[0-9]{1,3}" },
] as const;
const between =
  "(?:[ \\t]{0,8}[,:;][ \\t]{0,8}(?:\\r?\\n[ \\t]{0,200})?|[ \\t]{1,8}|[ \\t]{0,8}\\r?\\n[ \\t]{0,200}|-)";
/** Longest list that is read before a key, in characters. */
const before = 800;
/** Longest key as a list: a number, separators, and an indentation now and then. */
const longest = 720 * 16;

const lists = listed.map(({ radix, token }) => ({
  radix,
  upToHere: new RegExp(`(?<![0-9A-Za-z])(?:${token}${between}){0,64}$`, "iu"),
  one: new RegExp(`(${token})(?:${between}(?=${token}(?![0-9A-Za-z])))?`, "iuy"),
}));

/** `73 6b 2d`, `[115, 107, 45]`, `0x73, 0x6b, 0x2d`. */
export const byteListForm: TextForm = {
  groups: ["byte list"],
  *decode(bytes, hits, budget) {
    let done = 0;
    for (const hit of hits) {
      if (hit < done) continue;
      const begins = numberAround(bytes, hit);
      const from = Math.max(done, begins - before);
      const text = Buffer.from(
        bytes.buffer,
        bytes.byteOffset + from,
        Math.min(bytes.length - from, before + longest),
      ).toString("latin1");
      for (const { radix, upToHere, one } of lists) {
        const ahead = upToHere.exec(text.slice(0, begins - from));
        const read = readList(text, ahead?.index ?? begins - from, one, radix);
        // Numbers of two digits read as either; only the right reading goes on through the key.
        if (read.values.length < 8 || from + read.end < hit + 8) continue;
        done = Math.max(done, from + read.end);
        if (!spend(budget, read.values.length)) {
          yield limitReached("byte list");
          return;
        }
        yield {
          kind: "view",
          encoding: "byte-list",
          trail: null,
          bytes: Uint8Array.from(read.values),
          sourceOffset: (offset) => from + (read.offsets[offset] ?? read.end),
        };
        break;
      }
    }
  },
};

/** Where the number begins in which a hit stands: a witness may begin within `0x73`. */
function numberAround(bytes: Uint8Array, hit: number): number {
  let at = hit;
  while (at > hit - 4 && numeral[bytes[at - 1] ?? 0] === 1) at--;
  return at;
}

function readList(
  text: string,
  start: number,
  one: RegExp,
  radix: number,
): {
  readonly values: readonly number[];
  readonly offsets: readonly number[];
  readonly end: number;
} {
  const values: number[] = [];
  const offsets: number[] = [];
  let end = start;
  for (;;) {
    one.lastIndex = end;
    const hit = one.exec(text);
    const [whole, token] = hit ?? [];
    if (whole === undefined || token === undefined) return { values, offsets, end };
    values.push(Number.parseInt(token, radix) & 255);
    offsets.push(end);
    end += whole.length;
  }
}

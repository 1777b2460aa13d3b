// How a byte pattern looks after an encoding: pure functions from witnesses to witnesses.
// Which encodings are looked for is left to witnesses.ts.
import type { ByteClass, Witness } from "../../model/index.js";
import { maxWitnessBytes } from "../../model/index.js";

const base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Characters that stand for a six-bit value in the standard or the URL alphabet (RFC 4648). */
const base64Characters: readonly string[] = [...base64Letters.split(""), "+-", "/_"];

const knownClasses = new Map<string, ByteClass>();

/** The class of the Latin-1 characters of a text; the same object for the same text. */
export function oneOf(characters: string): ByteClass {
  let byteClass = knownClasses.get(characters);
  if (byteClass === undefined) {
    byteClass = new Set(Buffer.from(characters, "latin1"));
    knownClasses.set(characters, byteClass);
  }
  return byteClass;
}

/** A witness that is one text, in Latin-1. */
export function literal(text: string): Witness {
  return text.split("").map((character) => oneOf(character));
}

/** Every byte that a witness may hold; 0xFF is the history reader's separator. */
const anyByte: ByteClass = new Set(Array.from({ length: 255 }, (_, byte) => byte));

export function union(...classes: readonly ByteClass[]): ByteClass {
  return new Set(classes.flatMap((byteClass) => [...byteClass]));
}

/** A pattern in base64: what its characters may be, and where in a group of four it begins. */
export interface Base64Pattern {
  readonly witness: Witness;
  /** Position (0-3) of the first character in its group of four. */
  readonly phase: number;
}

/**
 * A pattern's base64 characters, both alphabets.
 * @param alignment how many bytes (0-2) of its group of three stand before the pattern
 * @returns all characters of which no more than four bits are unknown, uncut
 */
export function base64(pattern: Witness, alignment: 0 | 1 | 2): Base64Pattern {
  const bytes = [...Array.from({ length: alignment }, () => anyByte), ...pattern];
  const characters: { readonly index: number; readonly byteClass: ByteClass }[] = [];
  for (let index = 0; index * 6 < bytes.length * 8; index++) {
    const at = Math.floor((index * 6) / 8);
    const shift = 10 - ((index * 6) % 8);
    const highs = new Set([...(bytes[at] ?? anyByte)].map((byte) => ((byte << 8) >> shift) & 63));
    const lows = new Set([...(bytes[at + 1] ?? anyByte)].map((byte) => byte >> shift));
    const values = new Set([...highs].flatMap((high) => [...lows].map((low) => high | low)));
    if (values.size <= 16) {
      const text = [...values].map((value) => base64Characters[value] ?? "").join("");
      characters.push({ index, byteClass: oneOf(text) });
    }
  }
  const first = characters[0]?.index ?? 0;
  const unbroken = characters.filter((character, nth) => character.index === first + nth);
  return { witness: unbroken.map((character) => character.byteClass), phase: first % 4 };
}

export const base64Alignments = [0, 1, 2] as const;

/** UTF-16 of an ASCII pattern, in either byte order: `s 0 k 0 -`, without the zero at its ends. */
export function utf16(pattern: Witness): Witness {
  const zero = oneOf("\0");
  return pattern.flatMap((byteClass, index) => (index === 0 ? [byteClass] : [zero, byteClass]));
}

/** UTF-16 with the low byte first: each character, then its zero. */
export function utf16LittleEndian(pattern: Witness): Witness {
  return pattern.flatMap((byteClass) => [byteClass, oneOf("\0")]);
}

/** Hexadecimal digits of either case. */
export function hexadecimal(pattern: Witness): Witness {
  return pattern.flatMap((byteClass) => {
    const bytes = [...byteClass];
    return [hexDigits(bytes.map((byte) => byte >> 4)), hexDigits(bytes.map((byte) => byte & 15))];
  });
}

function hexDigits(nibbles: readonly number[]): ByteClass {
  const text = nibbles.map((nibble) => nibble.toString(16)).join("");
  return oneOf(text + text.toUpperCase());
}

// How often a byte is met in text, in base64, in hexadecimal data and in lists of numbers; rough, but what counts is the
// order of magnitude of a product of several.
const textShare = 1;
const dataShare = 0.02;
const frequencies: readonly { readonly share: number; readonly of: Float64Array }[] = [
  { share: textShare, of: textFrequency() },
  { share: dataShare, of: evenFrequency(`${base64Letters}+/`, 1 / 64) },
  { share: dataShare, of: evenFrequency("0123456789abcdef", 1 / 16) },
  { share: dataShare, of: evenFrequency("0123456789x, ;:\n", 1 / 12) },
];

/** How much of what is scanned is of each kind. */
export const shares: readonly number[] = frequencies.map(({ share }) => share);

function textFrequency(): Float64Array {
  const of = new Float64Array(256).fill(0.0005);
  const set = (characters: string, each: number): void => {
    for (const byte of Buffer.from(characters, "latin1")) of[byte] = each;
  };
  set("abcdefghijklmnopqrstuvwxyz", 0.025);
  set("etaoinsr", 0.05);
  set("jkqvwxz", 0.008);
  set("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 0.005);
  set("0123456789", 0.01);
  set("!#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", 0.006);
  set(" ", 0.14);
  set('\n\t"', 0.03);
  set("\r", 0.005);
  return of;
}

function evenFrequency(characters: string, each: number): Float64Array {
  const of = new Float64Array(256);
  for (const byte of Buffer.from(characters, "latin1")) of[byte] = each;
  of[0x0a] = 1 / 76;
  return of;
}

/** How many places of a file, as a share, a witness may be expected to hit by chance. */
export function witnessCost(witness: Witness): number {
  const products = [...shares];
  for (const byteClass of witness) {
    const sums = classSums(byteClass);
    for (let kind = 0; kind < products.length; kind++) {
      products[kind] = (products[kind] ?? 0) * (sums[kind] ?? 0);
    }
  }
  return Math.max(...products);
}

const knownSums = new WeakMap<ByteClass, readonly number[]>();

/** How often a byte of a class is met, in each kind of data. */
export function classSums(byteClass: ByteClass): readonly number[] {
  let sums = knownSums.get(byteClass);
  if (sums === undefined) {
    sums = frequencies.map(({ of }) => {
      let sum = 0;
      for (const byte of byteClass) sum += of[byte] ?? 0;
      return Math.min(1, sum);
    });
    knownSums.set(byteClass, sums);
  }
  return sums;
}

/** The most selective stretch of a pattern that is no longer than a witness may be. */
export function mostSelective(pattern: Witness, longest: number = maxWitnessBytes): Witness {
  let best = pattern.slice(0, longest);
  let lowest = witnessCost(best);
  for (let start = 1; start + longest <= pattern.length; start++) {
    const stretch = pattern.slice(start, start + longest);
    const cost = witnessCost(stretch);
    if (cost < lowest) {
      best = stretch;
      lowest = cost;
    }
  }
  return best;
}

/** What may stand where a pattern is broken in two. */
export interface Break {
  /** Bytes with which a break may begin, right after the first part. */
  readonly first: ByteClass;
  /** Bytes with which it may end, right before the second part. */
  readonly last: ByteClass;
  /** Breaks that end otherwise, from their first byte to their last. */
  readonly whole?: readonly Witness[];
}

/** Chance hits per byte below which a witness needs no further byte. */
const selectiveEnough = 1e-8;

/**
 * Witnesses of a pattern that may be broken once, anywhere. A stretch at its beginning that is
 * selective by itself serves for every later break; before that, the better part of each break and
 * the byte beside it.
 */
export function broken(pattern: Witness, at: Break): readonly Witness[] {
  let head: Witness = pattern.slice(0, maxWitnessBytes);
  for (let length = 1; length < head.length; length++) {
    if (witnessCost(pattern.slice(0, length)) <= selectiveEnough) head = pattern.slice(0, length);
  }
  const witnesses = [head];
  for (let position = 1; position < head.length; position++) {
    const left = mostSelective([...pattern.slice(0, position), at.first]);
    const right = [at.last, ...pattern.slice(position)].slice(0, maxWitnessBytes);
    if (witnessCost(left) < witnessCost(right)) witnesses.push(left);
    else {
      const [before, after] = [pattern.slice(0, position), pattern.slice(position)];
      const whole = (at.whole ?? []).map((each) => mostSelective([...before, ...each, ...after]));
      witnesses.push(right, ...whole);
    }
  }
  return witnesses;
}

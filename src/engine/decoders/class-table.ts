// Byte classes by number, so that comparing and merging many witnesses is arithmetic on arrays.
// What is merged is left to compact.ts.
import type { ByteClass } from "../../model/index.js";
import { classSums, shares } from "./algebra.js";

export interface ClassTable {
  /** Equal classes have the same number. */
  readonly numberOf: (byteClass: ByteClass) => number;
  readonly classOf: (number: number) => ByteClass;
  /** How many bytes two classes have together. */
  readonly unionSize: (one: number, other: number) => number;
  /** Does the second class hold all of the first? */
  readonly isWithin: (one: number, other: number) => boolean;
  /** The number of the union of two classes. */
  readonly union: (one: number, other: number) => number;
  /**
   * What a witness costs whose classes are the unions of two witnesses': exact where they are equal
   * or share nothing, else at most.
   */
  readonly unionCost: (one: readonly number[], other: readonly number[]) => number;
}

const kinds = shares.length;

export function classTable(): ClassTable {
  const classes: ByteClass[] = [];
  /** Eight words of bits for each class. */
  const bits: number[] = [];
  /** For each class, how often it is met in each kind of data. */
  const sums: number[] = [];
  const numbers = new Map<string, number>();
  const known = new Map<ByteClass, number>();
  const numberOf = (byteClass: ByteClass): number => {
    const before = known.get(byteClass);
    if (before !== undefined) return before;
    const words = [0, 0, 0, 0, 0, 0, 0, 0];
    for (const byte of byteClass) words[byte >> 5] = (words[byte >> 5] ?? 0) | (1 << (byte & 31));
    const key = words.join();
    let number = numbers.get(key);
    if (number === undefined) {
      number = classes.push(byteClass) - 1;
      bits.push(...words);
      sums.push(...classSums(byteClass));
      numbers.set(key, number);
    }
    known.set(byteClass, number);
    return number;
  };
  const classOf = (number: number): ByteClass => classes[number] ?? new Set<number>();
  return {
    numberOf,
    classOf,
    unionSize: (one, other) => {
      let size = 0;
      for (let word = 0; word < 8; word++) {
        size += bitCount((bits[one * 8 + word] ?? 0) | (bits[other * 8 + word] ?? 0));
      }
      return size;
    },
    isWithin: (one, other) => {
      if (one === other) return true;
      for (let word = 0; word < 8; word++) {
        if (((bits[one * 8 + word] ?? 0) & ~(bits[other * 8 + word] ?? 0)) !== 0) return false;
      }
      return true;
    },
    union: (one, other) =>
      one === other ? one : numberOf(new Set([...classOf(one), ...classOf(other)])),
    unionCost: (one, other) => {
      let worst = 0;
      for (let kind = 0; kind < kinds; kind++) {
        let product = shares[kind] ?? 0;
        for (let at = 0; at < one.length; at++) {
          const [number, otherNumber] = [one[at] ?? 0, other[at] ?? 0];
          const own = sums[number * kinds + kind] ?? 0;
          const added = number === otherNumber ? 0 : (sums[otherNumber * kinds + kind] ?? 0);
          product *= own + added > 1 ? 1 : own + added;
        }
        if (product > worst) worst = product;
      }
      return worst;
    },
  };
}

function bitCount(word: number): number {
  let rest = word - ((word >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return (((rest + (rest >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

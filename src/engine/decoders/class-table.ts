// Byte classes by number, so that unions, comparisons and costs of many are table look-ups.
// What is done with them is left to compact.ts.
import type { ByteClass } from "../../model/index.js";
import { classSums, productCost } from "./algebra.js";

export interface ClassTable {
  /** Equal classes have the same number. */
  readonly numberOf: (byteClass: ByteClass) => number;
  readonly classOf: (number: number) => ByteClass;
  /** The number of the union of two classes. */
  readonly union: (one: number, other: number) => number;
  /** The cost of a witness given by numbers; see `witnessCost`. */
  readonly cost: (classes: readonly number[]) => number;
  /** What the union of two witnesses costs at least. */
  readonly leastCost: (one: readonly number[], other: readonly number[]) => number;
}

export function classTable(): ClassTable {
  const classes: ByteClass[] = [];
  const sums: (readonly number[])[] = [];
  const numbers = new Map<string, number>();
  const known = new Map<ByteClass, number>();
  const unions = new Map<number, number>();
  const numberOf = (byteClass: ByteClass): number => {
    const before = known.get(byteClass);
    if (before !== undefined) return before;
    const bits = Buffer.alloc(32);
    for (const byte of byteClass) bits[byte >> 3] = (bits[byte >> 3] ?? 0) | (1 << (byte & 7));
    const key = bits.toString("latin1");
    let number = numbers.get(key);
    if (number === undefined) {
      number = classes.push(byteClass) - 1;
      sums.push(classSums(byteClass));
      numbers.set(key, number);
    }
    known.set(byteClass, number);
    return number;
  };
  const classOf = (number: number): ByteClass => classes[number] ?? new Set<number>();
  return {
    numberOf,
    classOf,
    union: (one, other) => {
      if (one === other) return one;
      const pair = one < other ? one * 65_536 + other : other * 65_536 + one;
      let number = unions.get(pair);
      if (number === undefined) {
        const both = new Set(classOf(one));
        for (const byte of classOf(other)) both.add(byte);
        number = numberOf(both);
        unions.set(pair, number);
      }
      return number;
    },
    leastCost: (one, other) =>
      productCost(
        one.map((number, at) => {
          const [own, others] = [sums[number] ?? [], sums[other[at] ?? 0] ?? []];
          return own.map((sum, kind) => Math.max(sum, others[kind] ?? 0));
        }),
      ),
    cost: (numbered) => productCost(numbered.map((number) => sums[number] ?? [])),
  };
}

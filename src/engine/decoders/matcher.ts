// Finds where any of a set of witnesses occurs in bytes, in one pass.
// What the hits mean is left to those who ask.
import type { Witness } from "../../model/index.js";
import { classCost } from "./algebra.js";

export interface Hit {
  /** Where the witness begins. */
  readonly offset: number;
  /** Which witness, by its index in the list that the matcher was made of. */
  readonly witness: number;
}

/** Calls back for each occurrence, in order of the pair of bytes that gave it away. */
export type Matcher = (bytes: Uint8Array, found: (offset: number, witness: number) => void) => void;

/**
 * Compiles witnesses. Each is looked for by its rarest two adjacent bytes: one table look-up per
 * byte, and a comparison only where such a pair occurs.
 */
export function createMatcher(witnesses: readonly Witness[]): Matcher {
  const buckets: { readonly witness: number; readonly back: number }[][] = [[]];
  const bucketOf = new Map<string, number>();
  const members: Map<number, string[]> = new Map();
  const compiled = witnesses.map((witness) =>
    witness.map((byteClass) => {
      const allowed = new Uint8Array(256);
      for (const byte of byteClass) allowed[byte] = 1;
      return allowed;
    }),
  );
  const pairs = witnesses.map((witness) => rarestPair(witness));
  for (const [index, witness] of witnesses.entries()) {
    const pair = pairs[index] ?? 0;
    for (const first of witness[pair] ?? []) {
      for (const second of witness[pair + 1] ?? []) {
        const key = (first << 8) | second;
        const list = members.get(key);
        if (list === undefined) members.set(key, [String(index)]);
        else list.push(String(index));
      }
    }
  }
  const table = new Uint16Array(65536);
  for (const [key, list] of members) {
    const name = list.join();
    let bucket = bucketOf.get(name);
    if (bucket === undefined) {
      bucket = buckets.length;
      bucketOf.set(name, bucket);
      buckets.push(
        list.map((member) => ({ witness: Number(member), back: pairs[Number(member)] ?? 0 })),
      );
    }
    table[key] = bucket;
  }
  return (bytes, found) => {
    let previous = bytes[0] ?? 0;
    for (let at = 1; at < bytes.length; at++) {
      const current = bytes[at] ?? 0;
      const bucket = table[(previous << 8) | current] ?? 0;
      previous = current;
      if (bucket === 0) continue;
      for (const { witness, back } of buckets[bucket] ?? []) {
        const start = at - 1 - back;
        const pattern = compiled[witness];
        if (pattern !== undefined && occursAt(bytes, start, pattern)) found(start, witness);
      }
    }
  };
}

function occursAt(bytes: Uint8Array, start: number, pattern: readonly Uint8Array[]): boolean {
  if (start < 0 || start + pattern.length > bytes.length) return false;
  for (let index = 0; index < pattern.length; index++) {
    if (pattern[index]?.[bytes[start + index] ?? 0] !== 1) return false;
  }
  return true;
}

function rarestPair(witness: Witness): number {
  let best = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (let index = 0; index + 1 < witness.length; index++) {
    const [first, second] = [witness[index], witness[index + 1]];
    if (first === undefined || second === undefined) continue;
    const cost = classCost(first) * classCost(second);
    if (cost < lowest) {
      lowest = cost;
      best = index;
    }
  }
  return best;
}

// Finds where any of a set of witnesses occurs in bytes, in one pass.
// What the hits mean is left to those who ask.
import type { ByteClass, Witness } from "../../model/index.js";
import { witnessCost } from "./algebra.js";

/** Calls back for each occurrence, ascending in where a part of the witness lies. */
export type Matcher = (bytes: Uint8Array, found: (offset: number, witness: number) => void) => void;

/** How many sets of witnesses are told apart before one is compared in full: the bits of a word. */
const bucketCount = 32;
/** Adjacent bytes of a witness that are looked up: two pairs, from an even or from an odd place. */
const probeBytes = 5;

/** A witness, made ready to be compared. */
interface Compiled {
  readonly witness: number;
  /** Where in it the pair is by which it may have been found. */
  readonly pair: number;
  readonly classes: readonly Uint8Array[];
}

/**
 * Compiles witnesses. One table says which sets of witnesses a pair of bytes may belong to, a second
 * one which of them the next pair goes on with. Pairs are looked up at even places only, so each
 * witness is in the tables from two adjacent places.
 * @param probes for each witness `rarestProbe`, where somebody knows it already
 */
export function createMatcher(
  witnesses: readonly Witness[],
  probes: readonly number[] = witnesses.map(rarestProbe),
): Matcher {
  const first = new Uint32Array(65_536);
  const second = new Uint32Array(65_536);
  const buckets: Compiled[][] = Array.from({ length: bucketCount }, () => []);
  const perBucket = Math.max(1, Math.ceil(witnesses.length / bucketCount));
  for (const [index, witness] of witnesses.entries()) {
    const probe = probes[index] ?? 0;
    const bucket = Math.floor(index / perBucket);
    const classes = witness.map(tableOfClass);
    for (const pair of [probe, probe + 1]) {
      buckets[bucket]?.push({ witness: index, pair, classes });
      addPairs(first, witness.slice(pair, pair + 2), bucket);
      addPairs(second, witness.slice(pair + 2, pair + 4), bucket);
    }
  }
  return (bytes, found) => {
    const end = bytes.length - 1;
    for (let at = 0; at < end; at += 2) {
      let candidates = first[((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)] ?? 0;
      if (candidates === 0) continue;
      candidates &= second[((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)] ?? 0;
      while (candidates !== 0) {
        const bucket = 31 - Math.clz32(candidates);
        candidates &= ~(1 << bucket);
        compare(bytes, at, buckets[bucket] ?? [], found);
      }
    }
  };
}

function compare(
  bytes: Uint8Array,
  at: number,
  bucket: readonly Compiled[],
  found: (offset: number, witness: number) => void,
): void {
  for (const { witness, pair, classes } of bucket) {
    const start = at - pair;
    if (occursAt(bytes, start, classes)) found(start, witness);
  }
}

function occursAt(bytes: Uint8Array, start: number, classes: readonly Uint8Array[]): boolean {
  if (start < 0 || start + classes.length > bytes.length) return false;
  for (let index = 0; index < classes.length; index++) {
    if (classes[index]?.[bytes[start + index] ?? 0] !== 1) return false;
  }
  return true;
}

const allBytes: readonly number[] = Array.from({ length: 256 }, (_, byte) => byte);

/** Sets a bucket's bit for every pair of bytes that two classes allow; a missing class allows all. */
function addPairs(table: Uint32Array, pair: Witness, bucket: number): void {
  for (const high of pair[0] ?? allBytes) {
    for (const low of pair[1] ?? allBytes) {
      const index = (high << 8) | low;
      table[index] = (table[index] ?? 0) | (1 << bucket);
    }
  }
}

const knownTables = new WeakMap<ReadonlySet<number>, Uint8Array>();

function tableOfClass(byteClass: ReadonlySet<number>): Uint8Array {
  let allowed = knownTables.get(byteClass);
  if (allowed === undefined) {
    allowed = new Uint8Array(256);
    for (const byte of byteClass) allowed[byte] = 1;
    knownTables.set(byteClass, allowed);
  }
  return allowed;
}

/** Where the adjacent bytes begin of which the pairs to be looked up first are rarest. */
export function rarestProbe(witness: Witness): number {
  const costs = witness.map((_, at) => pairCost(witness, at));
  let best = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (let start = 0; start === 0 || start + probeBytes <= witness.length; start++) {
    const cost = (costs[start] ?? 1) + (costs[start + 1] ?? 1);
    if (cost < lowest) {
      best = start;
      lowest = cost;
    }
  }
  return best;
}

/** Letters follow letters far more often than their frequencies tell. */
const wordlike = 4;

function pairCost(witness: Witness, at: number): number {
  const pair = witness.slice(at, at + 2);
  const cost = witnessCost(pair);
  return pair.every(hasLetter) ? cost * wordlike : cost;
}

const withLetter = new WeakMap<ByteClass, boolean>();

function hasLetter(byteClass: ByteClass): boolean {
  let known = withLetter.get(byteClass);
  if (known === undefined) {
    known = [...byteClass].some((byte) => byte >= 0x61 && byte <= 0x7a);
    withLetter.set(byteClass, known);
  }
  return known;
}

// As few witnesses as serve: every witness costs the history reader time on every byte.
// Which witnesses there are is left to witnesses.ts.
import type { ByteClass, Witness } from "../../model/index.js";
import { witnessCost } from "./algebra.js";

/** A class as a set of bits, so that union, equality and inclusion are one operation each. */
type Mask = bigint;

interface Masked {
  readonly masks: readonly Mask[];
  readonly cost: number;
}

/**
 * Leaves out what another witness makes needless, and makes one of two that differ little.
 * @returns witnesses of which one occurs wherever one of the given ones does
 */
export function compact(witnesses: readonly Witness[]): readonly Witness[] {
  const table = maskTable();
  let kept: Masked[] = [];
  for (const witness of witnesses) {
    const masked = table.masked(witness.map((byteClass) => table.maskOf(byteClass)));
    if (kept.some((other) => implies(masked.masks, other.masks))) continue;
    kept = [...kept.filter((other) => !implies(other.masks, masked.masks)), masked];
  }
  return mergeAlike(kept, table).map(({ masks }) => masks.map((mask) => table.classOf(mask)));
}

interface MaskTable {
  readonly maskOf: (byteClass: ByteClass) => Mask;
  readonly classOf: (mask: Mask) => ByteClass;
  readonly masked: (masks: readonly Mask[]) => Masked;
}

function maskTable(): MaskTable {
  const maskOfClass = new Map<ByteClass, Mask>();
  const classOfMask = new Map<Mask, ByteClass>();
  const classOf = (mask: Mask): ByteClass => {
    let byteClass = classOfMask.get(mask);
    if (byteClass === undefined) {
      const bits = mask.toString(2);
      const bytes = bits
        .split("")
        .flatMap((bit, at) => (bit === "1" ? [bits.length - 1 - at] : []));
      byteClass = new Set(bytes);
      classOfMask.set(mask, byteClass);
    }
    return byteClass;
  };
  const maskOf = (byteClass: ByteClass): Mask => {
    let mask = maskOfClass.get(byteClass);
    if (mask === undefined) {
      mask = 0n;
      for (const byte of byteClass) mask |= 1n << BigInt(byte);
      maskOfClass.set(byteClass, mask);
    }
    return mask;
  };
  const masked = (masks: readonly Mask[]): Masked => ({
    masks,
    cost: witnessCost(masks.map((mask) => classOf(mask))),
  });
  return { maskOf, classOf, masked };
}

/** Does every place that a witness hits hold a hit of the other one? */
function implies(one: readonly Mask[], other: readonly Mask[]): boolean {
  for (let start = 0; start + other.length <= one.length; start++) {
    let covered = true;
    for (let index = 0; covered && index < other.length; index++) {
      const [own, wider] = [one[start + index] ?? 0n, other[index] ?? 0n];
      covered = own === wider || (own | wider) === wider;
    }
    if (covered) return true;
  }
  return false;
}

/** How much more often a merged witness may hit by chance than the two that it replaces. */
const tolerance = 1e-7;

/** In how many positions two witnesses may differ to become one. */
const mostDifferences = 4;

interface Merge {
  readonly one: Masked;
  readonly other: Masked;
  readonly both: Masked;
  /** Chance hits added, per byte. */
  readonly price: number;
}

function mergeAlike(witnesses: readonly Masked[], table: MaskTable): readonly Masked[] {
  const kept = new Set(witnesses);
  let merges = witnesses.flatMap((one, index) => mergesOf(one, witnesses.slice(index + 1), table));
  for (;;) {
    let best: Merge | null = null;
    for (const merge of merges) if (best === null || merge.price < best.price) best = merge;
    if (best === null) return [...kept];
    const { one, other, both } = best;
    kept.delete(one);
    kept.delete(other);
    merges = merges.filter((merge) => kept.has(merge.one) && kept.has(merge.other));
    if ([...kept].some((each) => implies(both.masks, each.masks))) continue;
    for (const each of kept) if (implies(each.masks, both.masks)) kept.delete(each);
    merges.push(...mergesOf(both, [...kept], table));
    merges = merges.filter((merge) => merge.one === both || kept.has(merge.one));
    kept.add(both);
  }
}

function mergesOf(one: Masked, others: readonly Masked[], table: MaskTable): Merge[] {
  const merges: Merge[] = [];
  for (const other of others) {
    if (one.masks.length !== other.masks.length) continue;
    let differences = 0;
    for (let at = 0; at < one.masks.length; at++) {
      if (one.masks[at] !== other.masks[at]) differences++;
    }
    if (differences > mostDifferences) continue;
    const both = table.masked(one.masks.map((mask, index) => mask | (other.masks[index] ?? 0n)));
    const price = both.cost - one.cost - other.cost;
    if (price <= tolerance) merges.push({ one, other, both, price });
  }
  return merges;
}

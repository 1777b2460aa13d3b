// As few witnesses as serve: every witness costs the history reader time on every byte.
// Which witnesses there are is left to witnesses.ts.
import type { ByteClass, Witness } from "../../model/index.js";
import { witnessCost } from "./algebra.js";
import { classTable } from "./class-table.js";

const table = classTable();

/** A witness by the numbers of its classes. */
interface Numbered {
  readonly classes: readonly number[];
  readonly cost: number;
}

/**
 * Leaves out what another witness makes needless, and makes one of two that differ little.
 * @returns witnesses of which one occurs wherever one of the given ones does
 */
export function compact(witnesses: readonly Witness[]): readonly Witness[] {
  const distinct = new Map<string, Numbered>();
  for (const witness of witnesses) {
    const classes = witness.map((byteClass) => table.numberOf(byteClass));
    distinct.set(classes.join(), { classes, cost: witnessCost(witness) });
  }
  // The shorter ones first: only they can make longer ones needless.
  const ordered = [...distinct.values()].sort(
    (one, other) => one.classes.length - other.classes.length || other.cost - one.cost,
  );
  const kept: Numbered[] = [];
  for (const one of ordered) {
    if (!kept.some((other) => implies(one, other))) kept.push(one);
  }
  return mergeAlike(kept).map(({ classes }) =>
    classes.map((number): ByteClass => table.classOf(number)),
  );
}

/** Does every place that a witness hits hold a hit of the other one? */
function implies(one: Numbered, other: Numbered): boolean {
  for (let start = 0; start + other.classes.length <= one.classes.length; start++) {
    let covered = true;
    for (let index = 0; covered && index < other.classes.length; index++) {
      const wider = other.classes[index] ?? 0;
      covered = table.union(one.classes[start + index] ?? 0, wider) === wider;
    }
    if (covered) return true;
  }
  return false;
}

/** How much more often a merged witness may hit by chance than the two that it replaces. */
const tolerance = 3e-7;

interface Merge {
  readonly one: Numbered;
  readonly other: Numbered;
  readonly both: Numbered;
  /** Chance hits added, per byte. */
  readonly price: number;
}

function mergeAlike(witnesses: readonly Numbered[]): readonly Numbered[] {
  const kept = new Set(witnesses);
  let merges = witnesses.flatMap((one, index) => mergesOf(one, witnesses.slice(index + 1)));
  for (;;) {
    let best: Merge | null = null;
    for (const merge of merges) if (best === null || merge.price < best.price) best = merge;
    if (best === null) return [...kept];
    const { one, other, both } = best;
    kept.delete(one);
    kept.delete(other);
    if (![...kept].some((each) => implies(both, each))) {
      for (const each of kept) if (implies(each, both)) kept.delete(each);
      merges.push(...mergesOf(both, [...kept]));
      kept.add(both);
    }
    merges = merges.filter((merge) => kept.has(merge.one) && kept.has(merge.other));
  }
}

function mergesOf(one: Numbered, others: readonly Numbered[]): Merge[] {
  const merges: Merge[] = [];
  for (const other of others) {
    if (one.classes.length !== other.classes.length) continue;
    const most = tolerance + one.cost + other.cost;
    if (table.leastCost(one.classes, other.classes) > most) continue;
    const classes = one.classes.map((number, at) => table.union(number, other.classes[at] ?? 0));
    const cost = table.cost(classes);
    if (cost > most) continue;
    merges.push({ one, other, both: { classes, cost }, price: cost - one.cost - other.cost });
  }
  return merges;
}

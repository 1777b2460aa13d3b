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
  /** How many texts the given witnesses have that it stands for. */
  readonly texts: number;
}

/**
 * Leaves out what another witness makes needless, and makes one of two that differ little.
 * @returns witnesses of which one occurs wherever one of the given ones does
 */
export function compact(witnesses: readonly Witness[]): readonly Witness[] {
  const distinct = new Map<string, Numbered>();
  for (const witness of witnesses) {
    const classes = witness.map((byteClass) => table.numberOf(byteClass));
    distinct.set(classes.join(), { classes, cost: witnessCost(witness), texts: textsOf(classes) });
  }
  const needed = withoutNeedless([...distinct.values()]);
  const lengths = new Set(needed.map(({ classes }) => classes.length));
  const merged = [...lengths].map((length) =>
    mergeAlike(needed.filter(({ classes }) => classes.length === length)),
  );
  return withoutNeedless(merged.flat()).map(({ classes }) =>
    classes.map((number): ByteClass => table.classOf(number)),
  );
}

function withoutNeedless(witnesses: readonly Numbered[]): readonly Numbered[] {
  // The shorter ones first: only they can make longer ones needless.
  const ordered = [...witnesses].sort(
    (one, other) => one.classes.length - other.classes.length || other.cost - one.cost,
  );
  const kept: Numbered[] = [];
  for (const one of ordered) {
    if (!kept.some((other) => implies(one, other))) kept.push(one);
  }
  return kept;
}

/** Does every place that a witness hits hold a hit of the other one? */
function implies(one: Numbered, other: Numbered): boolean {
  for (let start = 0; start + other.classes.length <= one.classes.length; start++) {
    let covered = true;
    for (let index = 0; covered && index < other.classes.length; index++) {
      covered = table.isWithin(one.classes[start + index] ?? 0, other.classes[index] ?? 0);
    }
    if (covered) return true;
  }
  return false;
}

/**
 * How much more often a merged witness may hit by chance than the two that it replaces. The kernel's
 * filter takes hundreds of witnesses as fast as tens, if each is sharp; what costs is every document
 * that is looked at in vain. On git's own history (849 000 objects) 3e-7, with the looseness of 3 000,
 * gave 2 417 documents with 582 MB; this gives 753 with 149 MB, as no merging at all does.
 */
const tolerance = 1e-9;

/**
 * How many texts a merged witness may have for each one that the two have together: what is scanned
 * may be full of a kind of text that `witnessCost` does not know.
 */
const loosest = 10;

function looseness(one: Numbered, other: Numbered): number {
  const both = one.classes.reduce(
    (product, number, at) => product * table.unionSize(number, other.classes[at] ?? 0),
    1,
  );
  return both / (one.texts + other.texts);
}

function textsOf(classes: readonly number[]): number {
  return classes.reduce((product, number) => product * table.unionSize(number, number), 1);
}

/** A witness and the one with which it is best merged. */
interface Candidate {
  readonly own: Numbered;
  partner: Candidate | null;
  /** Chance hits that the merged one adds, per byte, at most. */
  price: number;
}

/** Merges witnesses of one length, the cheapest pair first, as long as it costs little. */
function mergeAlike(witnesses: readonly Numbered[]): readonly Numbered[] {
  let candidates: Candidate[] = [];
  for (const own of witnesses) candidates.push(withPartner(own, candidates));
  for (;;) {
    let best: Candidate | null = null;
    for (const one of candidates) {
      if (one.partner !== null && (best === null || one.price < best.price)) best = one;
    }
    const partner = best?.partner ?? null;
    if (best === null || partner === null || best.price > tolerance) break;
    const classes = best.own.classes.map((number, at) =>
      table.union(number, partner.own.classes[at] ?? 0),
    );
    const gone = best;
    candidates = candidates.filter((one) => one !== gone && one !== partner);
    for (const [index, one] of candidates.entries()) {
      if (one.partner !== gone && one.partner !== partner) continue;
      Object.assign(one, withPartner(one.own, candidates.slice(0, index)));
    }
    const texts = gone.own.texts + partner.own.texts;
    const own: Numbered = { classes, cost: table.unionCost(classes, classes), texts };
    candidates.push(withPartner(own, candidates));
  }
  return candidates.map(({ own }) => own);
}

/** The candidate for a witness among those before it. */
function withPartner(own: Numbered, before: readonly Candidate[]): Candidate {
  const found: Candidate = { own, partner: null, price: Number.POSITIVE_INFINITY };
  for (const other of before) {
    const cost = table.unionCost(own.classes, other.own.classes);
    const price = cost - own.cost - other.own.cost;
    if (price < found.price && looseness(own, other.own) <= loosest) {
      found.price = price;
      found.partner = other;
    }
  }
  return found;
}

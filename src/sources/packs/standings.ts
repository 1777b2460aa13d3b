// What is known of objects before they are read: that this run has them from elsewhere in the same
// repository, and counts them once; or that it has read them in another one, where nothing was found.
// Leaving out of a pack what is known is left to delta-forest, remembering it to cache.
import type { CleanRecord } from "../../model/clean-record.js";
import { idsInMemory, marksOfCommon, withList, type SortedIds } from "../../model/sorted-ids.js";
import { standing, type Standings } from "./entry-table.js";
import type { LooseList } from "./loose-objects.js";
import { isIndexSound, readIds, type PackFile } from "./pack-file.js";

/** Ids of the objects that were counted so far. Packs among them must stay open. */
export interface Counted {
  lists: readonly SortedIds[];
}

export interface LookedUp {
  readonly standings: Standings;
  /** Packs of which nothing is left to be read. */
  readonly known: readonly PackFile[];
  /** Objects that an earlier run has read. */
  readonly skipped: number;
  /** Objects that this run has read in another repository, and that count here, too. */
  readonly elsewhere: { readonly objects: number; readonly bytes: number };
  /** Objects that are read and counted. */
  readonly expected: number;
}

/**
 * Looks up the objects of packs, which from now on are counted.
 * @param fresh packs that this run has not seen before
 * @param unread those of them that are to be read
 */
export function lookUp(
  fresh: readonly PackFile[],
  unread: ReadonlySet<PackFile>,
  counted: Counted,
  record: Pick<CleanRecord, "knownElsewhere"> | null,
): LookedUp {
  const standings = new Map<string, Uint8Array>();
  const allKnown: PackFile[] = [];
  let skipped = 0;
  let expected = 0;
  const elsewhere = { objects: 0, bytes: 0 };
  // The largest first: the others, which may be joined in memory, are then the smaller ones.
  for (const file of fresh.toSorted((one, other) => other.objects - one.objects)) {
    const ids = idsOfPack(file);
    const marks = marksOfCommon(ids, counted.lists);
    counted.lists = withList(counted.lists, ids);
    if (!unread.has(file)) {
      skipped += file.objects - countOf(marks, standing.counted);
      continue;
    }
    const known = record?.knownElsewhere?.(ids) ?? null;
    // A damaged index could give what nobody has read a name that is known: then all is read.
    const as = known !== null && isIndexSound(file) ? standing.known : standing.counted;
    if (known?.counts === true) addSizes(elsewhere, known.sizes, marks);
    const both = known === null ? marks : withKnown(marks, known.sizes, as);
    if (both !== null) standings.set(file.path, both);
    if (both?.every((mark) => (mark & standing.known) !== 0) === true) allKnown.push(file);
    expected += both === null ? file.objects : countOf(both, 0);
  }
  return { standings, known: allKnown, skipped, elsewhere, expected };
}

/** Adds up what is known and not counted yet. */
function addSizes(
  sum: { objects: number; bytes: number },
  sizes: Uint32Array,
  counted: Uint8Array | null,
): void {
  for (let place = 0; place < sizes.length; place++) {
    const size = sizes[place] ?? 0;
    if (size === 0 || (counted?.[place] ?? 0) !== 0) continue;
    sum.objects++;
    sum.bytes += size - 1;
  }
}

function withKnown(marks: Uint8Array | null, known: Uint32Array, as: number): Uint8Array {
  const both = marks ?? new Uint8Array(known.length);
  for (let place = 0; place < known.length; place++) {
    if (known[place] !== 0) both[place] = (both[place] ?? 0) | as;
  }
  return both;
}

function countOf(marks: Uint8Array | null, wanted: number): number {
  let count = 0;
  if (marks === null) return count;
  for (let place = 0; place < marks.length; place++) if (marks[place] === wanted) count++;
  return count;
}

/** Marks the loose objects that are counted already, and counts the others from now on. */
export function lookUpLoose(
  { ids, idBytes, ends, counted: marks }: LooseList,
  counted: Counted,
): void {
  let from = 0;
  for (const end of ends) {
    const list = idsInMemory(ids.subarray(from * idBytes, end * idBytes), idBytes);
    const common = marksOfCommon(list, counted.lists);
    if (common !== null) marks.set(common, from);
    counted.lists = withList(counted.lists, list);
    from = end;
  }
}

/** How many ids are not counted otherwise; they are from now on. */
export function newAmong(ids: SortedIds, counted: Counted): number {
  const repeated = countOf(marksOfCommon(ids, counted.lists), 1);
  counted.lists = withList(counted.lists, ids);
  return ids.count - repeated;
}

/** The ids of a pack, read from its index as they are needed. */
function idsOfPack(file: PackFile): SortedIds {
  return {
    count: file.objects,
    idBytes: file.idBytes,
    stride: file.idBytes,
    slice: (from, to) => readIds(file, from, to),
  };
}

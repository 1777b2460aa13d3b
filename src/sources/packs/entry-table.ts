// The entries of some packs as columns in shared memory, in the order in which they lie in the packs.
// Filling in the headers is left to entry-headers, the delta forest to delta-forest.
import { PackError, readId, readOffsets, type PackFile } from "./pack-file.js";

/** A pack's part of the table. */
export interface TablePack {
  readonly file: PackFile;
  /** Its first row; its rows are as many as its objects, and one more that ends the last entry. */
  readonly first: number;
}

/** Plain data on shared memory: can be sent to a worker as it is. */
export interface EntryTable {
  readonly packs: readonly TablePack[];
  readonly rows: number;
  /** Where an entry begins in its pack; the next row's is where it ends. */
  readonly offset: Float64Array;
  /** Its place in the pack's index. */
  readonly place: Uint32Array;
  /** Bytes of its header, up to the compressed ones. */
  readonly header: Uint8Array;
  /** Inflated bytes as the header states them. */
  readonly size: Uint32Array;
  /** Once it was read, its bytes and one; empty when nobody wants to know. */
  readonly expanded: Uint32Array;
  /** The row of its base, or one of `noBase`. */
  readonly base: Int32Array;
  /** Type as in the pack; of deltas, in the end, their base's. */
  readonly type: Uint8Array;
  /** What is known of the object already: bits of `standing`. */
  readonly standing: Uint8Array;
  /** `children[firstChild[row]]` up to `firstChild[row + 1]` are built on it. */
  readonly firstChild: Int32Array;
  readonly children: Int32Array;
}

/** In `base`: a whole object; a delta whose base is named by id; an entry that is not right. */
export const noBase = { whole: -1, named: -2, broken: -3 } as const;

/**
 * - `counted`: this run has it from elsewhere in this repository; it is read, but not counted again.
 * - `known`: it is looked at elsewhere (by this run in another repository, by another part of the scan);
 *   it is read only where others are built on it.
 * - `left`: known, and no object that is to be read is built on it.
 */
export const standing = { counted: 1, known: 2, left: 4 } as const;

/** Types of pack entries (gitformat-pack(5), "Object types"). */
export const entryTypes = { broken: 0, offsetDelta: 6, namedDelta: 7 } as const;
export const objectTypes = { 1: "commit", 2: "tree", 3: "blob", 4: "tag" } as const;

/** By index: bits of `standing` for each place in it; packs of which nothing is known are not there. */
export type Standings = ReadonlyMap<string, Uint8Array>;

/** Lays out a table for packs and fills in where each entry lies. */
export function makeEntryTable(
  files: readonly PackFile[],
  standings: Standings = new Map(),
  keepSizes = false,
): {
  readonly table: EntryTable;
  /** Packs that are not in the table, because their index does not hold together. */
  readonly refused: readonly { readonly file: PackFile; readonly error: PackError }[];
} {
  const refused: { file: PackFile; error: PackError }[] = [];
  const sorted: { file: PackFile; offsets: Float64Array; places: Uint32Array }[] = [];
  for (const file of files) {
    try {
      sorted.push({ file, ...sortedOffsets(file) });
    } catch (error) {
      if (!(error instanceof PackError)) throw error;
      refused.push({ file, error });
    }
  }
  const rows = sorted.reduce((sum, { file }) => sum + file.objects + 1, 0);
  const table = {
    packs: [] as TablePack[],
    rows,
    offset: new Float64Array(new SharedArrayBuffer(rows * 8)),
    place: new Uint32Array(new SharedArrayBuffer(rows * 4)),
    header: new Uint8Array(new SharedArrayBuffer(rows)),
    size: new Uint32Array(new SharedArrayBuffer(rows * 4)),
    expanded: new Uint32Array(new SharedArrayBuffer(keepSizes ? rows * 4 : 0)),
    base: new Int32Array(new SharedArrayBuffer(rows * 4)).fill(noBase.broken),
    type: new Uint8Array(new SharedArrayBuffer(rows)),
    standing: new Uint8Array(new SharedArrayBuffer(rows)),
    firstChild: new Int32Array(new SharedArrayBuffer((rows + 2) * 4)),
    children: new Int32Array(new SharedArrayBuffer(rows * 4)),
  } satisfies EntryTable;
  let first = 0;
  for (const { file, offsets, places } of sorted) {
    table.packs.push({ file, first });
    table.offset.set(offsets, first);
    table.offset[first + file.objects] = file.end;
    table.place.set(places, first);
    const marks = standings.get(file.path);
    if (marks)
      for (const [row, place] of places.entries()) table.standing[first + row] = marks[place] ?? 0;
    first += file.objects + 1;
  }
  return { table, refused };
}

/** The id of the object at a row. */
export function idOf(table: EntryTable, row: number): string {
  return readId(packOf(table, row).file, table.place[row] ?? 0);
}

/** The pack that a row belongs to. */
export function packOf(table: EntryTable, row: number): TablePack {
  let low = 0;
  let high = table.packs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((table.packs[middle]?.first ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  const pack = table.packs[low];
  if (pack === undefined) throw new Error(`no pack holds row ${row}`);
  return pack;
}

/** A pack's offsets in ascending order, and the place in the index of each. */
function sortedOffsets(file: PackFile): { offsets: Float64Array; places: Uint32Array } {
  const unsorted = readOffsets(file);
  const places = orderOf(unsorted);
  const offsets = new Float64Array(unsorted.length);
  let before = 11;
  for (let i = 0; i < offsets.length; i++) {
    const offset = unsorted[places[i] ?? 0] ?? 0;
    if (offset <= before || offset >= file.end) throw new PackError("a broken index");
    offsets[i] = offset;
    before = offset;
  }
  // The entries follow the header of 12 bytes: nothing may lie there that the index does not name.
  if (offsets.length > 0 && offsets[0] !== 12) throw new PackError("an index with gaps");
  return { offsets, places };
}

/** The order that sorts whole numbers below 2 ** 53: a radix sort, eleven bits at a time. */
function orderOf(numbers: Float64Array): Uint32Array {
  const count = numbers.length;
  let order = new Uint32Array(count);
  let next = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  // As two words, because shifts are far cheaper than divisions.
  const words = new Uint32Array(count);
  for (const isHigh of [false, true]) {
    let bits = 0;
    for (let i = 0; i < count; i++) {
      const number = numbers[i] ?? 0;
      const word = isHigh ? Math.floor(number / 2 ** 32) : number >>> 0;
      words[i] = word;
      bits |= word;
    }
    for (let shift = 0; shift < 32 && bits >>> shift > 0; shift += 11) {
      sortByDigit(words, shift, order, next);
      [order, next] = [next, order];
    }
  }
  return order;
}

/** One pass of the radix sort: stable, from one order into the next. */
function sortByDigit(
  words: Uint32Array,
  shift: number,
  order: Uint32Array,
  next: Uint32Array,
): void {
  const starts = new Uint32Array(2049);
  for (let i = 0; i < words.length; i++) {
    const digit = ((words[i] ?? 0) >>> shift) & 2047;
    starts[digit + 1] = (starts[digit + 1] ?? 0) + 1;
  }
  for (let digit = 0; digit < 2048; digit++) {
    starts[digit + 1] = (starts[digit + 1] ?? 0) + (starts[digit] ?? 0);
  }
  for (let i = 0; i < order.length; i++) {
    const index = order[i] ?? 0;
    const digit = ((words[index] ?? 0) >>> shift) & 2047;
    const at = starts[digit] ?? 0;
    starts[digit] = at + 1;
    next[at] = index;
  }
}

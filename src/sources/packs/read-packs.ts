// Takes some packs through their passes (headers, forest, trees) on all threads.
// Which packs there are, and what git must read, are left to fast-history.
import type { Chunk } from "../../model/origin.js";
import { largestObjectBytes, type Kernel } from "../kernel/kernel.js";
import { plantForest, typeName } from "./delta-forest.js";
import {
  idOf,
  makeEntryTable,
  packOf,
  type EntryTable,
  type Standings,
  type TablePack,
} from "./entry-table.js";
import { newCounter, type JobEvent } from "./jobs.js";
import { largeObject, type LargeObject } from "./large-objects.js";
import { isIndexSound, listIds, PackError, type PackFile } from "./pack-file.js";
import type { Threads } from "./threads.js";

export type ReadEvent =
  | JobEvent
  /** A piece of a large object; `stop` says that the others are not wanted. */
  | {
      readonly kind: "piece";
      readonly oid: string;
      readonly index: string | null;
      readonly chunk: Chunk;
      readonly stop: () => void;
    }
  /** A pack whose index does not hold together; those of its objects that are known come as failed. */
  | { readonly kind: "refused"; readonly file: PackFile; readonly error: PackError };

/** Rows of packs that are put into one table, so that threads share small packs evenly. */
const rowsAtATime = 1_000_000;

/** By index: for each place in it, the bytes of the object and one; 0 when it was not expanded. */
export type ObjectSizes = Map<string, Uint32Array>;

function sizesOf({ expanded, place }: EntryTable, { file, first }: TablePack): Uint32Array {
  const sizes = new Uint32Array(file.objects);
  for (let row = first; row < first + file.objects; row++) {
    sizes[place[row] ?? 0] = expanded[row] ?? 0;
  }
  return sizes;
}

/** Puts packs into groups: large ones alone, small ones together. */
export function groupPacks(files: readonly PackFile[]): PackFile[][] {
  const groups: PackFile[][] = [];
  let rows = Number.POSITIVE_INFINITY;
  for (const file of [...files].sort((one, other) => other.objects - one.objects)) {
    if (rows + file.objects > rowsAtATime) {
      groups.push([]);
      rows = 0;
    }
    groups.at(-1)?.push(file);
    rows += file.objects;
  }
  return groups;
}

/**
 * Gives every object of the packs that holds a witness, and every one that could not be read.
 * @param standings what is known of objects already
 * @param sizes is filled
 */
export async function* readPacks(
  files: readonly PackFile[],
  threads: Threads,
  kernel: Kernel,
  {
    standings,
    sizes,
  }: { readonly standings?: Standings; readonly sizes?: ObjectSizes | null } = {},
): AsyncGenerator<ReadEvent> {
  const keepSizes = sizes !== undefined && sizes !== null;
  const { table, refused } = makeEntryTable(files, standings, keepSizes);
  for (const { file, error } of refused) {
    yield { kind: "refused", file, error };
    for (const oid of listIds(file)) yield { kind: "failed", oid, index: null };
  }
  const doubtful = new Set<string>();
  for await (const event of passes(table, threads, kernel)) {
    if (event.kind === "failed" && event.index !== null) doubtful.add(event.index);
    yield event;
  }
  if (keepSizes) for (const pack of table.packs) sizes.set(pack.file.path, sizesOf(table, pack));
  // Whatever failed is named to git by its id: then the ids have to be right, too.
  for (const file of files) {
    if (!doubtful.has(file.path) || isIndexSound(file)) continue;
    yield { kind: "refused", file, error: new PackError(`${file.path}: a damaged index`) };
  }
}

async function* passes(
  table: EntryTable,
  threads: Threads,
  kernel: Kernel,
): AsyncGenerator<ReadEvent> {
  yield* threads.share({ kind: "headers", next: newCounter(), table });
  const { roots, shares, large, unresolved } = plantForest(table);
  for (const row of unresolved) {
    yield { kind: "failed", oid: idOf(table, row), index: packOf(table, row).file.path };
  }
  const forest = { roots, shares };
  yield* threads.share({ kind: "trees", next: newCounter(), table, forest });
  for (const row of large) yield* readLarge(table, row, kernel);
}

async function* readLarge(
  table: EntryTable,
  row: number,
  kernel: Kernel,
): AsyncGenerator<ReadEvent> {
  const size = table.size[row] ?? 0;
  const object: LargeObject = {
    source: { fd: packOf(table, row).file.pack },
    start: (table.offset[row] ?? 0) + (table.header[row] ?? 0),
    end: table.offset[row + 1] ?? 0,
    type: typeName(table, row),
    size: size > largestObjectBytes && size < 0xffffffff ? size : null,
    oid: idOf(table, row),
  };
  const counts = table.standing[row] === 0;
  yield* readLargeObject(object, kernel, packOf(table, row).file.path, counts);
}

/** Streams an object; what cannot be streamed is given as failed. */
export async function* readLargeObject(
  object: LargeObject,
  kernel: Kernel,
  index: string | null,
  counts: boolean,
): AsyncGenerator<ReadEvent> {
  const { oid } = object;
  let wanted = true;
  let bytes = 0;
  const stop = (): void => {
    wanted = false;
  };
  try {
    for await (const item of largeObject(object, kernel)) {
      if (item.kind === "chunk") yield { kind: "piece", oid, index, chunk: item, stop };
      else ({ bytes } = item);
      if (!wanted) break;
    }
  } catch {
    // Whatever it is, git says whether the object can be read.
    yield { kind: "failed", oid, index };
    return;
  }
  yield { kind: "share", objects: counts ? 1 : 0, bytes: counts ? bytes : 0, gone: 0 };
}

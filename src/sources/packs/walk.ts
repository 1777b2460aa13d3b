// Takes delta trees through the kernel: puts their entries in order, reads their compressed bytes
// with as few reads as can be, tells which hold a witness and which could not be expanded.
// Expanding and scanning are left to the kernel, sharing out to threads.
import {
  entriesAtATime,
  entryFlags,
  entryWords,
  inputBytes,
  outcomes,
  slackBytes,
  wordsPerEntry,
  type Kernel,
} from "../kernel/kernel.js";
import type { EntryTable, TablePack } from "./entry-table.js";
import { readInto } from "./pack-file.js";

export type WalkEvent =
  /** `bytes` is valid until the next event is asked for. */
  | { readonly kind: "flagged"; readonly row: number; readonly bytes: Uint8Array }
  | { readonly kind: "failed"; readonly row: number };

/** Compressed bytes that go into one part; the rest of the input's room is for gaps. */
const partBytes = inputBytes / 2;
/** Bytes between two entries that are rather read than skipped. */
const gapBytes = 1024;
/** The number of trees among the types of entries. */
const treeType = 2;
/** A level that the kernel does not have: what is there cannot be a base. */
const noLevel = 64;

/** Entries of one part of a walk, in the order in which they are expanded. */
export interface Part {
  readonly rows: Int32Array;
  readonly keys: Float64Array;
  count: number;
  bytes: number;
}

/** Room for a part; one serves any number of walks, one after another. */
export function emptyPart(): Part {
  return {
    rows: new Int32Array(entriesAtATime),
    keys: new Float64Array(entriesAtATime),
    count: 0,
    bytes: 0,
  };
}

/** Expands the trees of some roots of one pack. */
export function* walkTrees(
  table: EntryTable,
  pack: TablePack,
  roots: Int32Array,
  kernel: Kernel,
  part: Part,
): Generator<WalkEvent> {
  const { offset, header, size, type, standing, firstChild, children } = table;
  part.count = 0;
  part.bytes = 0;
  // What is still to come: a row, then its level and flags.
  const waiting: number[] = [];
  for (const root of roots) {
    waiting.push(root, 0, 0);
    const isTree = type[root] === treeType ? entryFlags.tree : 0;
    while (waiting.length > 0) {
      const flags = waiting.pop() ?? 0;
      const level = waiting.pop() ?? 0;
      const row = waiting.pop() ?? 0;
      const length = (offset[row + 1] ?? 0) - (offset[row] ?? 0) - (header[row] ?? 0);
      const from = firstChild[row] ?? 0;
      const to = firstChild[row + 1] ?? 0;
      const large = length > partBytes;
      if (large || part.count === entriesAtATime || part.bytes + length > partBytes) {
        yield* runPart(table, pack, part, kernel);
      }
      const words = kernel.words();
      const at = kernel.entries / 4 + part.count * wordsPerEntry;
      words[at + entryWords.length] = length;
      words[at + entryWords.size] = size[row] ?? 0;
      words[at + entryWords.level] = level;
      words[at + entryWords.flags] =
        flags |
        isTree |
        (to > from ? entryFlags.base : 0) |
        (standing[row] === 0 ? 0 : entryFlags.counted);
      part.rows[part.count] = row;
      part.keys[part.count] = row * entriesAtATime + part.count;
      part.count++;
      part.bytes += length;
      if (large) {
        const baseLevel =
          (flags & entryFlags.delta) === 0 ? noLevel : flags & entryFlags.last ? level : level - 1;
        yield* runLarge(table, pack, part, kernel, baseLevel);
      }
      for (let i = to - 1; i >= from; i--) {
        const last = i === to - 1;
        waiting.push(
          children[i] ?? 0,
          last ? level : level + 1,
          entryFlags.delta | (last ? entryFlags.last : 0),
        );
      }
    }
  }
  yield* runPart(table, pack, part, kernel);
}

/** Reads the part's entries in the order in which they lie in the pack, neighbours together. */
function* runPart(
  table: EntryTable,
  pack: TablePack,
  part: Part,
  kernel: Kernel,
): Generator<WalkEvent> {
  const { offset, header } = table;
  const words = kernel.words();
  const bytes = kernel.bytes();
  const keys = part.keys.subarray(0, part.count).sort();
  const inputEnd = kernel.input + inputBytes;
  let address = kernel.input;
  let bytesLeft = part.bytes;
  let next = 0;
  while (next < part.count) {
    const runStart = startOf(offset, header, keys[next]);
    let runEnd = runStart;
    const first = next;
    while (next < part.count) {
      const row = Math.floor((keys[next] ?? 0) / entriesAtATime);
      const start = startOf(offset, header, keys[next]);
      const gap = start - runEnd;
      if (gap > gapBytes || address + (runEnd - runStart) + gap + bytesLeft > inputEnd) break;
      runEnd = offset[row + 1] ?? 0;
      bytesLeft -= runEnd - start;
      next++;
    }
    const got = readInto(pack.file.pack, bytes, address, runEnd - runStart, runStart);
    for (let i = first; i < next; i++) {
      const key = keys[i] ?? 0;
      const entry = kernel.entries / 4 + (key % entriesAtATime) * wordsPerEntry;
      const start = startOf(offset, header, key) - runStart;
      words[entry + entryWords.input] = address + start;
      // A pack that was cut while it is read: what is missing must not be read from older bytes.
      if (start + (words[entry + entryWords.length] ?? 0) > got) {
        words[entry + entryWords.length] = 0;
      }
    }
    address += runEnd - runStart;
  }
  yield* expand(table, part, kernel);
}

function startOf(offset: Float64Array, header: Uint8Array, key: number | undefined): number {
  const row = Math.floor((key ?? 0) / entriesAtATime);
  return (offset[row] ?? 0) + (header[row] ?? 0);
}

/** An entry that is too large for the input's room goes above everything that must stay. */
function* runLarge(
  table: EntryTable,
  pack: TablePack,
  part: Part,
  kernel: Kernel,
  baseLevel: number,
): Generator<WalkEvent> {
  const row = part.rows[0] ?? 0;
  const length = part.bytes;
  const address = kernel.exports.stackTop(baseLevel) + (table.size[row] ?? 0) + 2 * slackBytes;
  const reserved = kernel.exports.reserve(address + length) !== 0;
  const words = kernel.words();
  const entry = kernel.entries / 4;
  const start = (table.offset[row] ?? 0) + (table.header[row] ?? 0);
  const whole =
    reserved && readInto(pack.file.pack, kernel.bytes(), address, length, start) === length;
  words[entry + entryWords.input] = whole ? address : kernel.input;
  words[entry + entryWords.length] = whole ? length : 0;
  yield* expand(table, part, kernel);
}

/** Lets the kernel go through the part, stopping at each object with a witness. */
function* expand(table: EntryTable, part: Part, kernel: Kernel): Generator<WalkEvent> {
  const { exports } = kernel;
  const { count, rows } = part;
  const failuresBefore = exports.failures();
  for (let next = 0; next < count; next++) {
    next = exports.walk(kernel.entries, next, count);
    if (next === count) break;
    const address = exports.contentAddress();
    const bytes = kernel.bytes().subarray(address, address + exports.contentLength());
    yield { kind: "flagged", row: rows[next] ?? 0, bytes };
  }
  if (table.expanded.length > 0) noteSizes(table, part, kernel);
  if (exports.failures() !== failuresBefore) {
    const words = kernel.words();
    for (let i = 0; i < count; i++) {
      const outcome = words[kernel.entries / 4 + i * wordsPerEntry + entryWords.outcome] ?? 0;
      if (outcome >= outcomes.broken) yield { kind: "failed", row: rows[i] ?? 0 };
    }
  }
  part.count = 0;
  part.bytes = 0;
}

/** Keeps how large the objects are, for runs that read others like them. */
function noteSizes({ expanded }: EntryTable, { count, rows }: Part, kernel: Kernel): void {
  const words = kernel.words();
  for (let i = 0; i < count; i++) {
    const entry = kernel.entries / 4 + i * wordsPerEntry;
    if ((words[entry + entryWords.outcome] ?? 0) >= outcomes.broken) continue;
    expanded[rows[i] ?? 0] = (words[entry + entryWords.size] ?? 0) + 1;
  }
}

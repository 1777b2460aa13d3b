// Expands delta trees in the order the host gives and scans each object once: a base in full, a
// delta on a clean base by its sketch, a delta on a base with a witness in full.
// Which entries there are, and reading them from disk, is left to the host (packs/).
import { applyDelta, baseBytes, readDelta, resultBytes, sketch, Sketched } from "./delta";
import { Inflated, inflatedBytes } from "./inflate";
import { ensure, fence, placeAfter } from "./memory";
import { namesHaveWitness } from "./tree";
import { hasWitness } from "./witness";
import { inflate } from "./zlib";

/** One entry of a pack, as the host describes it: six 32-bit words. */
export const ENTRY_BYTES: usize = 24;
// 0 address of the compressed bytes, 4 how many; 8 inflated size as the pack states it,
// afterwards that of the object;
// 12 level on the stack; 16 what it is; 20 what came of it.
const IS_DELTA: u32 = 1;
/** Others are built on it. */
const IS_BASE: u32 = 2;
/** The last that is built on its base: it takes over its base's level. */
const IS_LAST: u32 = 4;
const IS_TREE: u32 = 8;
/** Counted elsewhere: it is expanded and scanned, but not counted. */
const IS_COUNTED: u32 = 16;

const enum Outcome {
  Clean = 0,
  /** Holds a witness. */
  Flagged = 1,
  /** Could not be inflated or applied, or its base could not. */
  Broken = 2,
  /** Larger than the budget. */
  TooLarge = 3,
}

/**
 * Levels of the stack. The child with the largest subtree comes last and takes over its base's
 * level, so a level more means at most half the subtree: 64 are enough for any pack.
 */
const LEVELS: u32 = 64;
// 0 where the level begins, 4 where its content is, 8 content's length, 12 its outcome.
const levels: usize = memory.data(64 * 16, 64);

/** Where delta streams are inflated, if they fit. */
const DELTA_BYTES: usize = 262144;
const deltaBuffer: usize = memory.data(262144 + 512, 64) + 64;

/** Where contents lie; the host's input comes before. */
let stack: usize = 0;
/**
 * Content that would end further up than this is moved down over its base's, when that is no longer
 * needed: chains of any length then take the room of a few objects.
 */
const MOVE_ABOVE: usize = 8 << 20;
/** No object may be larger, and no content lie higher. */
let mostBytes: u64 = 0;
let highest: u64 = 0;

let contentAt: usize = 0;
let contentBytes: usize = 0;
/** Bytes of all objects since the host last asked, expanded. */
let expandedBytes: f64 = 0;

/** Entries so far that were to be counted, and those of all that could not be expanded. */
let seen: u32 = 0;
let failed: u32 = 0;

export function objects(): u32 {
  return seen;
}

export function failures(): u32 {
  return failed;
}

export function takeExpandedBytes(): f64 {
  const bytes = expandedBytes;
  expandedBytes = 0;
  return bytes;
}

export function contentAddress(): usize {
  return contentAt;
}

export function contentLength(): usize {
  return contentBytes;
}

export function useStack(at: usize, objectLimit: u32, heightLimit: u32): void {
  stack = placeAfter(at);
  mostBytes = objectLimit;
  highest = stack + heightLimit;
}

/**
 * The end of what must stay when a child of `level` comes next (of none: pass 64). Above it, and above
 * the room for the child, the host may put the child's compressed bytes, if they are many.
 */
export function stackTop(level: u32): usize {
  if (level >= LEVELS) return stack;
  const slot = levels + ((<usize>level) << 4);
  return placeAfter(<usize>load<u32>(slot, 4) + <usize>load<u32>(slot, 8));
}

/**
 * Goes through entries until one holds a witness.
 * @returns the index of that entry, its content at `contentAddress`; or `to`
 */
export function walk(entries: usize, from: u32, to: u32): u32 {
  for (let i = from; i < to; i++) {
    const entry = entries + (<usize>i) * ENTRY_BYTES;
    const level = load<u32>(entry, 12);
    const bytesBefore = expandedBytes;
    let outcome: Outcome;
    if (level >= LEVELS) outcome = Outcome.TooLarge;
    else if ((load<u32>(entry, 16) & IS_DELTA) != 0) outcome = deltaEntry(entry, level);
    else outcome = wholeEntry(entry);
    store<u32>(entry, outcome, 20);
    if (level < LEVELS) store<u32>(levels + ((<usize>level) << 4), outcome, 12);
    store<u32>(entry, <u32>(expandedBytes - bytesBefore), 8);
    if ((load<u32>(entry, 16) & IS_COUNTED) == 0) seen++;
    else expandedBytes = bytesBefore;
    if (outcome >= Outcome.Broken) failed++;
    // What is built on a tree is scanned in full if any byte of the tree is a witness's; the tree
    // itself is worth looking at only for its names.
    if (
      outcome == Outcome.Flagged &&
      ((load<u32>(entry, 16) & IS_TREE) == 0 ||
        namesHaveWitness(contentAt, contentAt + contentBytes))
    ) {
      return i;
    }
  }
  return to;
}

function wholeEntry(entry: usize): Outcome {
  const size = load<u32>(entry, 8);
  store<u32>(levels, <u32>stack);
  store<u32>(levels, <u32>stack, 4);
  store<u32>(levels, size, 8);
  if (size > mostBytes || !ensure(<u64>stack + size)) {
    store<u32>(levels, 0, 8);
    return Outcome.TooLarge;
  }
  const inflated = inflate(load<u32>(entry), load<u32>(entry, 4), stack, size);
  if (inflated != Inflated.Whole || inflatedBytes != size) return Outcome.Broken;
  expandedBytes += size;
  return scanned(stack, size);
}

function deltaEntry(entry: usize, level: u32): Outcome {
  const flags = load<u32>(entry, 16);
  const size = load<u32>(entry, 8);
  const slot = levels + ((<usize>level) << 4);
  const baseSlot = (flags & IS_LAST) != 0 ? slot : slot - 16;
  if (baseSlot < levels) return Outcome.Broken;
  const baseOutcome = <Outcome>load<u32>(baseSlot, 12);
  if (baseOutcome >= Outcome.Broken) return baseOutcome;
  const base: usize = load<u32>(baseSlot, 4);
  const baseLength: usize = load<u32>(baseSlot, 8);

  let place = placeAfter(base + baseLength);
  const begin: usize = (flags & IS_LAST) != 0 ? <usize>load<u32>(slot) : place;
  let delta = deltaBuffer;
  if (size > <u32>DELTA_BYTES) {
    if (size > mostBytes || <u64>place + size > highest || !ensure(<u64>place + size)) {
      return Outcome.TooLarge;
    }
    delta = place;
    place = placeAfter(place + size);
  }
  const inflated = inflate(load<u32>(entry), load<u32>(entry, 4), delta, size);
  if (inflated != Inflated.Whole || inflatedBytes != size) return Outcome.Broken;
  const end = delta + size;
  if (!readDelta(delta, end) || baseBytes != baseLength) return Outcome.Broken;

  let scan = baseOutcome == Outcome.Flagged;
  if (!scan) {
    const sketched = sketch(end, base, baseLength);
    if (sketched == Sketched.Broken) return Outcome.Broken;
    scan = sketched == Sketched.Witness;
    if (!scan && (flags & IS_BASE) == 0) {
      expandedBytes += <f64>resultBytes;
      return Outcome.Clean;
    }
  }
  if (resultBytes > mostBytes || <u64>place + resultBytes > highest) return Outcome.TooLarge;
  const length = <usize>resultBytes;
  if (!ensure(<u64>place + length)) return Outcome.TooLarge;
  if (!applyDelta(end, base, baseLength, place)) return Outcome.Broken;
  expandedBytes += <f64>length;
  if ((flags & IS_LAST) != 0 && place + length > stack + MOVE_ABOVE) {
    // The base has no more children: its place is free.
    memory.copy(begin, place, length);
    place = begin;
  }
  store<u32>(slot, <u32>begin);
  store<u32>(slot, <u32>place, 4);
  store<u32>(slot, <u32>length, 8);
  return scan ? scanned(place, length) : Outcome.Clean;
}

// @ts-ignore: decorator
@inline
function scanned(at: usize, length: usize): Outcome {
  fence(at, at + length);
  if (!hasWitness(at, at + length)) return Outcome.Clean;
  contentAt = at;
  contentBytes = length;
  return Outcome.Flagged;
}

// Tells whether any witness occurs in a run of bytes, in two steps: a table of the threes of bytes
// that a witness begins with somewhere, asked at every second byte; an exact check of what passes.
// Which three bytes of a witness are looked for, and all tables, are left to the host.
// Nibble tables as Hyperscan's Teddy has them were slower: with hundreds of witnesses each of their
// groups lets so much pass that every third block of 16 bytes was a branch taken wrongly.

/** 2 ** 20 bits, and a word more, because a word may be read at the last byte. */
export const windowBits: usize = memory.data(131072 + 32, 64);
/**
 * Of half a million numbers one by which the frequent threes of bytes of two histories (C and shell,
 * Go) share few places with windows.
 */
const HASH_FACTOR: u32 = 0xa6088b1d;

/**
 * A set of up to 64 witnesses takes a row of 256 numbers for each distance from the window's first
 * byte: -9 to 11, because a witness has at most 12 bytes and the window three.
 */
const ROWS_BEFORE: isize = 9;
const LAST_ROW: isize = 11;
const ROW_BYTES: isize = 256 * 8;
const SET_BYTES: isize = (ROWS_BEFORE + 1 + LAST_ROW) * ROW_BYTES;

/** For each set, row and byte value: a bit for each witness that does not forbid it there. */
let rows: usize = 0;
let sets: u32 = 0;

/** Tells how many sets there are, and where the host has put their rows. */
export function useWitnessRows(at: usize, count: u32): void {
  rows = at;
  sets = count;
}

/**
 * @param start the first byte; at least 16 fenced bytes lie before it
 * @param end past the last byte; fenced
 * @returns whether a witness occurs that lies wholly in `[start, end)`
 */
export function hasWitness(start: usize, end: usize): bool {
  return firstWitness(start, end) != 0;
}

/**
 * The same, from a place between the fences on.
 * @returns where the first 16 bytes begin in which the windows of one do, or 0
 */
export function firstWitness(from: usize, end: usize): usize {
  for (let at = from; at < end; at += 16) {
    if (((fourPass(at) | fourPass(at + 8)) & 1) == 0) continue;
    for (let place = at; place < at + 16; place += 2) {
      if ((passes(load<u32>(place) << 8) & 1) == 0) continue;
      // Two windows of each witness are in the table, one a byte after the other, so that one of
      // them stands where the table is asked.
      if (isWitness(place) || isWitness(place - 1)) return at;
    }
  }
  return 0;
}

/** Whether one of the windows at 0, 2, 4 and 6 may be a witness's: the lowest bit. */
// @ts-ignore: decorator
@inline
function fourPass(at: usize): u32 {
  const bytes = load<u64>(at);
  return (
    passes(<u32>bytes << 8) |
    passes(<u32>(bytes >> 8) & 0xffffff00) |
    passes(<u32>(bytes >> 24) & 0xffffff00) |
    passes(load<u32>(at, 6) << 8)
  );
}

/** @param three bytes, above a byte of zeros */
// @ts-ignore: decorator
@inline
function passes(three: u32): u32 {
  const hash = three * HASH_FACTOR;
  // A shift looks at the lowest five bits only.
  return load<u32>(windowBits + <usize>(hash >> 16)) >> (hash >> 11);
}

/** Whether a witness stands where its first window begins at `window`. */
function isWitness(window: usize): bool {
  let set = rows + ROWS_BEFORE * ROW_BYTES;
  for (let i: u32 = 0; i < sets; i++) {
    let left: u64 = allowed(set, window, 0) & allowed(set, window, 1) & allowed(set, window, 2);
    for (let row: isize = 3; left != 0 && row <= LAST_ROW; row++) {
      left &= allowed(set, window, row);
    }
    for (let row: isize = -1; left != 0 && row >= -ROWS_BEFORE; row--) {
      left &= allowed(set, window, row);
    }
    if (left != 0) return true;
    set += SET_BYTES;
  }
  return false;
}

// @ts-ignore: decorator
@inline
function allowed(set: usize, window: usize, row: isize): u64 {
  const value: usize = load<u8>(window + row);
  return load<u64>(set + row * ROW_BYTES + (value << 3));
}

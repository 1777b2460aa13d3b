// Tells whether any witness occurs in a run of bytes: a filter on three neighbouring bytes, 16
// places at a time (as Hyperscan's Teddy does), then an exact check of what passes it.
// Which three bytes of a witness the filter looks for, and all tables, are left to the host.

/** Six tables of 16 bytes: for each of three places, groups allowed by the low and the high nibble. */
export const nibbleTables: usize = memory.data(96, 64);

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
  const nibble = i8x16.splat(15);
  const low0 = v128.load(nibbleTables);
  const high0 = v128.load(nibbleTables, 16);
  const low1 = v128.load(nibbleTables, 32);
  const high1 = v128.load(nibbleTables, 48);
  const low2 = v128.load(nibbleTables, 64);
  const high2 = v128.load(nibbleTables, 80);
  let before0 = i8x16.splat(0);
  let before1 = before0;
  for (let at = start; at < end; at += 32) {
    const block = v128.load(at);
    const low = v128.and(block, nibble);
    const high = v128.and(i16x8.shr_u(block, 4), nibble);
    const first = v128.and(i8x16.swizzle(low0, low), i8x16.swizzle(high0, high));
    const second = v128.and(i8x16.swizzle(low1, low), i8x16.swizzle(high1, high));
    const third = v128.and(i8x16.swizzle(low2, low), i8x16.swizzle(high2, high));
    const nextBlock = v128.load(at, 16);
    const nextLow = v128.and(nextBlock, nibble);
    const nextHigh = v128.and(i16x8.shr_u(nextBlock, 4), nibble);
    const nextFirst = v128.and(i8x16.swizzle(low0, nextLow), i8x16.swizzle(high0, nextHigh));
    const nextSecond = v128.and(i8x16.swizzle(low1, nextLow), i8x16.swizzle(high1, nextHigh));
    const nextThird = v128.and(i8x16.swizzle(low2, nextLow), i8x16.swizzle(high2, nextHigh));
    const passed = v128.and(v128.and(shiftedBy2(before0, first), shiftedBy1(before1, second)), third);
    const nextPassed = v128.and(
      v128.and(shiftedBy2(first, nextFirst), shiftedBy1(second, nextSecond)),
      nextThird,
    );
    before0 = nextFirst;
    before1 = nextSecond;
    if (v128.any_true(v128.or(passed, nextPassed))) {
      const none = i8x16.splat(0);
      let places =
        (<u32>i8x16.bitmask(i8x16.ne(passed, none))) |
        ((<u32>i8x16.bitmask(i8x16.ne(nextPassed, none))) << 16);
      do {
        if (isWitness(at + <usize>ctz(places) - 2)) return true;
        places &= places - 1;
      } while (places != 0);
    }
  }
  return false;
}

/** The 16 bytes that begin two bytes before `block`. */
// @ts-ignore: decorator
@inline
function shiftedBy2(before: v128, block: v128): v128 {
  return i8x16.shuffle(before, block, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
}

// @ts-ignore: decorator
@inline
function shiftedBy1(before: v128, block: v128): v128 {
  return i8x16.shuffle(before, block, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
}

/** Whether a witness stands where its window begins at `window`. */
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

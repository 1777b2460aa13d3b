// Tells whether any witness occurs in a run of bytes, in three steps, each for what passed the one
// before: a filter on three neighbouring bytes, 16 places at a time (as Hyperscan's Teddy does); a
// table of all the threes of bytes that the filter should let pass; an exact check.
// Which three bytes of a witness are looked for, and all tables, are left to the host.

/**
 * Twelve tables of 16 bytes: for eight groups and then eight more, for each of three places, the
 * groups allowed by the low and by the high nibble.
 */
export const nibbleTables: usize = memory.data(192, 64);

/** A bit for each hash of three bytes. */
export const windowBits: usize = memory.data(32768, 64);
const HASH_SHIFT: u32 = 32 - 18;
const HASH_FACTOR: u32 = 0x9e3779b1;

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
  const none = i8x16.splat(0);
  let before0 = none;
  let before1 = none;
  let moreBefore0 = none;
  let moreBefore1 = none;
  for (let at = start; at < end; at += 16) {
    const block = v128.load(at);
    const low = v128.and(block, nibble);
    const high = v128.and(i16x8.shr_u(block, 4), nibble);
    const first = groups(0, low, high);
    const second = groups(32, low, high);
    const third = groups(64, low, high);
    const moreFirst = groups(96, low, high);
    const moreSecond = groups(128, low, high);
    const moreThird = groups(160, low, high);
    const passed = v128.or(
      v128.and(v128.and(shiftedBy2(before0, first), shiftedBy1(before1, second)), third),
      v128.and(
        v128.and(shiftedBy2(moreBefore0, moreFirst), shiftedBy1(moreBefore1, moreSecond)),
        moreThird,
      ),
    );
    before0 = first;
    before1 = second;
    moreBefore0 = moreFirst;
    moreBefore1 = moreSecond;
    if (v128.any_true(passed)) {
      let places = <u32>i8x16.bitmask(i8x16.ne(passed, none));
      do {
        const window = at + <usize>ctz(places) - 2;
        const hash = ((load<u32>(window) << 8) * HASH_FACTOR) >> HASH_SHIFT;
        const bits: u32 = load<u8>(windowBits + <usize>(hash >> 3));
        if (((bits >> (hash & 7)) & 1) != 0 && isWitness(window)) return true;
        places &= places - 1;
      } while (places != 0);
    }
  }
  return false;
}

/** The groups that a place of the window allows for each byte. */
// @ts-ignore: decorator
@inline
function groups(table: usize, low: v128, high: v128): v128 {
  return v128.and(
    i8x16.swizzle(v128.load(nibbleTables + table), low),
    i8x16.swizzle(v128.load(nibbleTables + table + 16), high),
  );
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

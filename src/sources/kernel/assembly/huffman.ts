// Decoding tables for the Huffman codes of DEFLATE (RFC 1951, section 3.2), two levels each, laid
// out as libdeflate does: one lookup gives a symbol's value, its extra bits and its length.
// Reading the bit stream is left to inflate.ts.

/** Index bits of the first level: most codes are shorter. */
export const LITERAL_BITS: u32 = 10;
export const DISTANCE_BITS: u32 = 8;
export const PRECODE_BITS: u32 = 7;

// An entry: the value in the upper half, flags, then a length in bits 8-11 and another in 0-7.
//   literal        value = the byte;            bits 0-7: code length
//   length, distance  value = base;             bits 8-11: code length, 0-7: with the extra bits
//   second level   value = index of its table;  bits 8-11: its index bits
export const SECOND_LEVEL: u32 = 1 << 12;
export const END_OF_BLOCK: u32 = 1 << 13;
export const INVALID: u32 = 1 << 14;
export const LITERAL: u32 = 1 << 15;
export const EXCEPTIONAL: u32 = SECOND_LEVEL | END_OF_BLOCK | INVALID;

/** Entries in a table, both levels. Enough for any code (zlib's `enough`: 1 334 for 10 bits). */
const TABLE_ENTRIES: u32 = 2048;

export const literalTable: usize = memory.data(8192, 64);
export const distanceTable: usize = memory.data(8192, 64);
export const precodeTable: usize = memory.data(512, 64);
export const fixedLiteralTable: usize = memory.data(8192, 64);
export const fixedDistanceTable: usize = memory.data(8192, 64);
/** Code lengths as they are read, of the precode and of both codes after one another. */
export const precodeLengths: usize = memory.data(32, 16);
export const codeLengths: usize = memory.data(512, 16);
/** The order in which code lengths of the precode come (RFC 1951, 3.2.7). */
export const precodeOrder: usize = memory.data<u8>([
  16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
]);

/** What each symbol stands for, as an entry without its code length. */
export const literalSymbols: usize = memory.data(288 * 4, 16);
export const distanceSymbols: usize = memory.data(32 * 4, 16);
export const precodeSymbols: usize = memory.data(19 * 4, 16);

const countOfLength: usize = memory.data(64, 16);
const nextOfLength: usize = memory.data(64, 16);
const sortedSymbols: usize = memory.data(320 * 2, 16);

let ready = false;

/** Fills the tables that never change; cheap when called again. */
export function prepareTables(): void {
  if (ready) return;
  ready = true;
  for (let i: u32 = 0; i < 256; i++) put(literalSymbols, i, (i << 16) | LITERAL);
  put(literalSymbols, 256, END_OF_BLOCK);
  let base: u32 = 3;
  for (let i: u32 = 0; i < 28; i++) {
    const extra: u32 = i < 8 ? 0 : (i >> 2) - 1;
    put(literalSymbols, 257 + i, (base << 16) | extra);
    base += 1 << extra;
  }
  put(literalSymbols, 285, 258 << 16);
  put(literalSymbols, 286, INVALID);
  put(literalSymbols, 287, INVALID);
  base = 1;
  for (let i: u32 = 0; i < 30; i++) {
    const extra: u32 = i < 4 ? 0 : (i >> 1) - 1;
    put(distanceSymbols, i, (base << 16) | extra);
    base += 1 << extra;
  }
  put(distanceSymbols, 30, INVALID);
  put(distanceSymbols, 31, INVALID);
  for (let i: u32 = 0; i < 19; i++) put(precodeSymbols, i, i << 16);
  for (let i: u32 = 0; i < 288; i++) {
    store<u8>(codeLengths + i, i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8);
  }
  buildTable(fixedLiteralTable, codeLengths, 288, LITERAL_BITS, literalSymbols);
  for (let i: u32 = 0; i < 32; i++) store<u8>(codeLengths + i, 5);
  buildTable(fixedDistanceTable, codeLengths, 32, DISTANCE_BITS, distanceSymbols);
}

// @ts-ignore: decorator
@inline
function put(table: usize, index: u32, entry: u32): void {
  store<u32>(table + ((<usize>index) << 2), entry);
}

// @ts-ignore: decorator
@inline
function get(table: usize, index: u32): u32 {
  return load<u32>(table + ((<usize>index) << 2));
}

/**
 * Builds a table from code lengths (0 to 15 each).
 * @returns false when the lengths describe more codes than there is room for, or too few. As zlib
 *   does, a code with a single symbol of one bit is let pass, and its other half is invalid.
 */
export function buildTable(
  table: usize,
  lengths: usize,
  symbols: u32,
  tableBits: u32,
  meanings: usize,
): bool {
  const none = i8x16.splat(0);
  v128.store(countOfLength, none);
  v128.store(countOfLength, none, 16);
  v128.store(countOfLength, none, 32);
  v128.store(countOfLength, none, 48);
  for (let i: u32 = 0; i < symbols; i++) {
    const count = countOfLength + ((<usize>load<u8>(lengths + i)) << 2);
    store<u32>(count, load<u32>(count) + 1);
  }
  // Symbols without a code sort first, so that sorting needs no branch.
  let unused: i32 = 1;
  let sorted = get(countOfLength, 0);
  const coded = symbols - sorted;
  let longest: u32 = 0;
  put(nextOfLength, 0, 0);
  for (let length: u32 = 1; length <= 15; length++) {
    const count = get(countOfLength, length);
    unused = (unused << 1) - <i32>count;
    if (unused < 0) return false;
    put(nextOfLength, length, sorted);
    sorted += count;
    if (count != 0) longest = length;
  }
  for (let i: u32 = 0; i < symbols; i++) {
    const next = nextOfLength + ((<usize>load<u8>(lengths + i)) << 2);
    const rank = load<u32>(next);
    store<u32>(next, rank + 1);
    store<u16>(sortedSymbols + ((<usize>rank) << 1), <u16>i);
  }
  let symbol = sortedSymbols + ((<usize>(symbols - coded)) << 1);
  const firstLevel: u32 = 1 << tableBits;
  if (unused > 0) {
    if (longest > 1) return false;
    for (let i: u32 = 0; i < firstLevel; i++) put(table, i, INVALID | 1);
    if (coded == 1) {
      const entry = entryOf(meanings, symbol, 1);
      for (let i: u32 = 0; i < firstLevel; i += 2) put(table, i, entry);
    }
    return true;
  }
  // Codes in ascending order, kept bit-reversed: that is how the stream's bits index the table. The
  // table is filled for codes as long as `length` and doubled whenever that grows.
  let code: u32 = 0;
  let length: u32 = 1;
  let ofLength: u32 = get(countOfLength, 1);
  while (ofLength == 0) ofLength = get(countOfLength, ++length);
  let filled: u32 = 1 << length;
  while (length <= tableBits) {
    do {
      put(table, code, entryOf(meanings, symbol, length));
      symbol += 2;
      if (code == filled - 1) {
        for (; length < tableBits; length++) {
          double(table, filled);
          filled <<= 1;
        }
        return true;
      }
      code = nextCode(code, filled - 1);
    } while (--ofLength != 0);
    do {
      if (++length <= tableBits) {
        double(table, filled);
        filled <<= 1;
      }
      ofLength = get(countOfLength, length);
    } while (ofLength == 0);
  }
  let secondEnd = firstLevel;
  let secondBase: u32 = 0;
  let prefix: u32 = u32.MAX_VALUE;
  while (true) {
    if ((code & (firstLevel - 1)) != prefix) {
      prefix = code & (firstLevel - 1);
      let secondBits = length - tableBits;
      let used = ofLength;
      while (used < <u32>1 << secondBits) {
        secondBits++;
        used = (used << 1) + get(countOfLength, tableBits + secondBits);
      }
      secondBase = secondEnd;
      secondEnd += 1 << secondBits;
      if (secondEnd > TABLE_ENTRIES) return false;
      put(table, prefix, (secondBase << 16) | SECOND_LEVEL | (secondBits << 8) | tableBits);
    }
    const entry = entryOf(meanings, symbol, length - tableBits);
    symbol += 2;
    const step: u32 = 1 << (length - tableBits);
    for (let i = secondBase + (code >> tableBits); i < secondEnd; i += step) put(table, i, entry);
    const all: u32 = (1 << length) - 1;
    if (code == all) return true;
    code = nextCode(code, all);
    ofLength--;
    while (ofLength == 0) ofLength = get(countOfLength, ++length);
  }
}

// @ts-ignore: decorator
@inline
function entryOf(meanings: usize, symbol: usize, length: u32): u32 {
  return get(meanings, load<u16>(symbol)) + (length << 8) + length;
}

/** The next code in ascending order, both bit-reversed; `all` has every bit of a code set. */
// @ts-ignore: decorator
@inline
function nextCode(code: u32, all: u32): u32 {
  const bit: u32 = 1 << (31 - clz(code ^ all));
  return (code & (bit - 1)) | bit;
}

/** Repeats the first `entries` of a table behind themselves. */
// @ts-ignore: decorator
@inline
function double(table: usize, entries: u32): void {
  const bytes = (<usize>entries) << 2;
  let from = table;
  const end = table + bytes;
  if (bytes < 16) {
    store<u64>(end, load<u64>(from));
    return;
  }
  do {
    v128.store(from + bytes, v128.load(from));
    from += 16;
  } while (from < end);
}

const LITERAL_MASK: u32 = (1 << LITERAL_BITS) - 1;
export const DISTANCE_MASK: u32 = (1 << DISTANCE_BITS) - 1;

/** What the next bits stand for in a table of literals and lengths. */
// @ts-ignore: decorator
@inline
export function literalEntry(table: usize, bits: u64): u32 {
  return load<u32>(table + ((<usize>(<u32>bits & LITERAL_MASK)) << 2));
}

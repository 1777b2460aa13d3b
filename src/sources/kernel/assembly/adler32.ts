// The checksum at the end of every zlib stream (RFC 1950, section 9), 16 bytes at a time.

const MODULUS: u32 = 65521;
/** The most bytes that 32 bits can sum before the remainder has to be taken (zlib's NMAX). */
const LONGEST_RUN: usize = 5552;

export function adler32(from: usize, length: usize): u32 {
  let a: u32 = 1;
  let b: u32 = 0;
  let at = from;
  let left = length;
  const heavy = i16x8(16, 15, 14, 13, 12, 11, 10, 9);
  const light = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
  while (left >= 16) {
    const run = (min(left, LONGEST_RUN) >> 4) << 4;
    const end = at + run;
    // a is added to b once for each byte of the run; the sums before each block, 16 times each.
    let sums = i32x4.splat(0);
    let before = i32x4.splat(0);
    let weighted = i32x4.splat(0);
    b += a * <u32>run;
    do {
      const block = v128.load(at);
      before = i32x4.add(before, sums);
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(block)));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(block), heavy));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(block), light));
      at += 16;
    } while (at < end);
    weighted = i32x4.add(weighted, i32x4.shl(before, 4));
    a = (a + lanes(sums)) % MODULUS;
    b = (b + lanes(weighted)) % MODULUS;
    left -= run;
  }
  const end = at + left;
  while (at < end) {
    a += load<u8>(at++);
    b += a;
  }
  return ((b % MODULUS) << 16) | (a % MODULUS);
}

// @ts-ignore: decorator
@inline
function lanes(sums: v128): u32 {
  return (
    <u32>i32x4.extract_lane(sums, 0) +
    <u32>i32x4.extract_lane(sums, 1) +
    <u32>i32x4.extract_lane(sums, 2) +
    <u32>i32x4.extract_lane(sums, 3)
  );
}

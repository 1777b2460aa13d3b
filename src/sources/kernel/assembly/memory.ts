// Moving, padding and growing linear memory.
// What lies where is left to the files that own it.

/**
 * Bytes that may be read and written past the end of every buffer: copies go 16 bytes at a time, and
 * the scan reads a block and a witness further.
 */
export const SLACK: usize = 128;

const PAGE: usize = 65536;

/** The next multiple of 64 that leaves `SLACK` bytes after `end`. */
// @ts-ignore: decorator
@inline
export function placeAfter(end: usize): usize {
  return (end + SLACK + 63) & ~(<usize>63);
}

/** Grows memory until `end` and its slack lie inside; false when it may not grow so far. */
export function ensure(end: u64): bool {
  const wanted = end + SLACK + 64;
  const have = <u64>memory.size() * PAGE;
  if (wanted <= have) return true;
  // Grown by a few megabytes at a time, so that growth is rare and the reserve is small.
  let pages = <u32>((wanted - have + PAGE - 1) / PAGE) + 64;
  if (memory.grow(pages) >= 0) return true;
  pages -= 64;
  return pages > 0 && memory.grow(pages) >= 0;
}

/**
 * Copies forward, 16 bytes at a time: may write up to 15 bytes past the end. Calling `memory.copy`
 * costs more than this up to about a kilobyte.
 */
// @ts-ignore: decorator
@inline
export function copyBytes(to: usize, from: usize, length: usize): void {
  if (length > 1024) {
    memory.copy(to, from, length);
    return;
  }
  const end = to + length;
  do {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
  } while (to < end);
}

/**
 * Puts 0xFF around `[start, end)`: no witness holds that byte, so none can reach outside, and what
 * was left there by others cannot make one.
 */
// @ts-ignore: decorator
@inline
export function fence(start: usize, end: usize): void {
  const wall = i8x16.splat(-1);
  v128.store(start - 16, wall);
  v128.store(end, wall);
  v128.store(end, wall, 16);
  v128.store(end, wall, 32);
  v128.store(end, wall, 48);
}

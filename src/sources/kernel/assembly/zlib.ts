// Inflates one zlib stream (RFC 1950) of known length in memory: header, data, checksum.
// The data itself is left to inflate.ts.
import { adler32 } from "./adler32";
import { Inflated, inflatedBytes, inflatedEnd, inflateRaw } from "./inflate";

/**
 * @param from the stream, with slack after it
 * @param length its length; the stream has to end exactly there
 * @param to where the bytes go, with slack after `room`
 * @param room how many bytes may come out
 */
export function inflate(from: usize, length: usize, to: usize, room: usize): Inflated {
  if (length < 8) return Inflated.Broken;
  const method: u32 = load<u8>(from);
  const flags: u32 = load<u8>(from, 1);
  // Deflate, a window of at most 32 KiB, the header's own check, no preset dictionary.
  if ((method & 15) != 8 || method >> 4 > 7 || ((method << 8) | flags) % 31 != 0 || (flags & 32) != 0) {
    return Inflated.Broken;
  }
  const outcome = inflateRaw(from + 2, length - 2, to, room);
  if (outcome != Inflated.Whole) return outcome;
  // Four bytes of checksum follow.
  if (inflatedEnd + 4 != from + length) return Inflated.Broken;
  return adler32(to, inflatedBytes) == bswap<u32>(load<u32>(inflatedEnd))
    ? Inflated.Whole
    : Inflated.Broken;
}

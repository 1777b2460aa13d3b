// Git's delta format (gitformat-pack(5), "Deltified representation"): measuring, applying, and the
// sketch by which a delta on a clean base is scanned without being applied.
// Which of these an object needs is left to walk.ts. Every delta is untrusted.
import { copyBytes, fence } from "./memory";
import { hasWitness } from "./witness";

/** The longest kept end of a copy; a witness is at most one byte longer. */
const MOST_CONTEXT: usize = 15;

/** Bytes of a sketch that are scanned at a time; small enough to stay in the cache. */
const SKETCH_BYTES: usize = 32768;
const sketchBuffer: usize = memory.data(32768 + 512, 64) + 64;

/** Bytes that are kept at each end of a copy: the longest witness less one. */
let context: usize = 11;

/** For the host: how many bytes to keep at each end of a copy, at most 15. */
export function useContext(bytes: usize): void {
  context = min(bytes, MOST_CONTEXT);
}

/** What the last `readDelta` found. */
export let baseBytes: u64 = 0;
export let resultBytes: u64 = 0;
/** Where the instructions begin. */
let instructions: usize = 0;

/** Reads the two sizes at the beginning of a delta; false when there is no such thing. */
export function readDelta(delta: usize, end: usize): bool {
  let at = delta;
  for (let part = 0; part < 2; part++) {
    let size: u64 = 0;
    let shift: u64 = 0;
    let byte: u64;
    do {
      if (at >= end || shift > 56) return false;
      byte = load<u8>(at++);
      size |= (byte & 127) << shift;
      shift += 7;
    } while ((byte & 128) != 0);
    if (part == 0) baseBytes = size;
    else resultBytes = size;
  }
  instructions = at;
  return true;
}

/** Of the copy instruction that was read last. */
let copyFrom: usize = 0;
let copyLength: usize = 0;

/** Reads the operands of a copy; gives where the next instruction begins. */
// @ts-ignore: decorator
@inline
function readCopy(operation: u32, at: usize): usize {
  let from: usize = 0;
  let length: usize = 0;
  if ((operation & 1) != 0) from = load<u8>(at++);
  if ((operation & 2) != 0) from |= (<usize>load<u8>(at++)) << 8;
  if ((operation & 4) != 0) from |= (<usize>load<u8>(at++)) << 16;
  if ((operation & 8) != 0) from |= (<usize>load<u8>(at++)) << 24;
  if ((operation & 16) != 0) length = load<u8>(at++);
  if ((operation & 32) != 0) length |= (<usize>load<u8>(at++)) << 8;
  if ((operation & 64) != 0) length |= (<usize>load<u8>(at++)) << 16;
  copyFrom = from;
  copyLength = length == 0 ? 0x10000 : length;
  return at;
}

export const enum Sketched {
  Clean = 0,
  /** A witness occurs in the result that does not lie inside one copy. */
  Witness = 1,
  /** An instruction is cut off, reserved or out of range, or the result's size is a lie. */
  Broken = 2,
}

/**
 * Scans what a delta adds to its base. The sketch holds every inserted byte, and of every copy its
 * first and last `context` bytes with an 0xFF between (or all of it, when that is no more). A witness
 * in the result lies inside one copy, and so in the base; or it touches every copy that it does not
 * lie inside of by at most `context` bytes, and so lies in the sketch. Because no witness holds 0xFF,
 * one in the sketch is one in the result.
 *
 * Call `readDelta` first. The delta is checked in full unless a witness was found before its end.
 */
export function sketch(end: usize, base: usize, baseLength: usize): Sketched {
  let at = instructions;
  let out = sketchBuffer;
  const flushAt = sketchBuffer + SKETCH_BYTES;
  const kept = context;
  const whole: usize = 2 * kept + 1;
  let total: u64 = 0;
  let found = false;
  while (at < end) {
    const operation: u32 = load<u8>(at++);
    if ((operation & 0x80) != 0) {
      at = readCopy(operation, at);
      const length = copyLength;
      if (<u64>copyFrom + length > baseLength) return Sketched.Broken;
      total += length;
      const from = base + copyFrom;
      if (length <= whole) {
        v128.store(out, v128.load(from));
        v128.store(out, v128.load(from, 16), 16);
        out += length;
      } else {
        v128.store(out, v128.load(from));
        store<u8>(out + kept, 0xff);
        v128.store(out + kept + 1, v128.load(from + length - kept));
        out += whole;
      }
    } else if (operation != 0) {
      const stop = out + operation;
      copyBytes(out, at, operation);
      out = stop;
      at += operation;
      total += operation;
    } else return Sketched.Broken;
    if (out >= flushAt) {
      fence(sketchBuffer, out);
      if (hasWitness(sketchBuffer, out)) found = true;
      // What may be the beginning of a witness goes on to the next part.
      v128.store(sketchBuffer, v128.load(out - MOST_CONTEXT));
      out = sketchBuffer + MOST_CONTEXT;
    }
  }
  if (at != end || total != resultBytes) return Sketched.Broken;
  if (found) return Sketched.Witness;
  fence(sketchBuffer, out);
  return hasWitness(sketchBuffer, out) ? Sketched.Witness : Sketched.Clean;
}

/**
 * Applies a delta. Call `readDelta` first.
 * @param output room for `resultBytes` and slack
 * @returns false when an instruction is cut off, reserved or out of range, or the size is a lie
 */
export function applyDelta(end: usize, base: usize, baseLength: usize, output: usize): bool {
  let at = instructions;
  let out = output;
  const outputEnd = output + <usize>resultBytes;
  while (at < end) {
    const operation: u32 = load<u8>(at++);
    if ((operation & 0x80) != 0) {
      at = readCopy(operation, at);
      if (<u64>copyFrom + copyLength > baseLength || copyLength > outputEnd - out) return false;
      copyBytes(out, base + copyFrom, copyLength);
      out += copyLength;
    } else if (operation != 0) {
      if (operation > <u32>(outputEnd - out)) return false;
      copyBytes(out, at, operation);
      out += operation;
      at += operation;
    } else return false;
  }
  return at == end && out == outputEnd;
}

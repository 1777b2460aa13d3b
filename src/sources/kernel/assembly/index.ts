// What the host may call.
import { inflatedBytes, inflatedEnd } from "./inflate";
import { ensure, fence } from "./memory";
import { namesHaveWitness } from "./tree";
import { hasWitness } from "./witness";

export { useContext } from "./delta";
export { inflateRaw } from "./inflate";
export { useIdBytes } from "./tree";
export { firstWitness, useWitnessRows, windowBits } from "./witness";
export {
  contentAddress,
  contentLength,
  failures,
  objects,
  stackTop,
  takeExpandedBytes,
  useStack,
  walk,
} from "./walk";
export { inflate } from "./zlib";

/** Where the host's memory begins. */
export function freeMemory(): usize {
  return (__heap_base + 127) & ~(<usize>63);
}

/** Grows memory until `end` lies in it; false when it may not grow so far. */
export function reserve(end: f64): bool {
  return end >= 0 && end < 4294967296 && ensure(<u64>end);
}

/** How many bytes the last `inflate` or `inflateRaw` wrote. */
export function inflated(): usize {
  return inflatedBytes;
}

/** Where the data ended that the last `inflateRaw` read. */
export function inflatedUpTo(): usize {
  return inflatedEnd;
}

/** Whether a witness occurs in `[start, end)`; overwrites 16 bytes before and 64 after. */
export function scan(start: usize, end: usize): bool {
  fence(start, end);
  return hasWitness(start, end);
}

/** The same for the names of a tree. */
export function scanTree(start: usize, end: usize): bool {
  fence(start, end);
  return hasWitness(start, end) && namesHaveWitness(start, end);
}

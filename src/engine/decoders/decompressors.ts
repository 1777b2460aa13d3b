// Compressions by name, as containers' entries use them.
// Containers are left to their own files.
import { Decompress as Zstd } from "fzstd";
import { bunzip2 } from "./bzip2.js";
import { type Inflated, inflate } from "./inflate.js";

/** @param most bytes to give at most */
export type Decompress = (input: Uint8Array, most: number) => Inflated;

export const decompressors: Readonly<Record<string, Decompress>> = {
  deflate: inflate,
  bzip2: bunzip2,
  zstd: unzstd,
};

class Full extends Error {}

/** How much of zstd's input is given at once: a frame's block expands to 128 KiB at most. */
const step = 16 * 1024;

/** The library holds a frame's window in memory, whatever size the frame claims. */
const largestWindow = 32 * 1024 * 1024;

/** RFC 8878, 3.1.1.1: what the first frame wants kept. */
function windowOf(input: Uint8Array): number {
  const descriptor = input[4] ?? 0;
  if ((descriptor & 0x20) === 0) {
    const window = input[5] ?? 0;
    return 2 ** (10 + (window >> 3)) * (1 + (window & 7) / 8);
  }
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeBytes = [1, 2, 4, 8][descriptor >> 6] ?? 1;
  let size = 0;
  for (let nth = sizeBytes - 1; nth >= 0; nth--) {
    size = size * 256 + (input[5 + dictionaryBytes + nth] ?? 0);
  }
  return size;
}

function unzstd(input: Uint8Array, most: number): Inflated {
  if (windowOf(input) > Math.min(largestWindow, most)) {
    return { bytes: new Uint8Array(0), consumed: input.length, end: "limit" };
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  let end: Inflated["end"] = "whole";
  try {
    const reader = new Zstd((part) => {
      parts.push(part.slice(0, most - length));
      length += part.length;
      if (length > most) throw new Full();
    });
    for (let at = 0; at < input.length; at += step) {
      reader.push(input.subarray(at, at + step), at + step >= input.length);
    }
  } catch (error) {
    // The library throws errors of its own for what it cannot read.
    end = error instanceof Full ? "limit" : "damaged";
  }
  return { bytes: Buffer.concat(parts), consumed: input.length, end };
}

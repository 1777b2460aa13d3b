// zstd (RFC 8878), frame by frame, so that what a frame will cost is known before it is read.
// The decompression itself is fzstd's.
import { Decompress } from "fzstd";
import type { Inflated } from "./inflate.js";

class Full extends Error {}

/** How much of the input is given at once: a block expands to 128 KiB at most. */
const step = 16 * 1024;

/** The library holds a frame's window in memory, whatever size the frame claims. */
const largestWindow = 32 * 1024 * 1024;

/**
 * The library moves the whole window for each block, however small: 32 MiB take 1 ms, and to make a
 * window of that size 30 ms (2026-11). So many bytes moved are paid with one byte of the budget.
 */
const movedForOne = 256;
const movesForWindow = 16;

/** 3.1.1 and 3.1.2. */
const magic = 0xfd2fb528;
const skippableMagic = 0x184d2a5;

interface Frame {
  readonly end: number;
  /** Null for a frame that holds no content. */
  readonly window: number | null;
  readonly blocks: number;
}

/** @param most bytes to give at most, those that the work is paid with included */
export function unzstd(input: Uint8Array, most: number): Inflated {
  const parts: Uint8Array[] = [];
  let length = 0;
  let cost = 0;
  let end: Inflated["end"] = "whole";
  try {
    for (let at = 0; at < input.length;) {
      const frame = frameAt(input, at);
      if (frame.window !== null) {
        if (frame.window > Math.min(largestWindow, most)) throw new Full();
        const price = Math.ceil((frame.window * (frame.blocks + movesForWindow)) / movedForOne);
        if (length + cost + price > most) throw new Full();
        cost += price;
        const reader = new Decompress((part) => {
          parts.push(part.slice(0, most - length));
          length += part.length;
          if (length + cost > most) throw new Full();
        });
        for (let from = at; from < frame.end; from += step) {
          const to = Math.min(from + step, frame.end);
          reader.push(input.subarray(from, to), to === frame.end);
        }
      }
      at = frame.end;
    }
  } catch (error) {
    // The library throws errors of its own for what it cannot read.
    end = error instanceof Full ? "limit" : "damaged";
  }
  return {
    bytes: Buffer.concat(parts),
    consumed: input.length,
    end,
    cost: Math.min(cost, Math.max(0, most - length)),
  };
}

/** A frame as its headers tell it; one that is cut or damaged ends with the input. */
function frameAt(input: Uint8Array, start: number): Frame {
  const number = (at: number, bytes: number): number => {
    let value = 0;
    for (let nth = bytes - 1; nth >= 0; nth--) value = value * 256 + (input[at + nth] ?? 0);
    return value;
  };
  if (Math.floor(number(start, 4) / 16) === skippableMagic) {
    return {
      end: Math.min(input.length, start + 8 + number(start + 4, 4)),
      window: null,
      blocks: 0,
    };
  }
  if (number(start, 4) !== magic) throw new Error("no frame");
  const descriptor = input[start + 4] ?? 0;
  const single = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const sizeAt = start + (single ? 5 : 6) + dictionaryBytes;
  const size = number(sizeAt, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
  const claim = input[start + 5] ?? 0;
  const window = single ? size : 2 ** (10 + (claim >> 3)) * (1 + (claim & 7) / 8);
  let blocks = 0;
  for (let at = sizeAt + sizeBytes; at + 3 <= input.length;) {
    const header = number(at, 3);
    const type = (header >> 1) & 3;
    at += 3 + (type === 1 ? 1 : header >> 3);
    blocks++;
    if (type === 3) break;
    if ((header & 1) === 0) continue;
    const end = at + ((descriptor & 4) === 0 ? 0 : 4);
    return { end: Math.min(input.length, end), window, blocks };
  }
  return { end: input.length, window, blocks };
}

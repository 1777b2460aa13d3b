// bzip2, decompressed within a bound and as far as damaged data goes. No library that is kept up
// does this synchronously, and the format is small (bzip2 1.0.8; J. Seward, 1996-2019).
// Which bytes are bzip2 is left to the containers.
import type { Inflated } from "./inflate.js";

const blockMagic = 0x314159265359;
const endMagic = 0x177245385090;
const longestCode = 20;
const groupSize = 50;

class Damaged extends Error {}
class Full extends Error {}

interface Bits {
  readonly take: (count: number) => number;
  readonly consumed: () => number;
}

function bitReader(input: Uint8Array): Bits {
  let at = 0;
  let held = 0;
  let value = 0;
  return {
    take: (count) => {
      let left = count;
      let result = 0;
      while (left > 0) {
        if (held === 0) {
          const byte = input[at++];
          if (byte === undefined) throw new Damaged();
          value = byte;
          held = 8;
        }
        const taken = Math.min(left, held);
        held -= taken;
        result = result * 2 ** taken + ((value >> held) & ((1 << taken) - 1));
        left -= taken;
      }
      return result;
    },
    consumed: () => at,
  };
}

/** @param most bytes to give at most */
export function bunzip2(input: Uint8Array, most: number): Inflated {
  const bits = bitReader(input);
  const parts: Uint8Array[] = [];
  let length = 0;
  let end: Inflated["end"] = "whole";
  try {
    for (let stream = 0; stream === 0 || bits.consumed() < input.length; stream++) {
      if (bits.take(24) !== 0x425a68) throw new Damaged();
      const blockSize = (bits.take(8) - 0x30) * 100_000;
      if (blockSize < 100_000 || blockSize > 900_000) throw new Damaged();
      for (let magic = bits.take(48); magic !== endMagic; magic = bits.take(48)) {
        if (magic !== blockMagic) throw new Damaged();
        const part = readBlock(bits, blockSize, most - length);
        parts.push(part);
        length += part.length;
        if (length >= most) throw new Full();
      }
      bits.take(32);
      skipToByte(bits);
    }
  } catch (error) {
    if (error instanceof Full) end = "limit";
    else if (error instanceof Damaged) end = "damaged";
    else throw error;
  }
  return { bytes: Buffer.concat(parts), consumed: bits.consumed(), end };
}

function skipToByte(bits: Bits): void {
  const before = bits.consumed();
  while (bits.consumed() === before) {
    try {
      bits.take(1);
    } catch {
      return; // the end of the input is where a stream may end
    }
  }
}

function readBlock(bits: Bits, blockSize: number, most: number): Uint8Array {
  bits.take(32);
  if (bits.take(1) === 1) throw new Damaged(); // randomised blocks: not written since 0.9.5
  const origin = bits.take(24);
  const symbols = symbolsInUse(bits);
  const data = moveToFront(bits, symbols, blockSize);
  if (origin >= data.length) throw new Damaged();
  return expand(data, origin, most);
}

function symbolsInUse(bits: Bits): number[] {
  const ranges = bits.take(16);
  const symbols: number[] = [];
  for (let range = 0; range < 16; range++) {
    if ((ranges & (0x8000 >> range)) === 0) continue;
    const used = bits.take(16);
    for (let bit = 0; bit < 16; bit++) {
      if ((used & (0x8000 >> bit)) !== 0) symbols.push(range * 16 + bit);
    }
  }
  if (symbols.length === 0) throw new Damaged();
  return symbols;
}

type ReadSymbol = () => number;

/** Canonical Huffman codes, read bit by bit against the last code of each length. */
function codeReader(bits: Bits, lengths: readonly number[]): ReadSymbol {
  const ordered = lengths
    .map((length, symbol) => ({ length, symbol }))
    .sort((one, other) => one.length - other.length || one.symbol - other.symbol);
  const counts = Array.from({ length: longestCode + 1 }, () => 0);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  return () => {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= longestCode; length++) {
      code = code * 2 + bits.take(1);
      const count = counts[length] ?? 0;
      if (code - first < count) return ordered[index + code - first]?.symbol ?? 0;
      index += count;
      first = (first + count) * 2;
    }
    throw new Damaged();
  };
}

function readTables(bits: Bits, alphabet: number): { tables: ReadSymbol[]; selectors: number[] } {
  const tableCount = bits.take(3);
  const selectorCount = bits.take(15);
  if (tableCount < 2 || tableCount > 6 || selectorCount === 0) throw new Damaged();
  const order = Array.from({ length: tableCount }, (_, table) => table);
  const selectors: number[] = [];
  for (let nth = 0; nth < selectorCount; nth++) {
    let place = 0;
    while (bits.take(1) === 1) if (++place >= tableCount) throw new Damaged();
    const [table = 0] = order.splice(place, 1);
    order.unshift(table);
    selectors.push(table);
  }
  const tables = order.map(() => {
    let length = bits.take(5);
    const lengths = Array.from({ length: alphabet }, () => {
      while (bits.take(1) === 1) length += bits.take(1) === 0 ? 1 : -1;
      if (length < 1 || length > longestCode) throw new Damaged();
      return length;
    });
    return codeReader(bits, lengths);
  });
  return { tables, selectors };
}

/** Huffman codes, runs of zeros and move-to-front undone. */
function moveToFront(bits: Bits, symbols: number[], blockSize: number): Uint8Array {
  const endOfBlock = symbols.length + 1;
  const { tables, selectors } = readTables(bits, symbols.length + 2);
  const data = new Uint8Array(blockSize);
  let length = 0;
  let run = 0;
  let runBit = 1;
  for (let nth = 0; ; nth++) {
    const read = tables[selectors[Math.floor(nth / groupSize)] ?? -1];
    if (read === undefined) throw new Damaged();
    const symbol = read();
    if (symbol <= 1) {
      run += runBit << symbol;
      runBit *= 2;
      if (run > blockSize) throw new Damaged();
      continue;
    }
    if (length + run > blockSize) throw new Damaged();
    data.fill(symbols[0] ?? 0, length, length + run);
    length += run;
    run = 0;
    runBit = 1;
    if (symbol === endOfBlock) return data.subarray(0, length);
    if (length >= blockSize) throw new Damaged();
    const [byte = 0] = symbols.splice(symbol - 1, 1);
    symbols.unshift(byte);
    data[length++] = byte;
  }
}

/** The Burrows-Wheeler transform and the first run-length coding undone. */
function expand(data: Uint8Array, origin: number, most: number): Uint8Array {
  const starts = new Uint32Array(257);
  for (const byte of data) starts[byte + 1] = (starts[byte + 1] ?? 0) + 1;
  for (let byte = 0; byte < 256; byte++)
    starts[byte + 1] = (starts[byte + 1] ?? 0) + (starts[byte] ?? 0);
  const next = new Uint32Array(data.length);
  for (const [index, byte] of data.entries()) {
    const place = starts[byte] ?? 0;
    next[place] = index;
    starts[byte] = place + 1;
  }
  let output = new Uint8Array(Math.min(most, data.length * 2));
  let length = 0;
  let repeated = 0;
  let last = -1;
  let at = next[origin] ?? 0;
  for (let left = data.length; left > 0; left--) {
    const byte = data[at] ?? 0;
    at = next[at] ?? 0;
    const count = repeated === 4 ? byte : 1;
    if (length + count > output.length) output = grown(output, length + count, most);
    const room = Math.min(count, output.length - length);
    output.fill(repeated === 4 ? last : byte, length, length + room);
    length += room;
    if (length >= most) break;
    if (repeated === 4) repeated = 0;
    else {
      repeated = byte === last ? repeated + 1 : 1;
      last = byte;
    }
    if (repeated === 0) last = -1;
  }
  return output.subarray(0, length);
}

function grown(
  output: Uint8Array<ArrayBuffer>,
  needed: number,
  most: number,
): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(most, Math.max(needed, output.length * 2)));
  larger.set(output);
  return larger;
}

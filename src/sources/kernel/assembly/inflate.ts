// Inflates raw deflate data (RFC 1951) in memory. Every input is untrusted: whatever it holds, nothing
// is read or written outside the buffers and their slack.
// The decoding tables are left to huffman.ts, what stands around the data to zlib.ts.
import {
  buildTable,
  codeLengths,
  DISTANCE_BITS,
  DISTANCE_MASK,
  distanceSymbols,
  distanceTable,
  END_OF_BLOCK,
  EXCEPTIONAL,
  fixedDistanceTable,
  fixedLiteralTable,
  INVALID,
  LITERAL,
  LITERAL_BITS,
  literalEntry,
  literalSymbols,
  literalTable,
  PRECODE_BITS,
  precodeLengths,
  precodeOrder,
  precodeSymbols,
  precodeTable,
  prepareTables,
  SECOND_LEVEL,
} from "./huffman";
import { copyBytes } from "./memory";

export const enum Inflated {
  /** The data ended as it should. */
  Whole = 0,
  Broken = 1,
  /** More came out than there was room for; the room is filled with the beginning. */
  Full = 2,
}

/** Bytes that the last call wrote, and the end of what it read of the data. */
export let inflatedBytes: usize = 0;
export let inflatedEnd: usize = 0;

/**
 * @param from the data, with slack after it
 * @param length bytes up to which it may reach
 * @param to where the bytes go, with slack after `room`
 * @param room how many bytes may come out
 */
export function inflateRaw(from: usize, length: usize, to: usize, room: usize): Inflated {
  prepareTables();
  let input = from;
  // The bit buffer may run ahead of the stream by up to eight bytes (into the slack).
  const inputLimit = from + length + 8;
  let output = to;
  const outputEnd = to + room;
  let bits: u64 = 0;
  let have: u32 = 0;
  let last = false;
  while (!last) {
    bits |= load<u64>(input) << <u64>have;
    input += (63 - have) >> 3;
    have |= 56;
    if (input > inputLimit) return Inflated.Broken;
    last = (<u32>bits & 1) != 0;
    const type: u32 = (<u32>bits >> 1) & 3;
    bits >>= 3;
    have -= 3;
    let literals = fixedLiteralTable;
    let distances = fixedDistanceTable;
    if (type == 0) {
      // Stored: back to the byte after the ones that this block's header began.
      input -= have >> 3;
      bits = 0;
      have = 0;
      if (input + 4 > from + length) return Inflated.Broken;
      const bytes: usize = load<u16>(input);
      if ((bytes ^ 0xffff) != load<u16>(input, 2)) return Inflated.Broken;
      input += 4;
      if (bytes > from + length - input) return Inflated.Broken;
      if (bytes > outputEnd - output) {
        memory.copy(output, input, outputEnd - output);
        inflatedBytes = room;
        return Inflated.Full;
      }
      if (bytes != 0) copyBytes(output, input, bytes);
      output += bytes;
      input += bytes;
      continue;
    }
    if (type == 3) return Inflated.Broken;
    if (type == 2) {
      const literalCodes: u32 = (<u32>bits & 31) + 257;
      const distanceCodes: u32 = ((<u32>bits >> 5) & 31) + 1;
      const precodes: u32 = ((<u32>bits >> 10) & 15) + 4;
      if (literalCodes > 286 || distanceCodes > 30) return Inflated.Broken;
      bits >>= 14;
      have -= 14;
      v128.store(precodeLengths, i8x16.splat(0));
      store<u32>(precodeLengths, 0, 16);
      for (let i: u32 = 0; i < precodes; i++) {
        if (have < 3) {
          bits |= load<u64>(input) << <u64>have;
          input += (63 - have) >> 3;
          have |= 56;
        }
        store<u8>(precodeLengths + <usize>load<u8>(precodeOrder + i), <u8>(<u32>bits & 7));
        bits >>= 3;
        have -= 3;
      }
      if (!buildTable(precodeTable, precodeLengths, 19, PRECODE_BITS, precodeSymbols)) {
        return Inflated.Broken;
      }
      const codes = literalCodes + distanceCodes;
      let i: u32 = 0;
      while (i < codes) {
        if (have < 14) {
          bits |= load<u64>(input) << <u64>have;
          input += (63 - have) >> 3;
          have |= 56;
          if (input > inputLimit) return Inflated.Broken;
        }
        const entry = load<u32>(precodeTable + ((<usize>(<u32>bits & 127)) << 2));
        if ((entry & INVALID) != 0) return Inflated.Broken;
        bits >>= <u64>(entry & 0xff);
        have -= entry & 0xff;
        const symbol = entry >> 16;
        if (symbol < 16) {
          store<u8>(codeLengths + i, <u8>symbol);
          i++;
          continue;
        }
        let times: u32;
        let value: u8 = 0;
        if (symbol == 16) {
          if (i == 0) return Inflated.Broken;
          value = load<u8>(codeLengths + i - 1);
          times = 3 + (<u32>bits & 3);
          bits >>= 2;
          have -= 2;
        } else if (symbol == 17) {
          times = 3 + (<u32>bits & 7);
          bits >>= 3;
          have -= 3;
        } else {
          times = 11 + (<u32>bits & 127);
          bits >>= 7;
          have -= 7;
        }
        if (i + times > codes) return Inflated.Broken;
        const stop = i + times;
        const lengths = i8x16.splat(value);
        // Past `stop` lie only lengths that are still to come.
        for (; i < stop; i += 16) v128.store(codeLengths + i, lengths);
        i = stop;
      }
      // Without an end of block the block could not end.
      if (load<u8>(codeLengths + 256) == 0) return Inflated.Broken;
      if (
        !buildTable(
          distanceTable,
          codeLengths + literalCodes,
          distanceCodes,
          DISTANCE_BITS,
          distanceSymbols,
        ) ||
        !buildTable(literalTable, codeLengths, literalCodes, LITERAL_BITS, literalSymbols)
      ) {
        return Inflated.Broken;
      }
      literals = literalTable;
      distances = distanceTable;
    }
    // Shifts look at the lowest six bits only, which in an entry are the bits to take; above them
    // `have` may hold anything.
    bits |= load<u64>(input) << <u64>have;
    input += 7 - ((have >> 3) & 7);
    have |= 56;
    let entry = literalEntry(literals, bits);
    while (true) {
      if (input > inputLimit) return Inflated.Broken;
      let before = bits;
      bits >>= <u64>entry;
      have -= entry;
      if ((entry & LITERAL) != 0) {
        // Up to three literals fit in one filling of the bit buffer, or two and a match.
        store<u8>(output++, <u8>(entry >> 16));
        entry = literalEntry(literals, bits);
        before = bits;
        bits >>= <u64>entry;
        have -= entry;
        if ((entry & LITERAL) != 0) {
          store<u8>(output++, <u8>(entry >> 16));
          entry = literalEntry(literals, bits);
          before = bits;
          bits >>= <u64>entry;
          have -= entry;
          if ((entry & LITERAL) != 0) {
            store<u8>(output++, <u8>(entry >> 16));
            if (output > outputEnd) break;
            entry = literalEntry(literals, bits);
            bits |= load<u64>(input) << <u64>have;
            input += 7 - ((have >> 3) & 7);
            have |= 56;
            continue;
          }
        }
      }
      if ((entry & EXCEPTIONAL) != 0) {
        if ((entry & SECOND_LEVEL) != 0) {
          const index = (entry >> 16) + (<u32>bits & ((1 << ((entry >> 8) & 15)) - 1));
          entry = load<u32>(literals + ((<usize>index) << 2));
          before = bits;
          bits >>= <u64>entry;
          have -= entry;
          if ((entry & LITERAL) != 0) {
            store<u8>(output++, <u8>(entry >> 16));
            if (output > outputEnd) break;
            bits |= load<u64>(input) << <u64>have;
            input += 7 - ((have >> 3) & 7);
            have |= 56;
            entry = literalEntry(literals, bits);
            continue;
          }
        }
        if ((entry & END_OF_BLOCK) != 0) break;
        if ((entry & INVALID) != 0) return Inflated.Broken;
      }
      const bytes: usize =
        (entry >> 16) + (<u32>(before & ((<u64>1 << <u64>entry) - 1)) >> (entry >> 8));
      bits |= load<u64>(input) << <u64>have;
      input += 7 - ((have >> 3) & 7);
      have |= 56;
      entry = load<u32>(distances + ((<usize>(<u32>bits & DISTANCE_MASK)) << 2));
      if ((entry & EXCEPTIONAL) != 0) {
        if ((entry & SECOND_LEVEL) != 0) {
          bits >>= <u64>entry;
          have -= entry;
          const index = (entry >> 16) + (<u32>bits & ((1 << ((entry >> 8) & 15)) - 1));
          entry = load<u32>(distances + ((<usize>index) << 2));
        }
        if ((entry & INVALID) != 0) return Inflated.Broken;
      }
      before = bits;
      bits >>= <u64>entry;
      have -= entry;
      const distance: usize =
        (entry >> 16) + (<u32>(before & ((<u64>1 << <u64>entry) - 1)) >> (entry >> 8));
      bits |= load<u64>(input) << <u64>have;
      input += 7 - ((have >> 3) & 7);
      have |= 56;
      entry = literalEntry(literals, bits);
      if (distance > output - to) return Inflated.Broken;
      const stop = output + bytes;
      if (stop > outputEnd) {
        for (; output < outputEnd; output++) store<u8>(output, load<u8>(output - distance));
        output = outputEnd + 1;
        break;
      }
      let source = output - distance;
      if (distance >= 16) {
        do {
          v128.store(output, v128.load(source));
          output += 16;
          source += 16;
        } while (output < stop);
      } else if (distance >= 8) {
        do {
          store<u64>(output, load<u64>(source));
          output += 8;
          source += 8;
        } while (output < stop);
      } else if (distance == 1) {
        const run = i8x16.splat(load<i8>(source));
        do {
          v128.store(output, run);
          output += 16;
        } while (output < stop);
      } else {
        do {
          store<u8>(output++, load<u8>(source++));
        } while (output < stop);
      }
      output = stop;
    }
    have &= 63;
    if (output > outputEnd) {
      inflatedBytes = room;
      return Inflated.Full;
    }
  }
  inflatedBytes = output - to;
  // Whole bytes that were fetched but not used come back.
  inflatedEnd = input - (have >> 3);
  return inflatedEnd > from + length ? Inflated.Broken : Inflated.Whole;
}

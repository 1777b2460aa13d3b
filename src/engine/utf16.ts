// UTF-16 with or without a byte order mark, little or big endian, as bytes that rules can read.
// Other encodings of characters are left to decoders/.
import type { Budget, Decoder, View } from "./view.js";

/** `k 00 -`, which every key in UTF-16 contains, whatever its byte order. */
const needle = Buffer.from([0x6b, 0x00, 0x2d]);

/**
 * Gives every second byte of a document in which a key's beginning shows in UTF-16. Between ASCII
 * letters both byte orders look alike, and in a binary file text may begin at an odd byte, so both
 * readings are given, the likelier (code units at even bytes) first.
 */
export const utf16Decoder: Decoder = { name: "utf-16", decode };

function* decode(bytes: Uint8Array, budget: Budget): Iterable<View> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const seen = new Set<number>();
  let at = buffer.indexOf(needle);
  for (; at !== -1 && seen.size < 2; at = buffer.indexOf(needle, at + 1)) {
    const parity = at & 1;
    if (buffer[at - 2] !== 0x73 || buffer[at - 1] !== 0 || seen.has(parity)) continue;
    seen.add(parity);
    const orders = parity === 0 ? ([0, 1] as const) : ([1, 0] as const);
    for (const letter of orders) {
      // `letter`: which byte of a code unit holds an ASCII letter, 0 in little endian, 1 in big.
      if (budget.views < 1 || budget.bytes < bytes.length / 2) return;
      budget.views--;
      budget.bytes -= bytes.length >> 1;
      yield reading(buffer, parity ^ letter, letter);
    }
  }
}

function reading(buffer: Buffer, parity: number, letter: 0 | 1): View {
  const hasMark = buffer[parity + letter] === 0xff && buffer[parity + (letter ^ 1)] === 0xfe;
  const start = hasMark ? parity + 2 : parity;
  return {
    kind: "view",
    encoding: "utf-16",
    trail: null,
    bytes: narrowed(buffer, start, letter),
    sourceOffset: (offset) => Math.min(start + offset * 2 + letter, buffer.length),
  };
}

/** One byte a code unit; those beyond ASCII become bytes that no key holds, one a character. */
function narrowed(bytes: Buffer, start: number, letter: 0 | 1): Buffer {
  const units = Math.max(0, (bytes.length - start + (letter === 0 ? 1 : 0)) >> 1);
  const result = Buffer.allocUnsafe(units);
  for (let unit = 0; unit < units; unit++) {
    const at = start + unit * 2;
    const low = bytes[at + letter] ?? 0;
    const high = bytes[at + (letter ^ 1)] ?? 0;
    const isSecondHalf = high >= 0xdc && high < 0xe0;
    result[unit] = high === 0 && low < 0x80 ? low : isSecondHalf ? 0x80 : 0xf4;
  }
  return result;
}

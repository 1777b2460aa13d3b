// May a key begin here, may it end there? Letters that belong to an escape are no neighbours.
// Which bytes are neighbours at all is left to the rule.
import type { ByteTable } from "./shape-match.js";

/** Longest escape that is looked for before a key, in bytes. */
const longestEscape = 16;

/**
 * Escapes that end right before a key, so that their last letter is not a neighbour: `\n`, `\x3d`,
 * `\u003d`, `\075`, `%3D`, quoted-printable `=3D`, and a terminal's colour sequence `[32m`.
 */
const escapeAtEnd =
  /(?:\\[nrtbfv0]|\\x[0-9a-f]{2}|\\?u\{?00[0-9a-f]{2}\}?|\\[0-7]{3}|%(?:25)?[0-9a-f]{2}|=(?:3D|20|22|27|0A|0D)|\[[0-9;]{0,10}m)$/iu;

/** Is the byte before `start` one that the rule accepts? The start of the bytes always is. */
export function mayBegin(bytes: Uint8Array, start: number, notBefore: ByteTable): boolean {
  const before = bytes[start - 1];
  if (before === undefined || notBefore[before] === 0) return true;
  const from = Math.max(0, start - longestEscape);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, start - from).toString("latin1");
  return escapeAtEnd.test(text);
}

/** Is the byte at `end` one that the rule accepts? Another key right behind is no neighbour. */
export function mayEnd(bytes: Uint8Array, end: number, notAfter: ByteTable): boolean {
  const after = bytes[end];
  if (after === undefined || notAfter[after] === 0) return true;
  return after === 0x73 && bytes[end + 1] === 0x6b && bytes[end + 2] === 0x2d;
}

// Characters by their number, as a key's reader sees them: dashes are hyphens, full-width forms are
// letters, what is not seen is nothing.
// The notations that name them are left to their own files.
import { nothing } from "./rewrite.js";

/** Unicode 16, general category Pd and the minus sign, as far as they stand for one hyphen. */
const hyphens: ReadonlySet<number> = new Set([
  0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xfe58, 0xfe63, 0xff0d,
]);

/** Unicode 16, Default_Ignorable_Code_Point, as far as text holds them. */
function isInvisible(code: number): boolean {
  return (
    code === 0xad ||
    code === 0x34f ||
    code === 0x61c ||
    code === 0x180e ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    (code >= 0xfe00 && code <= 0xfe0f) ||
    code === 0xfeff
  );
}

/** The bytes that a reader takes a character for; UTF-8 of the character itself, else. */
export function seenAs(code: number): Uint8Array {
  const known = ascii[code];
  if (known !== undefined) return known;
  if (isInvisible(code)) return nothing;
  const alike = lookAlike(code);
  if (alike !== null) return alike;
  return code > 0x10_ffff ? nothing : Buffer.from(String.fromCodePoint(code), "utf8");
}

const ascii: readonly Uint8Array[] = Array.from({ length: 128 }, (_, code) => Buffer.from([code]));

/** The ASCII character that a dash or a full-width form stands for, or null. */
export function lookAlike(code: number): Uint8Array | null {
  if (hyphens.has(code)) return ascii[0x2d] ?? null;
  if (code >= 0xff01 && code <= 0xff5e) return ascii[code - 0xff01 + 0x21] ?? null;
  return null;
}

/** Length in UTF-8 of the invisible character at a place, or 0. */
export function invisibleAt(bytes: Uint8Array, at: number): number {
  const [code, length] = codeAt(bytes, at);
  return code > 0x7f && isInvisible(code) ? length : 0;
}

/** The character at a place and its length in UTF-8; only two- and three-byte ones are read. */
export function codeAt(bytes: Uint8Array, at: number): readonly [code: number, length: number] {
  const [first, second, third] = [bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0];
  if (first >= 0xc2 && first < 0xe0 && second >> 6 === 2) {
    return [((first & 31) << 6) | (second & 63), 2];
  }
  if (first >= 0xe0 && first < 0xf0 && second >> 6 === 2 && third >> 6 === 2) {
    return [((first & 15) << 12) | ((second & 63) << 6) | (third & 63), 3];
  }
  return [first, 1];
}

// The bytes by which containers are known, with the pages that define them.
// Opening them is left to the decoders.
import type { Witness } from "../../model/index.js";
import { literal, oneOf } from "./algebra.js";

export interface Magic {
  readonly container: string;
  readonly witness: Witness;
  /** Does the container begin with it? (tar has it in its first header.) */
  readonly atStart: boolean;
}

const gzipFlags = new Set(Array.from({ length: 32 }, (_, flags) => flags));

export const containerMagics: readonly Magic[] = [
  // PKWARE APPNOTE 6.3.10, 4.3.7: local file header
  { container: "zip", witness: literal("PK\u0003\u0004"), atStart: true },
  // RFC 1952, 2.3: the two magic bytes, deflate, flags of which only five are defined
  { container: "gzip", witness: [...literal("\u001f\u008b\u0008"), gzipFlags], atStart: true },
  // bzip2 1.0.8: "BZh", the level, and pi as the first block's magic
  {
    container: "bzip2",
    witness: [...literal("BZh"), oneOf("123456789"), ...literal("1AY&SY")],
    atStart: true,
  },
  // The .xz file format 1.2.1, 2.1.1.1: stream header
  { container: "xz", witness: literal("\u00fd7zXZ\0"), atStart: true },
  // RFC 8878, 3.1.1: frame magic 0xFD2FB528, little endian
  { container: "zstd", witness: literal("\u0028\u00b5\u002f\u00fd"), atStart: true },
  // POSIX.1-2017 pax, ustar header at 257; GNU tar writes a space after it
  { container: "tar", witness: [...literal("ustar"), oneOf("\0 ")], atStart: false },
  // ISO 32000-1, 7.5.2: file header
  { container: "pdf", witness: [...literal("%PDF-"), oneOf("12")], atStart: true },
];

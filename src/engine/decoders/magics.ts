// The bytes by which containers are known, with the pages that define them.
// Opening them is left to the decoders.
import type { Witness } from "../../model/index.js";
import { literal, oneOf } from "./algebra.js";

export interface Magic {
  readonly container: string;
  readonly witness: Witness;
  /** Where in the container it stands. */
  readonly at: number;
}

const gzipFlags = new Set(Array.from({ length: 32 }, (_, flags) => flags));

/** How many bytes of a document tell whether it is a container. */
export const containerHead = 512;

/** Does a document begin like a container, so that it must be read as a whole? */
export function isContainer(head: Uint8Array): boolean {
  return containerMagics.some(({ witness, at }) =>
    witness.every((byteClass, index) => byteClass.has(head[at + index] ?? -1)),
  );
}

export const containerMagics: readonly Magic[] = [
  // PKWARE APPNOTE 6.3.10, 4.3.7: local file header
  { container: "zip", witness: literal("PK\u0003\u0004"), at: 0 },
  // RFC 1952, 2.3: the two magic bytes, deflate, flags of which only five are defined
  { container: "gzip", witness: [...literal("\u001f\u008b\u0008"), gzipFlags], at: 0 },
  // bzip2 1.0.8: "BZh", the level, and pi as the first block's magic
  {
    container: "bzip2",
    witness: [...literal("BZh"), oneOf("123456789"), ...literal("1AY&SY")],
    at: 0,
  },
  // The .xz file format 1.2.1, 2.1.1.1: stream header
  { container: "xz", witness: literal("\u00fd7zXZ\0"), at: 0 },
  // 7-Zip 24, DOC/7zFormat.txt: signature header
  { container: "7z", witness: literal("7z\u00bc\u00af\u0027\u001c"), at: 0 },
  // rarlab.com/technote.htm, RAR 5.0 signature; that of 1.5 to 4 begins alike
  { container: "rar", witness: literal("Rar!\u001a\u0007"), at: 0 },
  // RFC 8878, 3.1.1: frame magic 0xFD2FB528, little endian
  { container: "zstd", witness: literal("\u0028\u00b5\u002f\u00fd"), at: 0 },
  // POSIX.1-2017 pax, ustar header at 257: magic `ustar\0` and version `00`
  { container: "tar", witness: literal("ustar\u00000"), at: 257 },
  // GNU tar: `ustar  \0`
  { container: "tar", witness: literal("ustar  \0"), at: 257 },
  // sqlite.org/fileformat.html, 1.3: the database header
  { container: "sqlite", witness: literal("SQLite forma"), at: 0 },
  // ISO 32000-1, 7.5.2: file header
  { container: "pdf", witness: [...literal("%PDF-"), oneOf("12")], at: 0 },
];

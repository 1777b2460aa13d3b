// Compressions by name, as containers' entries use them.
// Containers are left to their own files.
import { bunzip2 } from "./bzip2.js";
import { type Inflated, inflate } from "./inflate.js";
import { unzstd } from "./zstd.js";

/** @param most bytes to give at most */
export type Decompress = (input: Uint8Array, most: number) => Inflated;

export const decompressors: Readonly<Record<string, Decompress>> = {
  deflate: inflate,
  bzip2: bunzip2,
  zstd: unzstd,
};

// Compressions by name, as containers' entries use them.
// Containers are left to their own files.
import { type Inflated, inflate } from "./inflate.js";

/** @param most bytes to give at most */
export type Decompress = (input: Uint8Array, most: number) => Inflated;

export const decompressors: Readonly<Record<string, Decompress>> = {
  deflate: inflate,
};

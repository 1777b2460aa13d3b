// Files that are one compressed stream, bzip2 and zstd, and xz, 7z and rar, which are told but not read.
// gzip, which holds names and members, is gzip.ts.
import type { Notice } from "../../model/index.js";
import type { Budget, Decoder, View } from "../view.js";
import { limitReached, spendEntry, unsupported } from "./budget.js";
import { decompressors } from "./decompressors.js";
import { mostBytes, packedEntry } from "./entry.js";
import { containerMagics } from "./magics.js";

export const compressed: Decoder = { name: "compressed", decode };

const kinds = containerMagics.filter(({ container }) =>
  ["bzip2", "zstd", "xz", "7z", "rar"].includes(container),
);

function* decode(bytes: Uint8Array, budget: Budget): Iterable<View | Notice> {
  const kind = kinds.find(({ witness }) =>
    witness.every((byteClass, index) => byteClass.has(bytes[index] ?? -1)),
  )?.container;
  if (kind === undefined) return;
  if (!spendEntry(budget)) {
    yield limitReached(kind);
    return;
  }
  const decompress = decompressors[kind];
  if (decompress === undefined) yield unsupported(kind, `the format ${kind}`);
  else {
    const entry = { encoding: kind, name: null, offset: 0, size: bytes.length };
    yield* packedEntry(entry, decompress(bytes, mostBytes(budget)), budget);
  }
}

// zip and what is made of it: jar, whl, docx, xlsx, apk, self-extracting ones.
// What the entries hold is left to the other decoders; PKWARE APPNOTE 6.3.10 names the fields.
import type { Notice } from "../../model/index.js";
import type { Budget, Decoder, View } from "../view.js";
import { damaged, encrypted, limitReached, spendEntry, unsupported } from "./budget.js";
import { decompressors } from "./decompressors.js";
import { type Entry, label, mostBytes, packedEntry, storedEntry } from "./entry.js";
import type { Inflate } from "./inflate.js";
import { centralEntries, localEntries, type ZipEntry } from "./zip-directory.js";

export function zipDecoder(inflate: Inflate): Decoder {
  return { name: "zip", decode: (bytes, budget) => decode(bytes, budget, inflate) };
}

/** APPNOTE 4.4.5; methods that `decompressors` knows. */
const methodNames: ReadonlyMap<number, string> = new Map([
  [8, "deflate"],
  [12, "bzip2"],
  [93, "zstd"],
  [95, "xz"],
]);

/** APPNOTE 4.3.7: what stands before an entry's name. */
const localHeader = 30;

function* decode(bytes: Uint8Array, budget: Budget, inflate: Inflate): Iterable<View | Notice> {
  const listed = centralEntries(bytes);
  const entries = listed ?? localEntries(bytes);
  if (entries === null) return;
  let locked: string | null = null;
  let count = 0;
  for (const zipEntry of entries) {
    if (zipEntry.name.endsWith("/") && zipEntry.size === 0) continue;
    if (!spendEntry(budget)) {
      yield limitReached("zip");
      break;
    }
    const { name, offset, size } = zipEntry;
    const entry: Entry = { encoding: "zip", name, offset, size };
    if (zipEntry.encrypted) {
      locked ??= label(entry);
      count++;
      continue;
    }
    yield* unpack(bytes, zipEntry, entry, budget, inflate);
  }
  if (locked !== null) yield encrypted(count > 1 ? `${locked} and ${count - 1} more` : locked);
  if (listed === null) yield* damaged("zip", bytes.length - localHeader);
}

function* unpack(
  bytes: Uint8Array,
  { start, size, method }: ZipEntry,
  entry: Entry,
  budget: Budget,
  inflate: Inflate,
): Iterable<View | Notice> {
  const packed = bytes.subarray(start, start + size);
  if (method === 0) {
    yield* storedEntry({ ...entry, offset: start }, packed, budget, true);
    return;
  }
  const name = methodNames.get(method) ?? "";
  const decompress = name === "deflate" ? inflate : decompressors[name];
  if (decompress === undefined) yield unsupported(label(entry), `compression method ${method}`);
  else yield* packedEntry(entry, decompress(packed, mostBytes(budget)), budget);
}

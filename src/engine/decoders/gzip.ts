// gzip, of one member or more (RFC 1952).
// What is in it (a tar, a log) is left to the other decoders.
import type { Notice } from "../../model/index.js";
import type { Budget, Decoder, View } from "../view.js";
import { damaged, limitReached, spendEntry } from "./budget.js";
import { mostBytes, packedEntry } from "./entry.js";
import type { Inflate } from "./inflate.js";

export function gzipDecoder(inflate: Inflate): Decoder {
  return { name: "gzip", decode: (bytes, budget) => decode(bytes, budget, inflate) };
}

function* decode(bytes: Uint8Array, budget: Budget, inflate: Inflate): Iterable<View | Notice> {
  let at = 0;
  for (let header = headerAt(bytes, at); header !== null; header = headerAt(bytes, at)) {
    if (!spendEntry(budget)) {
      yield limitReached("gzip");
      return;
    }
    const packed = bytes.subarray(header.end);
    const content = inflate(packed, mostBytes(budget));
    const entry = { encoding: "gzip", name: header.name, offset: at, size: packed.length };
    yield* packedEntry(entry, content, budget);
    if (content.end !== "whole") return;
    // The checksum and the length follow; a wrong one does not make the content unseen.
    at = header.end + content.consumed + 8;
    if (at > bytes.length) yield* damaged("gzip", packed.length);
  }
}

function headerAt(
  bytes: Uint8Array,
  at: number,
): { readonly end: number; readonly name: string | null } | null {
  if (bytes[at] !== 0x1f || bytes[at + 1] !== 0x8b || bytes[at + 2] !== 8) return null;
  const flags = bytes[at + 3] ?? 0xff;
  if (flags > 31) return null;
  let end = at + 10;
  if ((flags & 4) !== 0) end += 2 + (bytes[end] ?? 0) + ((bytes[end + 1] ?? 0) << 8);
  let name: string | null = null;
  if ((flags & 8) !== 0) {
    const zero = bytes.indexOf(0, end);
    if (zero === -1) return null;
    name = Buffer.from(bytes.subarray(end, Math.min(zero, end + 1000))).toString("utf8");
    end = zero + 1;
  }
  if ((flags & 16) !== 0) {
    const zero = bytes.indexOf(0, end);
    if (zero === -1) return null;
    end = zero + 1;
  }
  if ((flags & 2) !== 0) end += 2;
  return end < bytes.length ? { end, name } : null;
}

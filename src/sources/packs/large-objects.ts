// Objects too large for memory: streamed from their pack or file, a megabyte at a time, once to scan
// and, if a witness occurs, once more to hand them on.
// Large objects that are deltas or have deltas built on them are left to git.
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createInflate } from "node:zlib";
import type { Chunk, GitObjectType } from "../../model/origin.js";
import type { Kernel } from "../kernel/kernel.js";
import { parseLooseHeader } from "./loose-objects.js";

/** Where a zlib stream lies. */
export interface LargeObject {
  readonly source: { readonly fd: number } | { readonly path: string };
  readonly start: number;
  /** Past its last byte, or null for the file's end. */
  readonly end: number | null;
  /** Its type when the pack says it; a loose object says it itself. */
  readonly type: GitObjectType | null;
  /** Its size when it fits in 32 bits; checked if given. */
  readonly size: number | null;
  readonly oid: string;
}

const pieceBytes = 1 << 20;
/** The longest witness less one: what the end of a piece may begin. */
const overlapBytes = 15;

/**
 * Yields how many bytes the object has, then itself in chunks if it holds a witness.
 * @throws Error when it cannot be inflated or is not as long as it should be
 */
export async function* largeObject(
  object: LargeObject,
  kernel: Kernel,
): AsyncGenerator<Chunk | { readonly kind: "size"; readonly bytes: number }> {
  const scanned = await scan(object, kernel);
  yield { kind: "size", bytes: scanned.bytes };
  if (!scanned.flagged) return;
  const origin = { kind: "object", type: scanned.type, oid: object.oid } as const;
  let first = true;
  let held: Uint8Array | undefined;
  for await (const piece of contentOf(object)) {
    if (held !== undefined) {
      yield { kind: "chunk", origin, bytes: held, first, last: false };
      first = false;
    }
    held = piece.bytes;
  }
  yield { kind: "chunk", origin, bytes: held ?? new Uint8Array(0), first, last: true };
}

async function scan(
  object: LargeObject,
  kernel: Kernel,
): Promise<{ readonly flagged: boolean; readonly bytes: number; readonly type: GitObjectType }> {
  const { exports, stack } = kernel;
  if (exports.reserve(stack + overlapBytes + pieceBytes) === 0) throw new Error("no memory");
  let flagged = false;
  let total = 0;
  let kept = 0;
  let type = object.type;
  for await (const piece of contentOf(object)) {
    ({ type } = piece);
    total += piece.bytes.length;
    if (flagged) continue;
    const bytes = kernel.bytes();
    bytes.set(piece.bytes, stack + kept);
    const end = stack + kept + piece.bytes.length;
    flagged = exports.scan(stack, end) !== 0;
    const from = Math.max(stack, end - overlapBytes);
    kept = end - from;
    bytes.copyWithin(stack, from, end);
  }
  if (type === null) throw new Error("an object without a type");
  if (object.size !== null && total !== object.size) throw new Error("an object of another size");
  return { flagged, bytes: total, type };
}

/** The object's content in pieces of at most a megabyte, its header taken off. */
async function* contentOf(
  object: LargeObject,
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly type: GitObjectType | null }> {
  const { source, start, end } = object;
  const input = createReadStream("path" in source ? source.path : "", {
    ...("fd" in source ? { fd: source.fd, autoClose: false } : {}),
    start,
    ...(end === null ? {} : { end: end - 1 }),
    highWaterMark: pieceBytes,
  });
  // `for await` reports every error of either; the callback only keeps it from being thrown twice.
  const output = pipeline(input, createInflate({ chunkSize: pieceBytes }), () => undefined);
  let { type } = object;
  let left: number | null = null;
  for await (const piece of output as AsyncIterable<Buffer>) {
    let bytes: Uint8Array = piece;
    if (type === null) {
      const header = parseLooseHeader(piece.toString("latin1", 0, 40));
      if (header === null) throw new Error("a loose object without a header");
      ({ type } = header);
      left = header.size;
      bytes = piece.subarray(header.bytes);
    }
    if (left !== null) left -= bytes.length;
    if (bytes.length > 0) yield { bytes, type };
  }
  if (left !== null && left !== 0) throw new Error("an object of another size");
}

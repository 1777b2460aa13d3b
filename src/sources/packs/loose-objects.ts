// Objects that lie in files of their own: lists them, expands and scans one at a time.
// Sharing them out to threads is left to jobs, those too large for memory to large-objects.
import { closeSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { CleanRecord } from "../../model/clean-record.js";
import type { GitObjectType } from "../../model/origin.js";
import {
  inflateResults,
  inputBytes,
  largestObjectBytes,
  slackBytes,
  type Kernel,
} from "../kernel/kernel.js";
import { readInto } from "./pack-file.js";

/** Plain data on shared memory: can be sent to a worker as it is. */
export interface LooseList {
  readonly directories: readonly string[];
  /** Ids, one after another, those of the first directory first. */
  readonly ids: Uint8Array;
  readonly idBytes: number;
  /** How many ids there are up to the end of each directory; in each they ascend. */
  readonly ends: readonly number[];
  readonly count: number;
  /** For each id, 1 when the run has the object from elsewhere, so that it is not counted again. */
  readonly counted: Uint8Array;
}

export type LooseOutcome =
  | { readonly kind: "clean"; readonly bytes: number }
  | { readonly kind: "flagged"; readonly type: GitObjectType; readonly bytes: Uint8Array }
  | { readonly kind: "large"; readonly file: string }
  | { readonly kind: "failed" }
  /** Not there any more: pruned, or put into a pack meanwhile. */
  | { readonly kind: "gone" };

/** Room for most objects, so that they are expanded without knowing their size. */
const usualBytes = 1 << 18;

/**
 * @returns the objects that are not known to be clean, and the ids of those that are
 * @throws Error when a folder cannot be listed
 */
export function listLooseObjects(
  directories: readonly string[],
  idBytes: number,
  record: Pick<CleanRecord, "isClean"> | null,
): { readonly list: LooseList; readonly known: readonly string[] } {
  const ids: string[] = [];
  const known = new Set<string>();
  const ends: number[] = [];
  const isRest = new RegExp(`^[0-9a-f]{${idBytes * 2 - 2}}$`, "u");
  for (const directory of directories) {
    for (const folder of readdirSync(directory).sort()) {
      if (!/^[0-9a-f]{2}$/u.test(folder)) continue;
      for (const file of readdirSync(join(directory, folder)).sort()) {
        if (!isRest.test(file)) continue;
        if (record?.isClean(folder + file) === true) known.add(folder + file);
        else ids.push(folder + file);
      }
    }
    ends.push(ids.length);
  }
  const shared = new Uint8Array(new SharedArrayBuffer(ids.length * idBytes));
  const bytes = Buffer.from(shared.buffer);
  for (const [index, id] of ids.entries()) bytes.write(id, index * idBytes, "hex");
  const counted = new Uint8Array(new SharedArrayBuffer(ids.length));
  const list = { directories, ids: shared, idBytes, ends, count: ids.length, counted };
  return { list, known: [...known] };
}

export function looseId(list: LooseList, index: number): string {
  const at = index * list.idBytes;
  return Buffer.from(list.ids.subarray(at, at + list.idBytes)).toString("hex");
}

function loosePath(list: LooseList, index: number): string {
  const id = looseId(list, index);
  const directory = list.directories[list.ends.findIndex((end) => index < end)] ?? "";
  return join(directory, id.slice(0, 2), id.slice(2));
}

/** Expands an object and scans it. A flagged object's bytes are valid until the kernel is used again. */
export function readLooseObject(list: LooseList, index: number, kernel: Kernel): LooseOutcome {
  const path = loosePath(list, index);
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch (error) {
    return { kind: (error as NodeJS.ErrnoException).code === "ENOENT" ? "gone" : "failed" };
  }
  try {
    const length = readInto(fd, kernel.bytes(), kernel.input, inputBytes, 0);
    return length < inputBytes
      ? expand(kernel, kernel.input, length, path)
      : expandFrom(fd, kernel, path);
  } catch {
    return { kind: "failed" };
  } finally {
    closeSync(fd);
  }
}

function expand(kernel: Kernel, input: number, length: number, path: string): LooseOutcome {
  const { exports, stack } = kernel;
  if (exports.reserve(stack + usualBytes) === 0) return { kind: "failed" };
  let result = exports.inflate(input, length, stack, usualBytes);
  if (result === inflateResults.broken) return { kind: "failed" };
  const header = readHeader(kernel);
  if (header === null) return { kind: "failed" };
  const total = header.bytes + header.size;
  if (result === inflateResults.full) {
    if (total > largestObjectBytes) return { kind: "large", file: path };
    if (exports.reserve(stack + total) === 0) return { kind: "failed" };
    result = exports.inflate(input, length, stack, total);
  }
  if (result !== inflateResults.whole || exports.inflated() !== total) return { kind: "failed" };
  return scan(kernel, header);
}

/** A file that is larger than the input's room: its header first, then all of it, further up. */
function expandFrom(fd: number, kernel: Kernel, path: string): LooseOutcome {
  const { exports, stack } = kernel;
  exports.inflate(kernel.input, inputBytes, stack, 64);
  const header = readHeader(kernel);
  if (header === null) return { kind: "failed" };
  const total = header.bytes + header.size;
  if (total > largestObjectBytes) return { kind: "large", file: path };
  const input = stack + total + 2 * slackBytes;
  // Deflate stores what it cannot compress, in blocks of at most 64 KiB with five bytes each.
  const most = total + Math.ceil(total / 16_000) * 5 + 64;
  if (exports.reserve(input + most) === 0) return { kind: "failed" };
  const length = readInto(fd, kernel.bytes(), input, most, 0);
  const result = exports.inflate(input, length, stack, total);
  if (result !== inflateResults.whole || exports.inflated() !== total) return { kind: "failed" };
  return scan(kernel, header);
}

interface LooseHeader {
  readonly type: GitObjectType;
  readonly size: number;
  /** Length of the header itself. */
  readonly bytes: number;
}

/** A loose object begins with its type, a space, its size and a zero (gitformat-loose(5)). */
function readHeader(kernel: Kernel): LooseHeader | null {
  const text = Buffer.from(kernel.bytes().buffer, kernel.stack, 40).toString("latin1");
  return parseLooseHeader(text);
}

export function parseLooseHeader(text: string): LooseHeader | null {
  // oxlint-disable-next-line no-control-regex -- the header ends with a zero byte
  const found = /^(blob|tree|commit|tag) (0|[1-9][0-9]{0,14})\u0000/u.exec(text);
  if (found === null) return null;
  return {
    type: found[1] as GitObjectType,
    size: Number(found[2]),
    bytes: found[0].length,
  };
}

function scan(kernel: Kernel, header: LooseHeader): LooseOutcome {
  // The header may stay before the content: no witness can begin in it and reach the content,
  // because the scan puts its fence there.
  const start = kernel.stack + header.bytes;
  const end = start + header.size;
  const { exports } = kernel;
  const flagged = header.type === "tree" ? exports.scanTree(start, end) : exports.scan(start, end);
  if (flagged === 0) return { kind: "clean", bytes: header.size };
  return { kind: "flagged", type: header.type, bytes: kernel.bytes().subarray(start, end) };
}

// Writes packs by hand, byte by byte: whatever a pack can hold, also what git would never write.
// Making the index is left to git index-pack, or to a test that wants a wrong one.
import { createHash } from "node:crypto";
import { constants, deflateSync } from "node:zlib";

const typeNumbers = { commit: 1, tree: 2, blob: 3, tag: 4, offsetDelta: 6, namedDelta: 7 } as const;
export type EntryType = keyof typeof typeNumbers;

export type DeltaInstruction =
  | { readonly copy: { readonly from: number; readonly length: number } }
  | { readonly insert: Uint8Array };

/** The longest run that one instruction can insert, and copy. */
export const longestInsert = 127;
export const longestCopy = 0xffffff;

export function objectId(type: string, content: Uint8Array, format = "sha1"): string {
  return createHash(format).update(`${type} ${content.length}\0`).update(content).digest("hex");
}

/** A delta as git stores it: two sizes, then instructions. */
export function encodeDelta(
  baseLength: number,
  resultLength: number,
  instructions: readonly DeltaInstruction[],
): Buffer {
  return Buffer.concat([
    variableLength(baseLength),
    variableLength(resultLength),
    ...instructions.flatMap((instruction) =>
      "insert" in instruction
        ? [Buffer.from([instruction.insert.length]), Buffer.from(instruction.insert)]
        : [encodeCopy(instruction.copy.from, instruction.copy.length)],
    ),
  ]);
}

export function applyInstructions(
  base: Uint8Array,
  instructions: readonly DeltaInstruction[],
): Buffer {
  return Buffer.concat(
    instructions.map((instruction) =>
      "insert" in instruction
        ? instruction.insert
        : base.subarray(instruction.copy.from, instruction.copy.from + instruction.copy.length),
    ),
  );
}

function variableLength(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    const more = rest >= 128;
    bytes.push((rest % 128) | (more ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.from(bytes);
}

function encodeCopy(from: number, length: number): Buffer {
  const operands: number[] = [];
  let operation = 0x80;
  for (let place = 0; place < 4; place++) {
    const byte = Math.floor(from / 256 ** place) % 256;
    if (byte === 0) continue;
    operation |= 1 << place;
    operands.push(byte);
  }
  // 64 KiB is written as no length at all.
  const written = length === 0x10000 ? 0 : length;
  for (let place = 0; place < 3; place++) {
    const byte = (written >> (8 * place)) & 255;
    if (byte === 0) continue;
    operation |= 16 << place;
    operands.push(byte);
  }
  return Buffer.from([operation, ...operands]);
}

export interface PackEntry {
  readonly type: EntryType;
  /** What is deflated: the content, or the delta. */
  readonly raw: Uint8Array;
  /** For `offsetDelta`: where the base's entry begins; for `namedDelta`: its id. */
  readonly base?: number | string;
  /** The compressed bytes, when they are to be others than zlib makes. */
  readonly compressed?: Uint8Array;
  /** The size that the header states, when it is to be a lie. */
  readonly statedSize?: number;
}

export type Deflation = { readonly level: number; readonly strategy: number };

/** Every kind of block: stored, fixed, dynamic, without matches. */
export const deflations: readonly Deflation[] = [0, 1, 6, 9].flatMap((level) =>
  [constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY].map((strategy) => ({
    level,
    strategy,
  })),
);

export interface PackWriter {
  /** Adds an entry and gives where it begins. */
  add(entry: PackEntry, deflation?: Deflation): number;
  /** The whole pack, with its checksum. */
  finish(): Buffer;
}

export function packWriter(format: "sha1" | "sha256" = "sha1"): PackWriter {
  const parts: Buffer[] = [];
  let length = 12;
  let entries = 0;
  return {
    add(entry, deflation) {
      const start = length;
      const header = entryHeader(entry, start);
      const compressed = Buffer.from(entry.compressed ?? deflateSync(entry.raw, deflation));
      parts.push(header, compressed);
      length += header.length + compressed.length;
      entries++;
      return start;
    },
    finish() {
      const head = Buffer.from("PACK\0\0\0\u0002\0\0\0\0", "latin1");
      head.writeUInt32BE(entries, 8);
      const body = Buffer.concat([head, ...parts]);
      return Buffer.concat([body, createHash(format).update(body).digest()]);
    },
  };
}

function entryHeader(entry: PackEntry, start: number): Buffer {
  let size = entry.statedSize ?? entry.raw.length;
  const bytes: number[] = [];
  let byte = (typeNumbers[entry.type] << 4) | (size % 16);
  size = Math.floor(size / 16);
  while (size > 0) {
    bytes.push(byte | 128);
    byte = size % 128;
    size = Math.floor(size / 128);
  }
  bytes.push(byte);
  if (typeof entry.base === "string")
    return Buffer.from([...bytes, ...Buffer.from(entry.base, "hex")]);
  if (entry.base === undefined) return Buffer.from(bytes);
  let distance = start - entry.base;
  const back = [distance % 128];
  for (distance = Math.floor(distance / 128); distance > 0; distance = Math.floor(distance / 128)) {
    distance--;
    back.unshift(128 | (distance % 128));
  }
  return Buffer.from([...bytes, ...back]);
}

/** An object as an index names it. */
export interface IndexedEntry {
  readonly id: string;
  readonly start: number;
}

/** An index of version 2, with whatever it is told; checksums of entries are left zero. */
export function packIndex(
  entries: readonly IndexedEntry[],
  pack: Uint8Array | string,
  format: "sha1" | "sha256" = "sha1",
): Buffer {
  const sorted = [...entries].sort((one, other) => (one.id < other.id ? -1 : 1));
  const fanOut = Buffer.alloc(1024);
  for (let first = 0; first < 256; first++) {
    const count = sorted.filter(({ id }) => Number.parseInt(id.slice(0, 2), 16) <= first).length;
    fanOut.writeUInt32BE(count, first * 4);
  }
  const offsets = Buffer.alloc(sorted.length * 4);
  const long: Buffer[] = [];
  for (const [place, { start }] of sorted.entries()) {
    if (start < 2 ** 31) {
      offsets.writeUInt32BE(start, place * 4);
      continue;
    }
    offsets.writeUInt32BE(2 ** 31 + long.length, place * 4);
    const offset = Buffer.alloc(8);
    offset.writeBigUInt64BE(BigInt(start));
    long.push(offset);
  }
  const checksum =
    typeof pack === "string"
      ? Buffer.from(pack, "hex")
      : Buffer.from(pack.subarray(pack.length - (format === "sha1" ? 20 : 32)));
  const body = Buffer.concat([
    Buffer.from("\xfftOc\0\0\0\u0002", "latin1"),
    fanOut,
    ...sorted.map(({ id }) => Buffer.from(id, "hex")),
    Buffer.alloc(sorted.length * 4),
    offsets,
    ...long,
    checksum,
  ]);
  return Buffer.concat([body, createHash(format).update(body).digest()]);
}

// A pack and its index, opened and checked as far as their own headers go.
// What the entries hold is left to entry-headers and walk.
import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** An open pack. Its files stay open, so that a gc that removes them takes nothing away. */
export interface PackFile {
  readonly path: string;
  readonly pack: number;
  readonly index: number;
  readonly objects: number;
  /** Where the entries end and the pack's checksum begins. */
  readonly end: number;
  /** Length of an object id: 20 for SHA-1, 32 for SHA-256. */
  readonly idBytes: number;
  /** The pack's own checksum, hex: it names the pack's whole content. */
  readonly checksum: string;
  readonly layout: IndexLayout;
}

/** Where an index keeps what (gitformat-pack(5), "pack-*.idx files have the following format"). */
interface IndexLayout {
  readonly ids: number;
  readonly idStride: number;
  readonly offsets: number;
  readonly offsetStride: number;
  /** Of the table of offsets from 2 GiB up, and how many there are. */
  readonly longOffsets: number;
  readonly longOffsetCount: number;
}

/** Why a pack cannot be read directly. */
export class PackError extends Error {
  /**
   * - `gone`: it was there when the folder was listed, and is no longer.
   * - `unknown`: a form that this reader does not know, but git may.
   * - `corrupt`: not what it should be.
   */
  readonly why: "gone" | "unknown" | "corrupt";
  /** Ids of the pack's objects, if its index could be read. */
  readonly ids: readonly string[] | null;

  constructor(
    message: string,
    why: "gone" | "unknown" | "corrupt" = "corrupt",
    ids: readonly string[] | null = null,
  ) {
    super(message);
    this.name = "PackError";
    this.why = why;
    this.ids = ids;
  }
}

const fanOutBytes = 256 * 4;

/**
 * @param path of the index, ending in `.idx`
 * @throws PackError when either file is not what this reader knows
 */
export function openPack(path: string, idBytes: number): PackFile {
  const index = openFile(path);
  let header: IndexHeader | undefined;
  let pack = -1;
  try {
    header = readIndexHeader(index, idBytes);
    pack = openFile(path.replace(/\.idx$/u, ".pack"));
    return { path, pack, index, idBytes, ...header, ...readPackHeader(pack, header, idBytes) };
  } catch (error) {
    const ids = header === undefined ? null : listIds({ index, idBytes, ...header });
    closeSync(index);
    if (pack >= 0) closeSync(pack);
    if (!(error instanceof PackError)) throw error;
    throw new PackError(`${path}: ${error.message}`, error.why, ids);
  }
}

function readPackHeader(
  pack: number,
  { objects }: IndexHeader,
  idBytes: number,
): Pick<PackFile, "end" | "checksum"> {
  const head = readBytes(pack, 0, 12);
  if (head.toString("latin1", 0, 4) !== "PACK") throw new PackError("not a pack");
  const version = head.readUInt32BE(4);
  if (version !== 2 && version !== 3) throw new PackError("a pack of unknown version", "unknown");
  if (head.readUInt32BE(8) !== objects) {
    throw new PackError("the pack and its index disagree on the number of objects");
  }
  const end = fstatSync(pack).size - idBytes;
  if (end < 12) throw new PackError("a cut file");
  return { end, checksum: readBytes(pack, end, idBytes).toString("hex") };
}

export function closePack(file: PackFile): void {
  closeSync(file.pack);
  closeSync(file.index);
}

function openFile(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    throw new PackError(`could not be opened (${code})`, code === "ENOENT" ? "gone" : "corrupt");
  }
}

type IndexHeader = Pick<PackFile, "objects" | "layout">;

function readIndexHeader(index: number, idBytes: number): IndexHeader {
  const size = fstatSync(index).size;
  const start = readBytes(index, 0, 8);
  const second = start.readUInt32BE(0) === 0xff744f63; // "\377tOc"
  if (second && start.readUInt32BE(4) !== 2) {
    throw new PackError("an index of unknown version", "unknown");
  }
  const fanOutAt = second ? 8 : 0;
  const fanOut = readBytes(index, fanOutAt, fanOutBytes);
  let objects = 0;
  for (let at = 0; at < fanOutBytes; at += 4) {
    const count = fanOut.readUInt32BE(at);
    if (count < objects) throw new PackError("a broken index");
    objects = count;
  }
  const tables = fanOutAt + fanOutBytes;
  if (!second) {
    const stride = idBytes + 4;
    if (size !== tables + objects * stride + 2 * idBytes) throw new PackError("a cut index");
    const layout = { ids: tables + 4, idStride: stride, offsets: tables, offsetStride: stride };
    return { objects, layout: { ...layout, longOffsets: 0, longOffsetCount: 0 } };
  }
  const offsets = tables + objects * (idBytes + 4);
  const longOffsets = offsets + objects * 4;
  const longOffsetCount = (size - 2 * idBytes - longOffsets) / 8;
  if (!Number.isInteger(longOffsetCount) || longOffsetCount < 0) {
    throw new PackError("a cut index");
  }
  return {
    objects,
    layout: {
      ids: tables,
      idStride: idBytes,
      offsets,
      offsetStride: 4,
      longOffsets,
      longOffsetCount,
    },
  };
}

/** Where each object of the index begins in the pack, in the index's order. */
export function readOffsets(file: PackFile): Float64Array {
  const { layout, objects } = file;
  const offsets = new Float64Array(objects);
  const long = readBytes(file.index, layout.longOffsets, layout.longOffsetCount * 8);
  const atATime = 65536;
  for (let from = 0; from < objects; from += atATime) {
    const count = Math.min(atATime, objects - from);
    const stride = layout.offsetStride;
    const part = readBytes(file.index, layout.offsets + from * stride, (count - 1) * stride + 4);
    for (let i = 0; i < count; i++) {
      const offset = part.readUInt32BE(i * stride);
      offsets[from + i] = offset;
      // In version 2 the highest bit says that the rest is a place in the table of long offsets.
      if (offset >= 0x80000000 && layout.idStride === file.idBytes) {
        const place = (offset - 0x80000000) * 8;
        if (place + 8 > long.length) throw new PackError("a broken index");
        offsets[from + i] = Number(long.readBigUInt64BE(place));
      }
    }
  }
  return offsets;
}

/** The id of the object at a place of the index, hex. */
export function readId(file: PackFile, place: number): string {
  const { layout, idBytes } = file;
  return readBytes(file.index, layout.ids + place * layout.idStride, idBytes).toString("hex");
}

type Indexed = Pick<PackFile, "index" | "idBytes" | "objects" | "layout">;

/** A pack's ids from one place of its index up to another, one after another, in ascending order. */
export function readIds(
  { index, layout, idBytes, objects }: Indexed,
  from = 0,
  to = objects,
): Buffer {
  const { ids, idStride } = layout;
  if (to <= from) return Buffer.alloc(0);
  const bytes = readBytes(index, ids + from * idStride, (to - from - 1) * idStride + idBytes);
  if (idStride === idBytes) return bytes;
  for (let place = 1; place < to - from; place++) {
    bytes.copy(bytes, place * idBytes, place * idStride, place * idStride + idBytes);
  }
  return bytes.subarray(0, (to - from) * idBytes);
}

/** All ids of a pack, hex. */
export function listIds(indexed: Indexed): string[] {
  const ids = readIds(indexed).toString("hex");
  const digits = indexed.idBytes * 2;
  return Array.from({ length: indexed.objects }, (_, at) =>
    ids.slice(at * digits, (at + 1) * digits),
  );
}

/** Whether an index has the checksum that it ends with; reads all of it. */
export function isIndexSound({ index, idBytes }: PackFile): boolean {
  const end = fstatSync(index).size - idBytes;
  const hash = createHash(idBytes === 32 ? "sha256" : "sha1");
  const atATime = 1 << 20;
  for (let at = 0; at < end; at += atATime) {
    hash.update(readBytes(index, at, Math.min(atATime, end - at)));
  }
  return hash.digest().equals(readBytes(index, end, idBytes));
}

/** Reads exactly so many bytes. @throws PackError when the file ends before */
export function readBytes(fd: number, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  if (readInto(fd, bytes, 0, length, at) !== length) throw new PackError("a cut file");
  return bytes;
}

/** Reads up to so many bytes into a buffer; gives how many there were. */
export function readInto(
  fd: number,
  buffer: Uint8Array,
  at: number,
  length: number,
  position: number,
): number {
  let got = 0;
  while (got < length) {
    const more = readSync(fd, buffer, at + got, length - got, position + got);
    if (more <= 0) break;
    got += more;
  }
  return got;
}

// Where a zip's entries are: by its central directory, or by their own headers when it has none.
// Unpacking them is left to zip.ts; PKWARE APPNOTE 6.3.10 names the fields.
import { inflate } from "./inflate.js";

export interface ZipEntry {
  readonly name: string;
  /** Where its local header is. */
  readonly offset: number;
  /** Where its data begins, and how long that is, packed; within the bytes, whatever it claims. */
  readonly start: number;
  readonly size: number;
  readonly method: number;
  readonly encrypted: boolean;
}

const localMagic = 0x04034b50;
const centralMagic = 0x02014b50;
const end64Magic = 0x06064b50;
const locator64Magic = 0x07064b50;
const endLength = 22;
const longestComment = 65_535;

/** A field of 32 bits that says so has its value in the zip64 extra field. */
const inExtra = 0xffffffff;

/** The entries that the central directory lists, or null when there is none that can be read. */
export function centralEntries(bytes: Uint8Array): Iterable<ZipEntry> | null {
  const end = endOfDirectory(bytes);
  if (end === null) return null;
  const data = dataView(bytes);
  let size = data.getUint32(end + 12, true);
  let offset = data.getUint32(end + 16, true);
  let directoryEnd = end;
  if (end >= 20 && data.getUint32(end - 20, true) === locator64Magic) {
    // What stands before a self-extracting archive shifts all offsets, so look where it must be.
    const at = end - 20 - 56;
    if (at >= 0 && data.getUint32(at, true) === end64Magic) {
      size = Number(data.getBigUint64(at + 40, true));
      offset = Number(data.getBigUint64(at + 48, true));
      directoryEnd = at;
    }
  }
  const start = directoryEnd - size;
  const shift = start - offset;
  if (start < 0 || shift < 0) return null;
  if (size > 0 && (start + 4 > bytes.length || data.getUint32(start, true) !== centralMagic)) {
    return null;
  }
  return walkDirectory(bytes, data, start, directoryEnd, shift);
}

function* walkDirectory(
  bytes: Uint8Array,
  data: DataView,
  start: number,
  end: number,
  shift: number,
): Iterable<ZipEntry> {
  for (let at = start; at + 46 <= end && data.getUint32(at, true) === centralMagic;) {
    const flags = data.getUint16(at + 8, true);
    const nameLength = data.getUint16(at + 28, true);
    const extraLength = data.getUint16(at + 30, true);
    const extraAt = at + 46 + nameLength;
    let size = data.getUint32(at + 20, true);
    let local = data.getUint32(at + 42, true);
    if (size === inExtra || local === inExtra) {
      const wide = wideFields(data, extraAt, Math.min(end, extraAt + extraLength), {
        beforeSize: data.getUint32(at + 24, true) === inExtra,
        size: size === inExtra,
        local: local === inExtra,
      });
      size = wide.size ?? size;
      local = wide.local ?? local;
    }
    const offset = local + shift;
    const name = nameAt(bytes, at + 46, nameLength, flags);
    const method = data.getUint16(at + 10, true);
    at = extraAt + extraLength + data.getUint16(at + 32, true);
    if (offset + 30 > bytes.length || data.getUint32(offset, true) !== localMagic) continue;
    const from =
      offset + 30 + data.getUint16(offset + 26, true) + data.getUint16(offset + 28, true);
    const encrypted = (flags & 1) !== 0;
    yield { name, offset, start: from, size: within(bytes, from, size), method, encrypted };
  }
}

/** APPNOTE 4.5.3: the fields that did not fit, in this order, each only if it did not. */
function wideFields(
  data: DataView,
  from: number,
  to: number,
  missing: { readonly beforeSize: boolean; readonly size: boolean; readonly local: boolean },
): { readonly size?: number; readonly local?: number } {
  for (let at = from; at + 4 <= to; at += 4 + data.getUint16(at + 2, true)) {
    if (data.getUint16(at, true) !== 1) continue;
    const values: number[] = [];
    for (let field = at + 4; field + 8 <= to && values.length < 3; field += 8) {
      values.push(Number(data.getBigUint64(field, true)));
    }
    let next = missing.beforeSize ? 1 : 0;
    const size = missing.size ? values[next++] : undefined;
    const local = missing.local ? values[next] : undefined;
    return { ...(size === undefined ? {} : { size }), ...(local === undefined ? {} : { local }) };
  }
  return {};
}

/** Entries in the order of their own headers, for a zip that was cut off or has no directory. */
export function localEntries(bytes: Uint8Array): Iterable<ZipEntry> | null {
  if (bytes.length < 30 || dataView(bytes).getUint32(0, true) !== localMagic) return null;
  return walkLocal(bytes, dataView(bytes));
}

/** What an entry of unknown length may be inflated to, only to learn where it ends. */
const mostToMeasure = 64 * 1024 * 1024;

function* walkLocal(bytes: Uint8Array, data: DataView): Iterable<ZipEntry> {
  let at = 0;
  while (at + 30 <= bytes.length && data.getUint32(at, true) === localMagic) {
    const flags = data.getUint16(at + 6, true);
    const method = data.getUint16(at + 8, true);
    const nameLength = data.getUint16(at + 26, true);
    const start = at + 30 + nameLength + data.getUint16(at + 28, true);
    let size = data.getUint32(at + 18, true);
    if ((flags & 8) !== 0 && size === 0) {
      // The length stands behind the data, which only tells its end by itself when deflated.
      const rest = bytes.subarray(start);
      const next = Buffer.from(rest.buffer, rest.byteOffset, rest.length).indexOf(
        "PK\u0007\u0008",
        0,
        "latin1",
      );
      size =
        method === 8 ? inflate(rest, mostToMeasure).consumed : next === -1 ? rest.length : next;
    }
    const entry = {
      name: nameAt(bytes, at + 30, nameLength, flags),
      offset: at,
      start,
      size: within(bytes, start, size),
      method,
      encrypted: (flags & 1) !== 0,
    };
    yield entry;
    at = start + size;
    if ((flags & 8) !== 0) {
      while (
        at + 4 <= bytes.length &&
        at < start + size + 24 &&
        data.getUint32(at, true) !== localMagic
      )
        at++;
    }
  }
}

/** The end record: the last of the file, apart from a comment whose length it tells. */
function endOfDirectory(bytes: Uint8Array): number | null {
  if (bytes.length < endLength) return null;
  const tail = bytes.subarray(Math.max(0, bytes.length - endLength - longestComment));
  const before = bytes.length - tail.length;
  const text = Buffer.from(tail.buffer, tail.byteOffset, tail.length);
  for (let at = text.length - endLength; at >= 0; at--) {
    at = text.lastIndexOf("PK\u0005\u0006", at, "latin1");
    if (at === -1) return null;
    if (at + endLength + text.readUInt16LE(at + 20) <= text.length) return before + at;
  }
  return null;
}

function within(bytes: Uint8Array, start: number, size: number): number {
  return Math.max(0, Math.min(size, bytes.length - start));
}

function nameAt(bytes: Uint8Array, at: number, length: number, flags: number): string {
  const name = Buffer.from(bytes.subarray(at, at + length));
  const utf8 = name.toString("utf8");
  return (flags & 0x800) !== 0 || !utf8.includes("\ufffd") ? utf8 : name.toString("latin1");
}

function dataView(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

// tar: v7, ustar, pax and GNU long names.
// Compression around it is left to the other decoders.
import type { Notice } from "../../model/index.js";
import type { Budget, Decoder, View } from "../view.js";
import { damaged, limitReached, spendEntry } from "./budget.js";
import { storedEntry } from "./entry.js";

export const tar: Decoder = { name: "tar", decode };

const block = 512;

function* decode(bytes: Uint8Array, budget: Budget): Iterable<View | Notice> {
  if (!isHeader(bytes, 0)) return;
  let longName: string | null = null;
  for (let at = 0; at + block <= bytes.length;) {
    if (bytes[at] === 0 && isZero(bytes, at)) {
      at += block;
      continue;
    }
    const size = numberAt(bytes, at + 124, 12);
    if (!isHeader(bytes, at) || size === null) {
      yield* damaged("tar", bytes.length - at);
      return;
    }
    const start = at + block;
    const content = bytes.subarray(start, start + size);
    const name: string = longName ?? nameAt(bytes, at);
    longName = null;
    const type = String.fromCharCode(bytes[at + 156] ?? 0);
    if (type === "L") longName = textOf(content.subarray(0, 4096));
    else if (type === "x") longName = paxPath(content);
    else if (isFile(type)) {
      if (!spendEntry(budget)) {
        yield limitReached("tar");
        return;
      }
      yield* storedEntry({ encoding: "tar", name, offset: start, size }, content, budget, false);
      if (content.length < size) yield* damaged(`tar:${name}`, size);
    }
    at = start + Math.ceil(size / block) * block;
  }
}

/** Regular, contiguous and sparse files. */
function isFile(type: string): boolean {
  return type === "\0" || type === "0" || type === "7" || type === "S";
}

/** A header proves itself by its checksum, also in the oldest format, which has no magic. */
function isHeader(bytes: Uint8Array, at: number): boolean {
  if (at + block > bytes.length || bytes[at] === 0) return false;
  const told = numberAt(bytes, at + 148, 8);
  if (told === null || told === 0) return false;
  let sum = 8 * 0x20;
  for (let index = 0; index < block; index++) {
    if (index < 148 || index >= 156) sum += bytes[at + index] ?? 0;
  }
  return sum === told;
}

function isZero(bytes: Uint8Array, at: number): boolean {
  return bytes.subarray(at, at + block).every((byte) => byte === 0);
}

/** Octal digits, or GNU's base 256; null when it is neither or no size that can be. */
function numberAt(bytes: Uint8Array, at: number, length: number): number | null {
  if (((bytes[at] ?? 0) & 0x80) !== 0) {
    let value = (bytes[at] ?? 0) & 0x7f;
    for (let index = 1; index < length; index++) value = value * 256 + (bytes[at + index] ?? 0);
    return Number.isSafeInteger(value) ? value : null;
  }
  const text = Buffer.from(bytes.subarray(at, at + length)).toString("latin1");
  const digits = /^ *([0-7]*)[ \0]*/u.exec(text)?.[1];
  return digits === undefined ? null : Number.parseInt(digits || "0", 8);
}

function textOf(bytes: Uint8Array): string {
  const zero = bytes.indexOf(0);
  return Buffer.from(zero === -1 ? bytes : bytes.subarray(0, zero)).toString("utf8");
}

function nameAt(bytes: Uint8Array, at: number): string {
  const name = textOf(bytes.subarray(at, at + 100));
  const isUstar = textOf(bytes.subarray(at + 257, at + 262)) === "ustar";
  const prefix = isUstar ? textOf(bytes.subarray(at + 345, at + 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** POSIX pax: records `length keyword=value`, of which `path` overrides the name. */
function paxPath(content: Uint8Array): string | null {
  const text = Buffer.from(content.subarray(0, 65_536)).toString("utf8");
  return /^\d+ path=([^\n]*)$/mu.exec(text)?.[1] ?? null;
}

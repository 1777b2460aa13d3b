// PDF: the text that pages show, and other streams, of Flate and ASCII85 (ISO 32000-1).
// Text in fonts of its own encoding is not read back; pictures and fonts are left out.
import type { Notice } from "../../model/index.js";
import type { Budget, Decoder, View } from "../view.js";
import { encrypted, limitReached, spendEntry } from "./budget.js";
import { mostBytes, packedEntry } from "./entry.js";
import { type Inflated, inflate } from "./inflate.js";
import { shownText } from "./pdf-text.js";

export const pdf: Decoder = { name: "pdf", decode };

/** Longest dictionary that is looked for before a stream. */
const longestDictionary = 2000;

function* decode(bytes: Uint8Array, budget: Budget): Iterable<View | Notice> {
  const document = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const head = document.subarray(0, 1024).indexOf("%PDF-");
  if (head === -1) return;
  if (document.includes("/Encrypt ")) {
    yield encrypted("pdf");
    return;
  }
  let nth = 0;
  for (let at = document.indexOf("stream", head); at !== -1;) {
    const start = dataStart(document, at);
    const end = start === null ? -1 : document.indexOf("endstream", start);
    if (start === null || document.subarray(at - 3, at).equals(endWord)) {
      at = document.indexOf("stream", at + 6);
      continue;
    }
    nth++;
    const dictionary = dictionaryBefore(document, at);
    const data = document.subarray(start, end === -1 ? document.length : end);
    at = end === -1 ? -1 : document.indexOf("stream", end + 9);
    const read = readerOf(dictionary);
    if (read === null) continue;
    if (!spendEntry(budget)) {
      yield limitReached("pdf");
      return;
    }
    const content = read(data, mostBytes(budget));
    // Many writers leave line ends after the data, and a stream that is cut off is still read.
    const shown = { ...content, bytes: shownText(content.bytes) };
    const whole = content.end === "damaged" ? { ...shown, end: "whole" as const } : shown;
    const entry = { encoding: "pdf", name: `stream ${nth}`, offset: start, size: data.length };
    yield* packedEntry(entry, whole, budget);
  }
}

const endWord = Buffer.from("end");

function dataStart(document: Buffer, at: number): number | null {
  const after = document[at + 6];
  if (after === 0x0a) return at + 7;
  return after === 0x0d ? at + (document[at + 7] === 0x0a ? 8 : 7) : null;
}

function dictionaryBefore(document: Buffer, at: number): string {
  const text = document.toString("latin1", Math.max(0, at - longestDictionary), at);
  return text.slice(Math.max(0, text.lastIndexOf(" obj")));
}

type Read = (data: Uint8Array, most: number) => Inflated;

/** How a stream's data is read by its filters; null when it is no text or not packed at all. */
function readerOf(dictionary: string): Read | null {
  if (/\/(?:Subtype\s*\/Image|Length[123]\s|FontFile|DCTDecode|JPXDecode)/u.test(dictionary))
    return null;
  const filters = /\/Filter\s*(\[[^\]]*\]|\/\w+)/u.exec(dictionary)?.[1] ?? "";
  const names = filters.match(/[A-Za-z0-9]+/gu) ?? [];
  if (names.length === 1 && /^(?:FlateDecode|Fl)$/u.test(names[0] ?? "")) return zlibData;
  if (/^(?:ASCII85Decode|A85) (?:FlateDecode|Fl)$/u.test(names.join(" "))) {
    return (data, most) => zlibData(ascii85(data), most);
  }
  return null;
}

/** RFC 1950: two bytes, deflate data, a checksum. */
function zlibData(data: Uint8Array, most: number): Inflated {
  return inflate(data.subarray(2), most);
}

/** ISO 32000-1, 7.4.3. */
function ascii85(data: Uint8Array): Uint8Array {
  const output = new Uint8Array(data.length * 4 + 8);
  let length = 0;
  let value = 0;
  let count = 0;
  const put = (bytes: number): void => {
    for (let shift = 24; shift > 24 - bytes * 8; shift -= 8)
      output[length++] = (value >>> shift) & 255;
  };
  for (const byte of data) {
    if (byte === 0x7e) break;
    if (byte === 0x7a && count === 0) {
      value = 0;
      put(4);
    } else if (byte >= 0x21 && byte <= 0x75) {
      value = value * 85 + byte - 0x21;
      if (++count < 5) continue;
      put(4);
      value = 0;
      count = 0;
    }
  }
  if (count > 1) {
    for (let missing = count; missing < 5; missing++) value = value * 85 + 84;
    put(count - 1);
  }
  return output.subarray(0, length);
}

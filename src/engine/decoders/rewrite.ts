// Reads back text in which characters of a key are written otherwise, or have something between
// them: a part of the text around each hit is rewritten, and given as a view if that changed a key.
// How one notation is read is left to the notation's own file.
import type { Notice } from "../../model/index.js";
import type { Budget, View } from "../view.js";
import { limitReached, spend } from "./budget.js";
import { type Mapping, sourceOf } from "./mapping.js";
import type { Matcher } from "./matcher.js";
import type { TextForm } from "./text-form.js";
import type { WitnessGroup } from "./witnesses.js";

/** What stands at a place of a text, read back. */
export interface Reading {
  /** How many bytes it takes in the text, at least one. */
  readonly length: number;
  /** What it stands for; never longer than `length`. */
  readonly bytes: Uint8Array;
}

/** A stretch of a document, also as a Latin-1 string for regular expressions. */
interface Stretch {
  readonly bytes: Uint8Array;
  readonly text: string;
  /** The last bytes read back before this place, so many or fewer. */
  readonly written: (count: number) => Uint8Array;
}

export interface Rewriting {
  /** The name under `encoding` in reports. */
  readonly name: string;
  /** Groups of witnesses at which to look; plain and broken keys always are. */
  readonly groups: readonly WitnessGroup[];
  /** Bytes with which something to read back may begin. */
  readonly triggers: string;
  /** How many bytes a character of a key may take. */
  readonly widest: number;
  /** Reads what stands at `at`; null when it stands for itself. */
  readonly read: (stretch: Stretch, at: number) => Reading | null;
}

export const nothing: Uint8Array = new Uint8Array(0);

/** Longest key, in characters; longer ones would be found by their first part. */
const longestKey = 720;
/** What may stand before a witness and belong to the same key: one break and a character or two. */
const lookBehind = 320;

/** Characters of keys, and of base64. */
const runCharacters = tableOf(/[A-Za-z0-9._+/=-]/u);

export function tableOf(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) =>
    pattern.test(String.fromCharCode(byte)) ? 1 : 0,
  );
}

/** @param keyBegins finds where a key begins, plain or in another form of text */
export function rewritingForm(rewriting: Rewriting, keyBegins: Matcher): TextForm {
  const triggers = new Uint8Array(256);
  for (const byte of Buffer.from(rewriting.triggers, "latin1")) triggers[byte] = 1;
  return {
    groups: ["plain", "broken", "base64", "base64 of utf-16", "base64 twice", ...rewriting.groups],
    decode: (bytes, hits, budget) =>
      decode(bytes, hits, budget, { rewriting, triggers, keyBegins }),
  };
}

interface Prepared {
  readonly rewriting: Rewriting;
  readonly triggers: Uint8Array;
  readonly keyBegins: Matcher;
}

interface Rewritten extends Mapping {
  readonly bytes: Uint8Array;
}

function* decode(
  bytes: Uint8Array,
  hits: readonly number[],
  budget: Budget,
  prepared: Prepared,
): Iterable<View | Notice> {
  const parts: Rewritten[] = [];
  for (const [from, to] of stretchesAround(bytes, hits, prepared)) {
    const part = rewriteStretch(bytes, from, to, prepared);
    if (part !== null && changesAKey(part, prepared.keyBegins)) parts.push(part);
  }
  if (parts.length === 0) return;
  const whole = join(parts);
  const { name } = prepared.rewriting;
  if (!spend(budget, whole.bytes.length)) {
    yield limitReached(name);
    return;
  }
  yield {
    kind: "view",
    encoding: name,
    trail: null,
    bytes: whole.bytes,
    sourceOffset: (offset) => sourceOf(whole, offset),
  };
}

/** The parts of a document that may belong to a key at a hit, without overlap. */
function stretchesAround(
  bytes: Uint8Array,
  hits: readonly number[],
  { rewriting }: Prepared,
): readonly (readonly [number, number])[] {
  const stretches: [number, number][] = [];
  for (const hit of hits) {
    const from = Math.max(0, hit - lookBehind);
    const to = Math.min(bytes.length, hit + lookBehind + longestKey * rewriting.widest);
    const last = stretches.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = to;
    else stretches.push([from, to]);
  }
  return stretches;
}

function rewriteStretch(
  bytes: Uint8Array,
  from: number,
  to: number,
  { rewriting, triggers }: Prepared,
): Rewritten | null {
  let first = from;
  while (first < to && triggers[bytes[first] ?? 0] !== 1) first++;
  if (first === to) return null;
  const source = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
  const output = new Uint8Array(source.length);
  const outputs = [0];
  const sources = [from];
  let length = 0;
  const stretch: Stretch = {
    bytes: source,
    text: source.toString("latin1"),
    written: (count) => output.subarray(Math.max(0, length - count), length),
  };
  for (let at = 0; at < source.length;) {
    const byte = source[at] ?? 0;
    const reading = triggers[byte] === 1 ? rewriting.read(stretch, at) : null;
    if (reading === null) {
      output[length++] = byte;
      at++;
      continue;
    }
    outputs.push(length);
    sources.push(from + at);
    output.set(reading.bytes, length);
    length += reading.bytes.length;
    at += reading.length;
    outputs.push(length);
    sources.push(from + at);
  }
  return outputs.length === 1 ? null : { bytes: output.subarray(0, length), outputs, sources };
}

/** Does a run of characters that begins like a key hold something that was read back? */
function changesAKey({ bytes, outputs }: Rewritten, keyBegins: Matcher): boolean {
  let changed = false;
  keyBegins(bytes, (start) => {
    if (changed) return;
    let end = start + 2;
    while (end < bytes.length && runCharacters[bytes[end] ?? 0] === 1) end++;
    const next = outputs.findLastIndex((output) => output <= end);
    // The first pair is the stretch's beginning, no change.
    changed = next > 0 && (outputs[next] ?? 0) >= start;
  });
  return changed;
}

const separator = Buffer.from("\n");

function join(parts: readonly Rewritten[]): Rewritten {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const outputs: number[] = [];
  const sources: number[] = [];
  let length = 0;
  for (const part of parts) {
    for (const output of part.outputs) outputs.push(output + length);
    for (const source of part.sources) sources.push(source);
    length += part.bytes.length + 1;
  }
  return {
    bytes: Buffer.concat(parts.flatMap((part) => [part.bytes, separator])),
    outputs,
    sources,
  };
}

// Jupyter notebooks: each cell's source and its outputs as text, with the cell named.
// Where in the JSON the strings are is json-strings.ts; images in outputs are left out.
import type { Notice } from "../../model/index.js";
import type { Budget, Decoder, View } from "../view.js";
import { limitReached, spend, spendEntry } from "./budget.js";
import { type JsonString, jsonStrings, unescapeJson } from "./json-strings.js";
import { sourceOf } from "./mapping.js";

export const notebook: Decoder = { name: "ipynb", decode };

/** Every notebook has this member at its top (nbformat 4, "Notebook file format"). */
const marker = '"nbformat"';

function* decode(bytes: Uint8Array, budget: Budget): Iterable<View | Notice> {
  let first = 0;
  while (first < 8 && (bytes[first] ?? 0) !== 0x7b) first++;
  if (bytes[first] !== 0x7b) return;
  if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(marker) === -1) return;
  let name: string | null = null;
  let strings: JsonString[] = [];
  for (const string of jsonStrings(bytes)) {
    const own = cellPart(string.path);
    if (own === null) continue;
    if (own !== name) {
      if (name !== null) yield* cellView(bytes, name, strings, budget);
      name = own;
      strings = [];
    }
    strings.push(string);
  }
  if (name !== null) yield* cellView(bytes, name, strings, budget);
}

/** What of a cell a string belongs to: `cells, 2, source, 0` is `cell 3`. */
function cellPart(path: readonly (string | number)[]): string | null {
  const [cells, cell, part] = path;
  if (cells !== "cells" || typeof cell !== "number") return null;
  if (part === "source") return `cell ${cell + 1}`;
  if (part !== "outputs") return null;
  // Pictures are base64 of what is no text; `text/plain`, `text/html`, JSON and streams are.
  if (path.some((step) => typeof step === "string" && /^(?:image|video|audio)\//u.test(step))) {
    return null;
  }
  return `cell ${cell + 1} output`;
}

function* cellView(
  bytes: Uint8Array,
  name: string,
  strings: readonly JsonString[],
  budget: Budget,
): Iterable<View | Notice> {
  const { text, outputs, sources } = unescapeJson(bytes, strings);
  if (text.length === 0) return;
  if (!spendEntry(budget) || !spend(budget, text.length)) {
    yield limitReached(`ipynb:${name}`);
    return;
  }
  yield {
    kind: "view",
    encoding: "ipynb",
    trail: `ipynb:${name}`,
    bytes: text,
    sourceOffset: (offset) => sourceOf({ outputs, sources }, offset),
  };
}

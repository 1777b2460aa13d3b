// Encodings of texts as functions, and those that are looked for one within another.
// What a key's own characters are written as is forms.ts.
import { gzipSync } from "node:zlib";

function eachCharacter(text: string, write: (code: number) => string): string {
  return text.replaceAll(/[^\n]/gu, (character) => write(character.charCodeAt(0)));
}

function hexOf(code: number, width = 2): string {
  return code.toString(16).padStart(width, "0");
}

/** Layers of encodings; what is not text by itself is given as Latin-1. */
export const layers = {
  base64: { encoding: "base64", write: (text) => Buffer.from(text, "latin1").toString("base64") },
  hex: { encoding: "hex", write: (text) => Buffer.from(text, "latin1").toString("hex") },
  gzip: { encoding: "gzip", write: (text) => gzipSync(text).toString("latin1") },
  "UTF-16": {
    encoding: "utf-16",
    write: (text) => Buffer.from(text, "utf16le").toString("latin1"),
  },
  percent: {
    encoding: "percent",
    write: (text) => encodeURIComponent(text).replaceAll(/[-_.]/gu, percentOf),
  },
  "percent everywhere": {
    encoding: "percent",
    write: (text) => text.replaceAll(/./gsu, percentOf),
  },
  entities: { encoding: "html", write: (text) => text.replaceAll(/[^A-Za-z0-9\n]/gu, entityOf) },
  "entities everywhere": { encoding: "html", write: (text) => text.replaceAll(/./gu, entityOf) },
  "hex entities everywhere": {
    encoding: "html",
    write: (text) => eachCharacter(text, (code) => `&#x${hexOf(code)};`),
  },
  "named entities": {
    encoding: "html",
    write: (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;"),
  },
  "\\u002d": { encoding: "escape", write: (text) => text.replaceAll(/[^A-Za-z0-9]/gu, escapeOf) },
  "\\u002d everywhere": { encoding: "escape", write: (text) => text.replaceAll(/./gu, escapeOf) },
  "\\x2d": {
    encoding: "escape",
    write: (text) => text.replaceAll(/[^A-Za-z0-9]/gu, (each) => `\\x${hexOf(each.charCodeAt(0))}`),
  },
  "\\x2d everywhere": {
    encoding: "escape",
    write: (text) => eachCharacter(text, (code) => `\\x${hexOf(code)}`),
  },
  // One step undoes backslashes, however often they were doubled.
  "JSON of \\u002d": {
    encoding: "escape",
    write: (text) => JSON.stringify(text.replaceAll("-", "\\u002d")),
  },
  "JSON of \\u0025": {
    encoding: "escape",
    write: (text) => JSON.stringify(text.replaceAll("%", "\\u0025")),
  },
  "JSON of JSON of \\u002d": {
    encoding: "escape",
    write: (text) => JSON.stringify(JSON.stringify(text.replaceAll("-", "\\u002d"))),
  },
  "JSON of JSON of JSON of \\u002d": {
    encoding: "escape",
    write: (text) =>
      JSON.stringify(JSON.stringify(JSON.stringify(text.replaceAll("-", "\\u002d")))),
  },
  "JSON of JSON of JSON of \\u002d everywhere": {
    encoding: "escape",
    write: (text) =>
      JSON.stringify(JSON.stringify(JSON.stringify(text.replaceAll(/./gu, escapeOf)))),
  },
} as const satisfies Record<
  string,
  { readonly encoding: string; readonly write: (text: string) => string }
>;

function percentOf(character: string): string {
  return `%${hexOf(character.charCodeAt(0)).toUpperCase()}`;
}

function entityOf(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

function escapeOf(character: string): string {
  return `\\u${hexOf(character.charCodeAt(0), 4)}`;
}

type Layer = keyof typeof layers;

/** @param names outermost first */
export function compose(names: readonly Layer[], text: string): string {
  return names.reduceRight((inner, name) => layers[name].write(inner), text);
}

const escaped: readonly Layer[] = [
  "percent",
  "percent everywhere",
  "entities",
  "entities everywhere",
  "hex entities everywhere",
  "\\u002d",
  "\\u002d everywhere",
  "\\x2d",
  "\\x2d everywhere",
];

/** Encodings of encodings in which keys are found, outermost first. */
export const compositions: readonly (readonly Layer[])[] = [
  ...[...escaped, "JSON of \\u002d" as const, "JSON of JSON of \\u002d" as const].map(
    (inner): readonly Layer[] => ["base64", inner],
  ),
  ["base64", "hex"],
  ["base64", "base64", "base64"],
  ["base64", "UTF-16", "base64"],
  ["base64", "gzip", "base64"],
  ["hex", "gzip"],
  ["hex", "base64"],
  ["hex", "hex"],
  ["hex", "UTF-16"],
  ...(["percent", "entities", "named entities", "\\u002d"] as const).flatMap((outer) =>
    escaped
      .filter((inner) => outer !== "named entities" || inner.includes("entities"))
      .filter((inner) => outer !== "\\u002d" || !inner.startsWith("\\"))
      .map((inner): readonly Layer[] => [outer, inner]),
  ),
  ...(["percent everywhere", "entities everywhere"] as const).flatMap((outer) =>
    (["percent", "percent everywhere", "entities", "entities everywhere", "\\u002d"] as const).map(
      (inner): readonly Layer[] => [outer, inner],
    ),
  ),
  ["base64", "percent", "\\u002d"],
  ["base64", "percent", "entities"],
  ["base64", "named entities", "entities"],
  ["base64", "entities", "percent"],
  ["hex", "percent", "percent"],
  ["hex", "gzip", "percent"],
  ["percent", "percent", "percent"],
  ["percent", "percent", "entities"],
  ["percent", "entities", "\\u002d"],
  ["entities", "percent", "percent"],
  ["entities", "entities", "entities"],
  ["percent", "percent", "percent", "percent"],
  ["percent", "JSON of \\u002d"],
  ["JSON of \\u0025", "percent"],
  ["entities", "JSON of \\u002d"],
  ["JSON of \\u002d"],
  ["JSON of JSON of \\u002d"],
  ["JSON of JSON of JSON of \\u002d"],
  ["JSON of JSON of JSON of \\u002d everywhere"],
];

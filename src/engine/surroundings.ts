// The stretches of text that a reader would say belong to a key: its line, the objects that hold
// it, the lines around it. What the words in them mean is left to context.ts.
import type { Range } from "./document.js";

/** A minified line is as good as a file: of a line only so much belongs to a key, in bytes. */
const lineReach = 400;
const objectReach = 4096;
const nearLines = 10;
const objectLevels = 4;
const closers: Readonly<Record<string, string>> = { "}": "{", "]": "[", ")": "(" };

/** Line of `at`, without its end, cut at a reach. */
export function lineAround(text: string, { from, to }: Range): Range {
  return { from: lineStart(text, from, lineReach), to: lineEnd(text, to, lineReach) };
}

/** The line before the one at `at`, or null at the top; cut at a reach. */
export function lineBefore(text: string, at: number): Range | null {
  const start = lineStart(text, at, lineReach);
  if (start === 0 || !isLineEnd(text, start - 1)) return null;
  const end = text[start - 1] === "\n" && text[start - 2] === "\r" ? start - 2 : start - 1;
  return { from: lineStart(text, end, lineReach), to: end };
}

/** About ten lines on each side. */
export function linesAround(text: string, { from, to }: Range): Range {
  let start = lineStart(text, from, objectReach);
  let end = lineEnd(text, to, objectReach);
  for (let line = 0; line < nearLines; line++) {
    start = lineStart(text, Math.max(0, start - 1), objectReach - (from - start));
    end = lineEnd(text, Math.min(text.length, end + 1), objectReach - (end - to));
  }
  return { from: Math.min(start, from), to: Math.max(end, to) };
}

/** The objects that hold a key, innermost first: brackets, indented blocks, sections, paragraphs. */
export function objectsAround(text: string, key: Range): Range[] {
  const objects = bracketsAround(text, key);
  const blocks = blocksAround(text, key);
  return [...objects, ...blocks].sort((a, b) => a.to - a.from - (b.to - b.from));
}

/** Enclosing brackets with the label before them (`"dashscope": {`, `OpenAI(`). */
function bracketsAround(text: string, key: Range): Range[] {
  const ranges: Range[] = [];
  const lowest = Math.max(0, key.from - objectReach);
  const highest = Math.min(text.length, key.to + objectReach);
  let end = key.to;
  const waiting: string[] = [];
  for (let at = key.from - 1; at >= lowest && ranges.length < objectLevels; at--) {
    const character = text[at] ?? "";
    if (closers[character] !== undefined) waiting.push(closers[character]);
    else if ("{[(".includes(character)) {
      if (waiting.pop() !== undefined) continue;
      end = closingBracket(text, end, highest);
      ranges.push({ from: labelStart(text, at, lowest), to: end });
    }
  }
  return ranges;
}

function closingBracket(text: string, from: number, limit: number): number {
  let depth = 0;
  for (let at = from; at < limit; at++) {
    const character = text[at] ?? "";
    if ("{[(".includes(character)) depth++;
    else if (closers[character] !== undefined && depth-- === 0) return at + 1;
  }
  return limit;
}

function labelStart(text: string, bracket: number, lowest: number): number {
  let at = bracket;
  const furthest = Math.max(lowest, bracket - 80);
  while (at > furthest && !/[,;{}()[\]\r\n]/u.test(text[at - 1] ?? "")) at--;
  return at;
}

/**
 * Blocks by layout: the lines indented like the key's or deeper below each less indented line
 * (YAML), the section under a `[header]` (INI, TOML), and the paragraph between blank lines.
 */
function blocksAround(text: string, key: Range): Range[] {
  const own = lineStart(text, key.from, objectReach);
  const ranges: Range[] = [];
  let indent = indentAt(text, own);
  let top = own;
  let bottom = lineEnd(text, key.to, objectReach);
  const lowest = Math.max(0, key.from - objectReach);
  for (let level = 0; level < objectLevels && indent > 0; level++) {
    const parent = lineWhere(text, top, lowest, (start) => indentAt(text, start) < indent);
    if (parent === null) break;
    bottom = blockEnd(text, bottom, indent, key.to + objectReach);
    ranges.push({ from: parent, to: bottom });
    top = parent;
    indent = indentAt(text, parent);
  }
  const header = lineWhere(text, own, lowest, (start) => text[start] === "[");
  if (header !== null) {
    const next = text.indexOf("\n[", key.to);
    ranges.push({ from: header, to: next === -1 ? text.length : next });
  }
  const paragraph = lineWhere(text, own, lowest, (start) => isBlank(text, start));
  const gap = /\r?\n[ \t]*\r?\n/u.exec(text.slice(key.to, key.to + objectReach));
  ranges.push({
    from: paragraph ?? lowest,
    to: key.to + (gap?.index ?? Math.min(objectReach, text.length - key.to)),
  });
  return ranges;
}

/** Start of the nearest line above the one at `start` for which `accepts`; blank lines are asked too. */
function lineWhere(
  text: string,
  start: number,
  lowest: number,
  accepts: (start: number) => boolean,
): number | null {
  for (let at = start; at > lowest;) {
    at = lineStart(text, at - 1, objectReach);
    if (accepts(at)) return at;
  }
  return null;
}

function blockEnd(text: string, from: number, indent: number, limit: number): number {
  let end = from;
  while (end < text.length && end < limit) {
    const next = end + (text.startsWith("\r\n", end) ? 2 : 1);
    if (!isBlank(text, next) && indentAt(text, next) < indent) return end;
    end = lineEnd(text, next, objectReach);
  }
  return end;
}

/** Columns of white space at a line's start; a blank line counts as indented without end. */
function indentAt(text: string, start: number): number {
  let at = start;
  while (text[at] === " " || text[at] === "\t") at++;
  // A list's dash belongs to the indentation of what stands behind it.
  if (text[at] === "-" && text[at + 1] === " ") at += 2;
  return at === text.length || isLineEnd(text, at) ? Infinity : at - start;
}

function isBlank(text: string, start: number): boolean {
  return indentAt(text, start) === Infinity;
}

function lineStart(text: string, at: number, reach: number): number {
  const lowest = Math.max(0, at - Math.max(0, reach));
  let start = at;
  while (start > lowest && !isLineEnd(text, start - 1)) start--;
  return start;
}

function lineEnd(text: string, at: number, reach: number): number {
  const highest = Math.min(text.length, at + Math.max(0, reach));
  let end = at;
  while (end < highest && !isLineEnd(text, end)) end++;
  return end;
}

function isLineEnd(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 10 || code === 13;
}

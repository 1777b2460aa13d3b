// A run of encoded text that may be wrapped: its characters without the breaks, and the way back.
// What the characters mean is left to the decoders.
import { lastAtMost } from "./mapping.js";

export interface Run {
  /** The characters, breaks left out. */
  readonly text: Buffer;
  /** End of the run in the document. */
  readonly end: number;
  /** Where the character at an offset of `text` stands in the document. */
  readonly sourceOffset: (offset: number) => number;
  /** Does a line or literal begin at this offset of `text`? */
  readonly beginsPiece: (offset: number) => boolean;
}

/** Longest gap between two lines of one run: a line end, an indentation, quotes, an operator. */
const longestGap = 160;

/** Shortest piece to which a run is continued over a gap. */
const shortestPiece = 4;

/**
 * The run that holds, or begins at most two bytes after, an offset.
 * @param letters 1 for each byte that may be in a run
 * @param floor the run does not begin before, so that no byte is read for many runs
 */
export function runAround(
  bytes: Uint8Array,
  at: number,
  letters: Uint8Array,
  floor: number,
): Run | null {
  let inside = at;
  while (inside < at + 3 && letters[bytes[inside] ?? 0] !== 1) inside++;
  if (letters[bytes[inside] ?? 0] !== 1) return null;
  const pieces: [number, number][] = [];
  let start = startOf(bytes, inside, letters);
  const middle = pieceAt(bytes, start, letters);
  for (;;) {
    const before = gapBefore(bytes, start, letters);
    if (before === start || before <= floor) break;
    const earlier = startOf(bytes, before - 1, letters);
    if (before - earlier < shortestPiece) break;
    pieces.push([earlier, before]);
    start = earlier;
  }
  pieces.reverse();
  pieces.push(middle);
  let end = middle[1];
  for (;;) {
    const after = gapAfter(bytes, end, letters);
    if (after === end) break;
    const piece = pieceAt(bytes, after, letters);
    pieces.push(piece);
    end = piece[1];
  }
  return assemble(bytes, pieces, end);
}

function startOf(bytes: Uint8Array, inside: number, letters: Uint8Array): number {
  let start = inside;
  while (start > 0 && letters[bytes[start - 1] ?? 0] === 1) start--;
  // The n of a literal `\n` belongs to the gap, not to the text.
  if (start > 0 && bytes[start - 1] === backslash && isLineLetter(bytes[start])) start++;
  return start;
}

function pieceAt(bytes: Uint8Array, start: number, letters: Uint8Array): [number, number] {
  let end = start;
  while (end < bytes.length && letters[bytes[end] ?? 0] === 1) end++;
  return [start, end];
}

const backslash = 0x5c;
const lineFeed = 0x0a;
const plus = 0x2b;
const gapCharacters = new Set(Buffer.from(" \t\r\n\"'`+.,&\\#>*|", "latin1"));
const quotes = new Set(Buffer.from("\"'`", "latin1"));

function isLineLetter(byte: number | undefined): boolean {
  return byte === 0x6e || byte === 0x72;
}

function isSpaceOrQuote(byte: number | undefined): boolean {
  return byte !== undefined && byte !== plus && gapCharacters.has(byte) && byte !== backslash;
}

/** Where the text goes on after a gap that begins at `end`; `end` itself when it does not. */
function gapAfter(bytes: Uint8Array, end: number, letters: Uint8Array): number {
  let at = end;
  let lines = 0;
  let quoted = 0;
  while (at < bytes.length && at - end < longestGap) {
    const byte = bytes[at] ?? 0;
    if (byte === backslash && isLineLetter(bytes[at + 1])) {
      lines++;
      at += 2;
    } else if (byte === backslash && bytes[at + 1] === 0x2f) {
      // JSON may write a slash as `\/`.
      return at + 1;
    } else if (byte === plus ? isSpaceOrQuote(bytes[at + 1]) : gapCharacters.has(byte)) {
      if (byte === lineFeed || byte === 0x0d) lines++;
      if (quotes.has(byte)) quoted++;
      at++;
    } else break;
  }
  const joins = lines > 0 || quoted >= 2;
  return joins && at < bytes.length && letters[bytes[at] ?? 0] === 1 ? at : end;
}

/** Where the text before a gap that ends at `start` ends; `start` itself when there is none. */
function gapBefore(bytes: Uint8Array, start: number, letters: Uint8Array): number {
  let at = start;
  let lines = 0;
  let quoted = 0;
  while (at > 0 && start - at < longestGap) {
    const byte = bytes[at - 1] ?? 0;
    if (isLineLetter(byte) && bytes[at - 2] === backslash) {
      lines++;
      at -= 2;
    } else if (byte === plus ? isSpaceOrQuote(bytes[at - 2]) : gapCharacters.has(byte)) {
      if (byte === lineFeed || byte === 0x0d) lines++;
      if (quotes.has(byte)) quoted++;
      at--;
    } else break;
  }
  const slash = start - at === 1 && bytes[at] === backslash && bytes[start] === 0x2f;
  const joins = lines > 0 || quoted >= 2 || slash;
  return joins && at > 0 && letters[bytes[at - 1] ?? 0] === 1 ? at : start;
}

function assemble(
  bytes: Uint8Array,
  pieces: readonly (readonly [number, number])[],
  end: number,
): Run {
  const text = Buffer.alloc(pieces.reduce((sum, piece) => sum + piece[1] - piece[0], 0));
  const textStarts: number[] = [];
  let at = 0;
  for (const piece of pieces) {
    textStarts.push(at);
    text.set(bytes.subarray(piece[0], piece[1]), at);
    at += piece[1] - piece[0];
  }
  const pieceOf = (offset: number): number => lastAtMost(textStarts, offset);
  return {
    text,
    end,
    sourceOffset: (offset) => {
      const index = pieceOf(Math.min(offset, text.length));
      return (pieces[index]?.[0] ?? 0) + Math.min(offset, text.length) - (textStarts[index] ?? 0);
    },
    beginsPiece: (offset) => textStarts[pieceOf(offset)] === offset,
  };
}

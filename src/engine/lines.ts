// Lines and columns as an editor shows them: LF, CRLF and lone CR end lines, columns are code points.
// Which document's lines a reader is told is left to scan-document.ts.

export interface LinePosition {
  /** One-based. */
  readonly line: number;
  /** One-based, in Unicode code points; a byte that is not UTF-8 counts as one. */
  readonly column: number;
}

/** Goes through a document once, in order, and tells where it is. */
export interface LineCursor {
  /** Position of `offset`, which must not lie before the one asked for last. */
  readonly at: (bytes: Uint8Array, offset: number) => LinePosition;
  /** The line it has come to. */
  readonly line: () => number;
  /** Tells the cursor that the next bytes begin where these have `offset`. */
  readonly rebase: (bytes: Uint8Array, offset: number) => void;
}

const lineFeed = 10;
const carriageReturn = 13;

/** A cursor at the start of a document. */
export function lineCursor(): LineCursor {
  let position = 0;
  let line = 1;
  let column = 1;
  let afterReturn = false;
  /** Continuation bytes that the code point at hand may still have. */
  let pending = 0;
  let isStart = true;

  const advance = (bytes: Uint8Array, offset: number): void => {
    if (isStart && offset > 0) {
      // A byte order mark is no character of the first line.
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) position = 3;
      isStart = false;
    }
    for (; position < offset; position++) {
      const byte = bytes[position] ?? 0;
      if (byte === lineFeed || byte === carriageReturn) {
        if (!(byte === lineFeed && afterReturn)) line++;
        afterReturn = byte === carriageReturn;
        column = 1;
        pending = 0;
        continue;
      }
      // A zero between CR and LF is UTF-16's.
      if (byte !== 0) afterReturn = false;
      if (byte >= 0x80 && byte < 0xc0 && pending > 0) {
        pending--;
        continue;
      }
      column++;
      pending = byte < 0xc2 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : byte < 0xf5 ? 3 : 0;
    }
  };
  return {
    at(bytes, offset) {
      advance(bytes, offset);
      return { line, column };
    },
    line: () => line,
    rebase(bytes, offset) {
      advance(bytes, offset);
      position -= offset;
    },
  };
}

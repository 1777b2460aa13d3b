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
  /** Where the bytes at hand begin: the next cursor over a view of them starts so. */
  readonly start: () => LineStart;
  /** Tells the cursor that the next bytes will begin where these have `offset`. */
  readonly expect: (offset: number) => void;
  /** Goes over to those next bytes. */
  readonly rebase: (bytes: Uint8Array) => void;
}

export interface LineStart {
  readonly line: number;
  /** The byte before was a CR, so that an LF ends no line of its own. */
  readonly afterReturn: boolean;
}

const lineFeed = 10;
const carriageReturn = 13;

/** A cursor at the start of a document, or where another one's bytes begin. */
export function lineCursor(from: LineStart = { line: 1, afterReturn: false }): LineCursor {
  let start = from;
  let position = 0;
  let { line, afterReturn } = from;
  let column = 1;
  let nextStart: LineStart & { readonly offset: number } = { ...from, offset: Infinity };
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
      if (position === nextStart.offset) nextStart = { line, afterReturn, offset: position };
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
    start: () => start,
    expect(offset) {
      nextStart = { ...nextStart, offset };
    },
    rebase(bytes) {
      const { offset } = nextStart;
      if (position <= offset) {
        advance(bytes, offset);
        nextStart = { line, afterReturn, offset };
      }
      start = nextStart;
      position -= offset;
    },
  };
}

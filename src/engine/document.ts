// Bytes being looked at, and what they were decoded from: the root document or a view of one.
// Finding keys in them is left to scan-document.ts.

/** A document, a window of a large one, or a decoder's view. */
export interface Document {
  readonly bytes: Buffer;
  /** Unlike that of any other document. */
  readonly number: number;
  /** What it was decoded from; null for the root. */
  readonly parent: DocumentParent | null;
  /** Decoders it went through, outermost first. */
  readonly encoding: readonly string[];
  /** Entries of containers it lies in, outermost first. */
  readonly trail: readonly string[];
  /** The bytes as a latin1 string, made when first asked for: positions are byte offsets. */
  readonly text: () => string;
}

interface DocumentParent {
  readonly document: Document;
  readonly sourceOffset: (offset: number) => number;
  /** The parent's lines mean nothing to a reader: it is packed, or not text. */
  readonly ownLines: boolean;
}

/** A stretch of bytes, the end not included. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

let documents = 0;

export function rootDocument(bytes: Uint8Array): Document {
  return makeDocument(bytes, null, [], []);
}

/** A view that a decoder gave of `parent`. */
export function viewDocument(
  parent: Document,
  view: {
    readonly encoding: string;
    readonly trail: string | null;
    readonly bytes: Uint8Array;
    readonly sourceOffset: (offset: number) => number;
  },
): Document {
  // UTF-16 is shown as text where it stands for itself, not where it was encoded within a text.
  const isShown = parent.parent === null || parent.parent.ownLines;
  return makeDocument(
    view.bytes,
    {
      document: parent,
      sourceOffset: view.sourceOffset,
      ownLines: view.trail !== null || (view.encoding === "utf-16" && isShown),
    },
    [...parent.encoding, view.encoding],
    view.trail === null ? parent.trail : [...parent.trail, view.trail],
  );
}

/** Where a range of a document comes from in the document it was decoded from. */
export function parentRange(parent: DocumentParent, { from, to }: Range): Range {
  const start = parent.sourceOffset(from);
  return { from: start, to: Math.max(start, parent.sourceOffset(Math.max(from, to - 1))) + 1 };
}

/** Where a range of a document comes from in the root document. */
export function rootRange(document: Document, range: Range): Range {
  const { parent } = document;
  return parent === null ? range : rootRange(parent.document, parentRange(parent, range));
}

function makeDocument(
  bytes: Uint8Array,
  parent: DocumentParent | null,
  encoding: readonly string[],
  trail: readonly string[],
): Document {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text: string | null = null;
  return {
    bytes: buffer,
    number: documents++,
    parent,
    encoding,
    trail,
    text: () => (text ??= buffer.toString("latin1")),
  };
}

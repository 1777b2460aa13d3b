// Takes apart what `git cat-file --batch` prints, as it comes.
// Talking to the process is left to cat-file.
import type { GitObjectType } from "../model/origin.js";

/** A document or a piece of a large one; `bytes` may be kept. */
export interface ObjectPiece {
  readonly kind: "piece";
  readonly oid: string;
  readonly type: GitObjectType;
  readonly bytes: Uint8Array;
  readonly first: boolean;
  readonly last: boolean;
}

/** What the parser tells of; each object ends with exactly one call of `answered`. */
export interface BatchEvents {
  readonly piece: (piece: ObjectPiece) => void;
  /** @param bytes the object's size, or null when git has no such object */
  readonly answered: (oid: string, bytes: number | null) => void;
}

export interface BatchParser {
  readonly push: (piece: Buffer) => void;
  /** The output ended: closes a large object of which a piece was given already. */
  readonly end: () => void;
}

/** Above this many bytes an object is given in pieces instead of at once. */
const largeObjectBytes = 64 * 2 ** 20;

interface Body {
  readonly oid: string;
  readonly type: GitObjectType;
  readonly size: number;
  /** Bytes that came so far, without the line end behind the body. */
  seen: number;
  /** Where a body that spans pieces of output is put together; null for large objects. */
  whole: Buffer | null;
}

/** Source of the format: git-cat-file(1), "BATCH OUTPUT", git 2.39. */
export function batchParser(events: BatchEvents): BatchParser {
  let header = "";
  let body: Body | null = null;

  const readHeader = (piece: Buffer, from: number): number => {
    const end = piece.indexOf(10, from);
    header += piece.toString("latin1", from, end === -1 ? piece.length : end);
    if (end === -1) return piece.length;
    const [oid = "", type = "", size] = header.split(" ");
    header = "";
    if (size === undefined) events.answered(oid, null);
    else body = { oid, type: type as GitObjectType, size: Number(size), seen: 0, whole: null };
    return end + 1;
  };

  const readBody = (piece: Buffer, from: number, current: Body): number => {
    const { oid, type, size } = current;
    const part = piece.subarray(from, from + Math.min(piece.length - from, size - current.seen));
    if (size > largeObjectBytes) {
      if (part.length > 0) {
        const first = current.seen === 0;
        const last = current.seen + part.length === size;
        events.piece({ kind: "piece", oid, type, bytes: part, first, last });
      }
    } else if (part.length === size) {
      events.piece({ kind: "piece", oid, type, bytes: part, first: true, last: true });
    } else if (part.length > 0) {
      current.whole ??= Buffer.allocUnsafeSlow(size);
      part.copy(current.whole, current.seen);
      if (current.seen + part.length === size) {
        events.piece({ kind: "piece", oid, type, bytes: current.whole, first: true, last: true });
      }
    }
    current.seen += part.length;
    const next = from + part.length;
    if (current.seen < size || next === piece.length) return next;
    events.answered(oid, size);
    body = null;
    return next + 1; // the line end behind the body
  };

  return {
    push: (piece) => {
      let at = 0;
      while (at < piece.length) {
        at = body === null ? readHeader(piece, at) : readBody(piece, at, body);
      }
    },
    end: () => {
      if (body === null || body.size <= largeObjectBytes || body.seen === 0) return;
      const { oid, type } = body;
      if (body.seen < body.size) {
        const bytes = new Uint8Array(0);
        events.piece({ kind: "piece", oid, type, bytes, first: false, last: true });
      }
    },
  };
}

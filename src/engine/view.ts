// A decoder's product: other bytes, and the way back to where the reader will look.
// Which decoders there are is left to decoders/, when to run them to the engine.
import type { Notice } from "../model/notice.js";

/** Decoded bytes of a part of a document. */
export interface View {
  readonly kind: "view";
  /** The decoder's name, as `encoding` reports it: `base64`, `utf-16`, `zip`. */
  readonly encoding: string;
  /** For containers: the entry, as in `zip:app/.env`. Else null. */
  readonly trail: string | null;
  readonly bytes: Uint8Array;
  /**
   * Offset in the parent where the decoded byte at `offset` comes from. Ascending, but for databases,
   * whose pages may lie in any order; for containers whose bytes have no place of their own, the
   * entry's start.
   */
  readonly sourceOffset: (offset: number) => number;
}

/** What is left to spend on decoding one document; decoders take from it and stop at zero. */
export interface Budget {
  /** Bytes that views may still hold, in all. */
  bytes: number;
  /** Views that may still be made, in all. */
  views: number;
  /** Containers' entries that may still be opened. */
  entries: number;
}

/** Finds what it can decode, cheaply when there is nothing. Pure, bounded, never throws. */
export interface Decoder {
  readonly name: string;
  readonly decode: (bytes: Uint8Array, budget: Budget) => Iterable<View | Notice>;
}

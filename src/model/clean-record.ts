// What is known to be clean from earlier runs, as sources ask and tell it.
// How it is kept, and when it is believed, is left to cache.

import type { SortedIds } from "./sorted-ids.js";

/** A pack's own checksum covers all that is in it. */
export interface PackIdentity {
  readonly checksum: string;
  readonly bytes: number;
}

/** Objects that need not be looked at here. */
export interface KnownElsewhere {
  /** By place: the bytes of the object and one; 0 when it is not known. */
  readonly sizes: Uint32Array;
  /** Whether they count as looked at here; if not, they count where they are looked at. */
  readonly counts: boolean;
}

/** What a pack holds, by place in its index. */
export interface PackContents {
  /** One after another, ascending. */
  readonly ids: Uint8Array;
  /** The bytes of each object and one; 0 when it was not expanded. */
  readonly sizes: Uint32Array;
}

export interface CleanRecord {
  /** The objects of a known pack that have to be looked at again; null when the pack is not known. */
  lookAgain(pack: PackIdentity): readonly string[] | null;
  /** Whether an object that is stored by itself is known to be clean. */
  isClean(oid: string): boolean;
  /**
   * Which of some objects need not be looked at here, because they are elsewhere (and nothing was found,
   * or somebody else will say it). Null or left out: none.
   */
  knownElsewhere?(ids: SortedIds): KnownElsewhere | null;
  /** Whether `packWasRead` is to be told the contents. */
  readonly keepsSizes?: boolean;
  /**
   * Tells that a pack was read, all of it, and which of its objects were given to be looked at.
   * @param contents null when they are not to be relied on, or nobody asked to keep them
   */
  packWasRead(
    pack: PackIdentity,
    given: readonly string[],
    contents: () => PackContents | null,
  ): void;
  /** The same for an object that is stored by itself. */
  objectWasRead(oid: string, given: boolean): void;
}

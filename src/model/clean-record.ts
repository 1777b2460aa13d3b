// What is known to be clean from earlier runs, as sources ask and tell it.
// How it is kept, and when it is believed, is left to cache.

import type { SortedIds } from "./sorted-ids.js";

/** A pack's own checksum covers all that is in it. */
export interface PackIdentity {
  readonly checksum: string;
  readonly bytes: number;
}

export interface CleanRecord {
  /** The objects of a known pack that have to be looked at again; null when the pack is not known. */
  lookAgain(pack: PackIdentity): readonly string[] | null;
  /** Whether an object that is stored by itself is known to be clean. */
  isClean(oid: string): boolean;
  /**
   * Which of some objects need not be looked at here, because they are elsewhere (and nothing was found,
   * or somebody else will say it): by place, 1. Null or left out: none.
   */
  knownElsewhere?(ids: SortedIds): Uint8Array | null;
  /**
   * Tells that a pack was read, all of it, and which of its objects were given to be looked at.
   * @param ids gives the ids of all its objects, one after another, ascending; null when they are not
   *   to be relied on
   */
  packWasRead(pack: PackIdentity, given: readonly string[], ids: () => Uint8Array | null): void;
  /** The same for an object that is stored by itself. */
  objectWasRead(oid: string, given: boolean): void;
}

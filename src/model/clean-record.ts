// What is known to be clean from earlier runs, as sources ask and tell it.
// How it is kept, and when it is believed, is left to cache.

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
  /** Tells that a pack was read, all of it, and which of its objects were given to be looked at. */
  packWasRead(pack: PackIdentity, given: readonly string[]): void;
  /** The same for an object that is stored by itself. */
  objectWasRead(oid: string, given: boolean): void;
}

// What a fast search can tell of bytes before they are looked into: a promise on what they hold not.
// Whoever makes an engine brings the search; without one everything is looked into.

export interface QuickLook {
  /** Could these bytes, or what they are decoded to, hold a key at all? */
  readonly mayHold: (bytes: Uint8Array) => boolean;
  /**
   * Where they could: every witness begins and ends within `aroundPlace` bytes of one of these
   * offsets, which ascend. Null when there are too many.
   */
  readonly placesIn: (bytes: Uint8Array) => readonly number[] | null;
  /**
   * Inflates raw deflate data and looks whether it could hold one. Null when it could, or when that
   * cannot be told: then it is inflated as usual.
   * @param most bytes that may come out
   */
  readonly cleanly: (
    deflated: Uint8Array,
    most: number,
  ) => { readonly consumed: number; readonly length: number } | null;
}

export const aroundPlace = 64;

export const noQuickLook: QuickLook = {
  mayHold: () => true,
  placesIn: () => null,
  cleanly: () => null,
};

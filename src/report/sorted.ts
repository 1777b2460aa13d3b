// Sorts keys into those to act on and those that only get a mention. Shared by the formats for people.
import type { PublishedKey } from "./published.js";

export interface Sorted {
  /** Keys that deserve a block of their own, in the order in which the run ranked them. */
  readonly shown: readonly PublishedKey[];
  /** Keys that were let pass. */
  readonly suppressed: readonly PublishedKey[];
  /** Keys that context gives to another provider. */
  readonly others: readonly PublishedKey[];
}

export function sorted(keys: readonly PublishedKey[]): Sorted {
  return {
    shown: keys.filter(({ suppressed, provider }) => suppressed === null && provider !== "other"),
    suppressed: keys.filter(({ suppressed }) => suppressed !== null),
    others: keys.filter(({ suppressed, provider }) => suppressed === null && provider === "other"),
  };
}

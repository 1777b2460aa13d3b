// Adds up what sources say they have looked at.
import type { Coverage, Skipped } from "./report.js";
import type { Progress, Skip } from "./source.js";

/** Sums so far. `total` is what the sources expect in all, as far as they know. */
export interface Tally {
  readonly files: number;
  readonly objects: number;
  readonly bytes: number;
  readonly refs: number;
  /** Files that the filters leave out. */
  readonly leftOut: number;
  readonly total: number;
  readonly skipped: readonly Skipped[];
}

export const emptyTally: Tally = {
  files: 0,
  objects: 0,
  bytes: 0,
  refs: 0,
  leftOut: 0,
  total: 0,
  skipped: [],
};

/** The sums with one more item. */
export function addToTally(tally: Tally, item: Progress | Skip): Tally {
  if (item.kind === "progress") {
    return {
      ...tally,
      files: tally.files + (item.files ?? 0),
      objects: tally.objects + (item.objects ?? 0),
      bytes: tally.bytes + (item.bytes ?? 0),
      refs: tally.refs + (item.refs ?? 0),
      leftOut: tally.leftOut + (item.leftOut ?? 0),
      total: tally.total + (item.total ?? 0),
    };
  }
  const { what, reason, count } = item;
  const known = tally.skipped.find((entry) => entry.what === what && entry.reason === reason);
  const others = tally.skipped.filter((entry) => entry !== known);
  return { ...tally, skipped: [...others, { what, reason, count: count + (known?.count ?? 0) }] };
}

/** The part that goes into the report. */
export function coverageOf({ files, objects, bytes, refs, skipped }: Tally): Coverage {
  return { files, objects, bytes, refs, skipped };
}

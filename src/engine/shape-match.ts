// Where a shape that begins at a byte may end, in time linear in the window.
// Boundaries, proofs and which end to take are left to candidate.ts.
import type { ByteClass, Shape } from "../model/rule.js";

/** Membership by byte value: 1 where the class holds the byte. */
export type ByteTable = Uint8Array;

/** A shape made ready for matching. */
export type ShapeMatcher =
  | {
      readonly kind: "bytes";
      readonly table: ByteTable;
      readonly min: number;
      readonly max: number;
      /** The last run of class bytes that was measured, so that no byte is measured twice. */
      readonly run: { document: number; from: number; to: number };
    }
  | { readonly kind: "sequence"; readonly items: readonly ShapeMatcher[] }
  | { readonly kind: "choice"; readonly options: readonly ShapeMatcher[] };

/** Positions in a row, both ends included; lists of them are ascending and do not touch. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** A class as a table of 256 flags. */
export function byteTable(byteClass: ByteClass): ByteTable {
  const table = new Uint8Array(256);
  for (const byte of byteClass) table[byte] = 1;
  return table;
}

export function shapeMatcher(shape: Shape): ShapeMatcher {
  switch (shape.kind) {
    case "bytes":
      return {
        kind: "bytes",
        table: byteTable(shape.class),
        min: shape.min,
        max: shape.max,
        run: { document: -1, from: 0, to: 0 },
      };
    case "sequence":
      return { kind: "sequence", items: shape.items.map(shapeMatcher) };
    case "choice":
      return { kind: "choice", options: shape.options.map(shapeMatcher) };
  }
}

/** Bytes to match in, and a number that no other bytes had or will have. */
export interface MatchText {
  readonly bytes: Uint8Array;
  readonly document: number;
}

/**
 * All positions at which a match that starts at `start` may end, ascending. Sets of positions are
 * carried through the shape as intervals, so there is no backtracking and no pattern is slow.
 */
export function shapeEnds(
  matcher: ShapeMatcher,
  text: MatchText,
  start: number,
): readonly Interval[] {
  return advance(matcher, text, [{ from: start, to: start }]);
}

function advance(
  matcher: ShapeMatcher,
  text: MatchText,
  starts: readonly Interval[],
): readonly Interval[] {
  if (starts.length === 0) return starts;
  switch (matcher.kind) {
    case "bytes":
      return repeat(matcher, text, starts);
    case "sequence":
      return matcher.items.reduce((ends, item) => advance(item, text, ends), starts);
    case "choice": {
      const ends: Interval[] = [];
      for (const option of matcher.options) ends.push(...advance(option, text, starts));
      return merged(ends);
    }
  }
}

function repeat(
  matcher: ShapeMatcher & { kind: "bytes" },
  text: MatchText,
  starts: readonly Interval[],
): readonly Interval[] {
  const { min, max } = matcher;
  const ends: Interval[] = min === 0 ? [...starts] : [];
  for (const { from, to } of starts) {
    for (let position = from; position <= to; position++) {
      const runEnd = endOfRun(matcher, text, position);
      // Every start in this run reaches min..max further, and no further than the run.
      const last = Math.min(to, runEnd - min);
      if (last >= position) ends.push({ from: position + min, to: Math.min(last + max, runEnd) });
      position = Math.max(position, Math.min(to, runEnd));
    }
  }
  return merged(ends);
}

/** End of the run of class bytes at `position`; `position` itself when there is none. */
function endOfRun(
  matcher: ShapeMatcher & { kind: "bytes" },
  { bytes, document }: MatchText,
  position: number,
): number {
  const { run, table } = matcher;
  if (run.document === document && position >= run.from && position < run.to) return run.to;
  let end = position;
  while (end < bytes.length && table[bytes[end] ?? 0] === 1) end++;
  if (end > position) {
    run.document = document;
    run.from = position;
    run.to = end;
  }
  return end;
}

function isOrdered(intervals: readonly Interval[]): boolean {
  for (let index = 1; index < intervals.length; index++) {
    if ((intervals[index]?.from ?? 0) < (intervals[index - 1]?.from ?? 0)) return false;
  }
  return true;
}

function merged(intervals: readonly Interval[]): readonly Interval[] {
  if (intervals.length < 2) return intervals;
  const sorted = isOrdered(intervals) ? intervals : [...intervals].sort((a, b) => a.from - b.from);
  const result: { from: number; to: number }[] = [];
  for (const { from, to } of sorted) {
    const previous = result.at(-1);
    if (previous !== undefined && from <= previous.to + 1) previous.to = Math.max(previous.to, to);
    else result.push({ from, to });
  }
  return result;
}

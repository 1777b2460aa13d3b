// The way back from rewritten text to its source, by the places where the two diverge.
// What was rewritten is left to the decoders.

export interface Mapping {
  /** Ascending offsets of the text: from each on, it stands for what is at `sources` of the same index. */
  readonly outputs: readonly number[];
  readonly sources: readonly number[];
}

/** Where a byte of the text comes from. */
export function sourceOf({ outputs, sources }: Mapping, offset: number): number {
  const last = lastAtMost(outputs, offset);
  const next = sources[last + 1] ?? Number.POSITIVE_INFINITY;
  return Math.min((sources[last] ?? 0) + offset - (outputs[last] ?? 0), next);
}

/** The index of the last of ascending numbers that is not above another; 0 when all are. */
export function lastAtMost(numbers: readonly number[], other: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle] ?? 0) <= other) low = middle;
    else high = middle - 1;
  }
  return low;
}

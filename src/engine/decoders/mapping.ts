// The way back from rewritten text to its source, by the places where the two diverge.
// What was rewritten is left to the decoders.

export interface Mapping {
  /** Ascending offsets of the text: from each on, it stands for what is at `sources` of the same index. */
  readonly outputs: readonly number[];
  readonly sources: readonly number[];
}

/** Where a byte of the text comes from. */
export function sourceOf({ outputs, sources }: Mapping, offset: number): number {
  let low = 0;
  let high = outputs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((outputs[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const next = sources[low + 1] ?? Number.POSITIVE_INFINITY;
  return Math.min((sources[low] ?? 0) + offset - (outputs[low] ?? 0), next);
}

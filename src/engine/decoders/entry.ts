// One entry of a container on its way to becoming a view: unpacked within the budget.
// Finding the entries is left to the containers.
import type { Notice } from "../../model/index.js";
import type { Budget, View } from "../view.js";
import { damaged, limitReached, shown, spend } from "./budget.js";
import type { Inflated } from "./inflate.js";

/** No single entry is held in memory beyond this. */
const largestEntry = 128 * 1024 * 1024;

/** What an entry costs that could not be unpacked: it gave nothing, but was work all the same. */
const brokenEntryBytes = 2 * 1024 * 1024;

/** How many bytes an entry may have. */
export function mostBytes(budget: Budget): number {
  return Math.min(budget.bytes, largestEntry);
}

export interface Entry {
  /** The container's kind: `zip`. */
  readonly encoding: string;
  /** The entry's name, or null when it has none. */
  readonly name: string | null;
  /** Where it begins in the container. */
  readonly offset: number;
  /** How long its packed content is. */
  readonly size: number;
}

export function label({ encoding, name }: Omit<Entry, "size">): string {
  return name === null || name === "" ? encoding : `${encoding}:${shown(name)}`;
}

/** An entry that was packed: its bytes have no places of their own. */
export function* packedEntry(
  entry: Entry,
  { bytes, end, clean = 0, cost = 0 }: Inflated,
  budget: Budget,
): Iterable<View | Notice> {
  if (end === "limit") yield limitReached(label(entry));
  if (end === "damaged") yield* damaged(label(entry), entry.size);
  // What was read comes first: it must not be lost to the price of reading it.
  const fits = bytes.length + clean > 0 && spend(budget, bytes.length + clean);
  const broken = end === "whole" ? 0 : brokenEntryBytes;
  budget.bytes = Math.max(0, budget.bytes - cost - broken);
  if (bytes.length + clean === 0) return;
  if (!fits) {
    yield limitReached(label(entry));
    return;
  }
  if (clean > 0) return;
  yield {
    kind: "view",
    encoding: entry.encoding,
    trail: label(entry),
    bytes,
    sourceOffset: () => entry.offset,
  };
}

/**
 * An entry that stands in the container as it is. It takes no memory, but time: entries that may
 * overlap must be paid for.
 */
export function* storedEntry(
  entry: Entry,
  bytes: Uint8Array,
  budget: Budget,
  mayOverlap: boolean,
): Iterable<View | Notice> {
  if (bytes.length === 0) return;
  if (!spend(budget, mayOverlap ? bytes.length : 0)) {
    yield limitReached(label(entry));
    return;
  }
  yield {
    kind: "view",
    encoding: entry.encoding,
    trail: label(entry),
    bytes,
    sourceOffset: (offset) => entry.offset + offset,
  };
}

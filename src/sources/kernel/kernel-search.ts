// The kernel's witness search for bytes that somebody else has read: could these hold a key at all?
// Deriving witnesses is left to ruleset, reading packs and files to their own rooms.
import { maxWitnessBytes, type WitnessSet } from "../../model/witness.js";
import type { WitnessSearch } from "../witness-search.js";
import { compileKernel, startKernel } from "./kernel.js";
import { tablesOf, type WitnessTables } from "./witness-tables.js";

/** Bytes that are copied into the kernel's memory at a time: few enough to stay in the cache. */
const pieceBytes = 1 << 20;

const searches = new WeakMap<WitnessSet, WitnessSearch>();

/** The kernel's search for a set, started once. True for everything when the set cannot tell. */
export function searchFor(set: WitnessSet | null): WitnessSearch {
  if (set === null || set.rulesWithout.length > 0) return () => true;
  const search = searches.get(set) ?? kernelSearch(tablesOf(set));
  searches.set(set, search);
  return search;
}

/** Starts a kernel for a set of witnesses; the search may be run on any number of documents. */
export function kernelSearch(tables: WitnessTables): WitnessSearch {
  const contextBytes = maxWitnessBytes - 1;
  // Nothing is taken apart here, so how long object ids are is of no account.
  const kernel = startKernel({ module: compileKernel(), tables, contextBytes, idBytes: 20 });
  const { exports, input } = kernel;
  return (bytes) => {
    for (let from = 0; from < bytes.length; from += pieceBytes - contextBytes) {
      // A witness over the end of a piece lies whole in the next.
      const piece = bytes.subarray(from, from + pieceBytes);
      kernel.bytes().set(piece, input);
      if (exports.scan(input, input + piece.length) !== 0) return true;
      if (from + pieceBytes >= bytes.length) return false;
    }
    return false;
  };
}

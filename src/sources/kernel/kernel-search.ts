// The kernel's witness search for bytes that somebody else has read: could these hold a key at all?
// Deriving witnesses is left to ruleset, reading packs and files to their own rooms.
import { maxWitnessBytes, type WitnessSet } from "../../model/witness.js";
import type { WitnessSearch } from "../witness-search.js";
import { compileKernel, inflateResults, inputBytes, slackBytes, startKernel } from "./kernel.js";
import { tablesOf, type WitnessTables } from "./witness-tables.js";

/** Bytes that are copied into the kernel's memory at a time: few enough to stay in the cache. */
const pieceBytes = 1 << 20;

/** Of the bytes in which a witness's windows begin, the kernel tells so many together. */
const blockBytes = 16;
/** Data that inflates to more is left to others. */
const inflatedBytes = 8 << 20;

/** Of more places there is no telling. */
const mostPlaces = 200;

/** What the engine asks before it looks into bytes; see its QuickLook. */
export interface KernelSearch {
  /** Does a witness occur? */
  readonly mayHold: WitnessSearch;
  /** Where one does, to within 64 bytes; null when that are too many places. */
  readonly placesIn: (bytes: Uint8Array) => readonly number[] | null;
  /**
   * Inflates raw deflate data.
   * @param most bytes that may come out
   * @returns how much was read and how much came out when that is whole and holds no witness
   */
  readonly cleanly: (
    deflated: Uint8Array,
    most: number,
  ) => { readonly consumed: number; readonly length: number } | null;
}

const searches = new WeakMap<WitnessSet, KernelSearch>();
const unknowing: KernelSearch = {
  mayHold: () => true,
  placesIn: () => null,
  cleanly: () => null,
};

/** The kernel's search for a set, started once. True for everything when the set cannot tell. */
export function searchFor(set: WitnessSet | null): WitnessSearch {
  return kernelSearchFor(set).mayHold;
}

/** The same, for deflated data as well. */
export function kernelSearchFor(set: WitnessSet | null): KernelSearch {
  if (set === null || set.rulesWithout.length > 0) return unknowing;
  const search = searches.get(set) ?? kernelSearch(tablesOf(set));
  searches.set(set, search);
  return search;
}

/** Starts a kernel for a set of witnesses; the search may be run on any number of documents. */
export function kernelSearch(tables: WitnessTables): KernelSearch {
  const contextBytes = maxWitnessBytes - 1;
  // Nothing is taken apart here, so how long object ids are is of no account.
  const kernel = startKernel({ module: compileKernel(), tables, contextBytes, idBytes: 20 });
  const { exports, input, stack } = kernel;
  /** Pieces of a document, one after another in the kernel's input: where each begins and ends. */
  const pieces = function* (bytes: Uint8Array): Generator<readonly [from: number, end: number]> {
    for (let from = 0; from < bytes.length; from += pieceBytes - contextBytes) {
      // A witness over the end of a piece lies whole in the next.
      const piece = bytes.subarray(from, from + pieceBytes);
      kernel.bytes().set(piece, input);
      yield [from, input + piece.length];
      if (from + pieceBytes >= bytes.length) return;
    }
  };
  return {
    mayHold(bytes) {
      for (const [, end] of pieces(bytes)) if (exports.scan(input, end) !== 0) return true;
      return false;
    },
    placesIn(bytes) {
      const places: number[] = [];
      for (const [from, end] of pieces(bytes)) {
        if (exports.scan(input, end) === 0) continue;
        for (let at = exports.firstWitness(input, end); at !== 0;) {
          if (places.push(from + at - input) > mostPlaces) return null;
          at = at + blockBytes < end ? exports.firstWitness(at + blockBytes, end) : 0;
        }
      }
      return places;
    },
    cleanly(deflated, most) {
      const packed = Math.min(deflated.length, inputBytes);
      const room = Math.min(most, inflatedBytes);
      if (exports.reserve(stack + room + 2 * slackBytes) === 0) return null;
      kernel.bytes().set(deflated.subarray(0, packed), input);
      const outcome = exports.inflateRaw(input, packed, stack, room);
      if (outcome !== inflateResults.whole) return null;
      const length = exports.inflated();
      if (exports.scan(stack, stack + length) !== 0) return null;
      return { consumed: exports.inflatedUpTo() - input, length };
    },
  };
}

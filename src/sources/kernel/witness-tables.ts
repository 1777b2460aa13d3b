// Turns witnesses into the tables by which the kernel looks for them: which threes of bytes the filter
// lets pass, and the exact check.
// Searching is left to assembly/witness.ts, deriving witnesses from rules to ruleset.
import type { Witness, WitnessSet } from "../../model/witness.js";
import { chooseWindows, windowsAt, type Window } from "./witness-windows.js";

export interface WitnessTables {
  /** A bit for each hash of three bytes that a window allows. */
  readonly windows: Uint8Array;
  /** For each set of 64 witnesses, row and byte value, 64 bits: who does not forbid it there. */
  readonly rows: Uint8Array;
  readonly sets: number;
}

const rowsBefore = 9;
const rowCount = 21;
/** 2 ** 20 bits, and what a word at the last byte takes. */
const windowsBytes = 2 ** 16 + 32;
const anyByte: ReadonlySet<number> = new Set(Array.from({ length: 256 }, (_, byte) => byte));
/** A window that allows more threes of bytes than this is not listed: then all may pass. */
const mostListed = 1 << 19;

/** A witness and where in it the first of its windows begins. */
interface Aimed {
  readonly witness: Witness;
  readonly start: number;
}

export function makeWitnessTables(witnesses: readonly Witness[]): WitnessTables {
  const starts = chooseWindows(witnesses);
  const aimed = witnesses.map((witness, index) => ({ witness, start: starts[index] ?? 0 }));
  const windows = new Map<string, Window>();
  for (const { witness, start } of aimed) {
    for (const window of windowsAt(witness, start)) {
      windows.set(window.map((allowed) => [...(allowed ?? ["any"])].join()).join(";"), window);
    }
  }
  return {
    windows: windowTable([...windows.values()]),
    rows: checkRows(aimed),
    sets: Math.ceil(aimed.length / 64),
  };
}

/** The tables of a set: made ready by the build, or made now. */
export function tablesOf(set: WitnessSet): WitnessTables {
  // `witnesses` is not touched where tables are there: it may be derived only then.
  return set.tables === undefined ? makeWitnessTables(set.witnesses) : unpackTables(set.tables);
}

/** Tables as one run of bytes, for a file. */
export function packTables({ windows, rows }: WitnessTables): Uint8Array {
  return Buffer.concat([windows, rows]);
}

/** @throws Error when the bytes are not what `packTables` gives */
export function unpackTables(packed: Uint8Array): WitnessTables {
  const sets = (packed.length - windowsBytes) / (rowCount * 256 * 8);
  if (!Number.isInteger(sets) || sets < 1) throw new Error("the witness tables are damaged");
  return {
    windows: packed.subarray(0, windowsBytes),
    rows: packed.subarray(windowsBytes),
    sets,
  };
}

function windowTable(windows: readonly Window[]): Uint8Array {
  const bits = new Uint8Array(windowsBytes);
  for (const window of windows) {
    const [first, second, third] = window.map((allowed) => [...(allowed ?? anyByte)]);
    if (!first || !second || !third || first.length * second.length * third.length > mostListed) {
      return bits.fill(255);
    }
    for (const a of first) {
      for (const b of second) {
        for (const c of third) {
          // As in assembly/witness.ts: a byte, and a bit in the four bytes that begin with it.
          const hash = Math.imul((a << 8) | (b << 16) | (c << 24), 0xa6088b1d);
          const bit = (hash >>> 11) & 31;
          const at = (hash >>> 16) + (bit >> 3);
          bits[at] = (bits[at] ?? 0) | (1 << (bit & 7));
        }
      }
    }
  }
  return bits;
}

function checkRows(aimed: readonly Aimed[]): Uint8Array {
  const sets = Math.ceil(aimed.length / 64);
  const rows = new Uint8Array(sets * rowCount * 256 * 8);
  const words = new Uint32Array(rows.buffer);
  for (let set = 0; set < sets; set++) {
    const members = aimed.slice(set * 64, set * 64 + 64);
    for (let row = 0; row < rowCount; row++) {
      const at = (set * rowCount + row) * 512;
      const classes = members.map(({ witness, start }) => witness[row - rowsBefore + start]);
      // Those that do not reach so far forbid nothing.
      const free = [0, 0];
      for (const [index, allowed] of classes.entries()) {
        if (allowed === undefined) free[index >> 5] = (free[index >> 5] ?? 0) | (1 << (index & 31));
      }
      for (let byte = 0; byte < 256; byte++) {
        words[at + byte * 2] = free[0] ?? 0;
        words[at + byte * 2 + 1] = free[1] ?? 0;
      }
      for (const [index, allowed] of classes.entries()) {
        for (const byte of allowed ?? []) {
          const word = at + byte * 2 + (index >> 5);
          words[word] = (words[word] ?? 0) | (1 << (index & 31));
        }
      }
    }
  }
  return rows;
}

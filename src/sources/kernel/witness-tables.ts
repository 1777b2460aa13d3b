// Turns witnesses into the tables by which the kernel looks for them: which three bytes of each the
// filter watches, in which of sixteen groups, and the exact check.
// Searching is left to assembly/witness.ts, deriving witnesses from rules to ruleset.
import type { Witness, WitnessSet } from "../../model/witness.js";
import { chooseWindows, groupWindows, windowBytes, type Group } from "./witness-windows.js";

export interface WitnessTables {
  /**
   * For eight groups and then eight more, for each byte of the window: 16 bytes for the groups that
   * the low nibble allows, 16 for the high nibble.
   */
  readonly nibbles: Uint8Array;
  /** A bit for each hash of three bytes that a window allows. */
  readonly windows: Uint8Array;
  /** For each set of 64 witnesses, row and byte value, 64 bits: who does not forbid it there. */
  readonly rows: Uint8Array;
  readonly sets: number;
}

const rowsBefore = 9;
const rowCount = 21;
const groupsInATable = 8;
const hashBits = 18;
const nibbleBytes = 2 * windowBytes * 32;
const windowsBytes = (1 << hashBits) / 8;
/** A window that allows more threes of bytes than this is not listed: then all may pass. */
const mostListed = 1 << 19;

/** A witness and where in it its window begins. */
interface Aimed {
  readonly witness: Witness;
  readonly start: number;
}

export function makeWitnessTables(witnesses: readonly Witness[]): WitnessTables {
  const starts = chooseWindows(witnesses);
  const aimed = witnesses.map((witness, index) => ({ witness, start: starts[index] ?? 0 }));
  const windows = new Map<string, readonly (ReadonlySet<number> | undefined)[]>();
  for (const { witness, start } of aimed) {
    const window = Array.from({ length: windowBytes }, (_, place) => witness[start + place]);
    windows.set(window.map((allowed) => [...(allowed ?? ["any"])].join()).join(";"), window);
  }
  return {
    nibbles: nibbleTables(groupWindows([...windows.values()], 2 * groupsInATable)),
    windows: windowHashes([...windows.values()]),
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
export function packTables({ nibbles, windows, rows }: WitnessTables): Uint8Array {
  return Buffer.concat([nibbles, windows, rows]);
}

/** @throws Error when the bytes are not what `packTables` gives */
export function unpackTables(packed: Uint8Array): WitnessTables {
  const rowsAt = nibbleBytes + windowsBytes;
  const sets = (packed.length - rowsAt) / (rowCount * 256 * 8);
  if (!Number.isInteger(sets) || sets < 1) throw new Error("the witness tables are damaged");
  return {
    nibbles: packed.subarray(0, nibbleBytes),
    windows: packed.subarray(nibbleBytes, rowsAt),
    rows: packed.subarray(rowsAt),
    sets,
  };
}

function nibbleTables(groups: readonly Group[]): Uint8Array {
  const tables = new Uint8Array(nibbleBytes);
  for (const [index, group] of groups.entries()) {
    const half = Math.floor(index / groupsInATable) * windowBytes * 32;
    const bit = 1 << (index % groupsInATable);
    for (const [place, { low, high }] of group.places.entries()) {
      for (let nibble = 0; nibble < 16; nibble++) {
        const at = half + place * 32 + nibble;
        if ((low >> nibble) & 1) tables[at] = (tables[at] ?? 0) | bit;
        if ((high >> nibble) & 1) tables[at + 16] = (tables[at + 16] ?? 0) | bit;
      }
    }
  }
  return tables;
}

function windowHashes(
  windows: readonly (readonly (ReadonlySet<number> | undefined)[])[],
): Uint8Array {
  const bits = new Uint8Array(windowsBytes);
  for (const window of windows) {
    const [first, second, third] = window.map((allowed) => (allowed ? [...allowed] : null));
    if (!first || !second || !third || first.length * second.length * third.length > mostListed) {
      return bits.fill(255);
    }
    for (const a of first) {
      for (const b of second) {
        for (const c of third) {
          // As in assembly/witness.ts.
          const three = (a << 8) | (b << 16) | (c << 24);
          const hash = Math.imul(three, 0x9e3779b1) >>> (32 - hashBits);
          bits[hash >> 3] = (bits[hash >> 3] ?? 0) | (1 << (hash & 7));
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

// Turns witnesses into the tables by which the kernel looks for them: which three bytes of each the
// filter watches, in which of eight groups, and the exact check.
// Searching is left to assembly/witness.ts, deriving witnesses from rules to ruleset.
import type { Witness } from "../../model/witness.js";

export interface WitnessTables {
  /** Six tables of 16: for each byte of the window, the groups its low and its high nibble allow. */
  readonly nibbles: Uint8Array;
  /** For each set of 64 witnesses, row and byte value, 64 bits: who does not forbid it there. */
  readonly rows: Uint8Array;
  readonly sets: number;
}

const windowBytes = 3;
const rowsBefore = 9;
const rowCount = 21;
const groupLimit = 8;

/**
 * Printable bytes, from the most to the least frequent in the blobs of a large C, shell and
 * JavaScript history. Only how often the filter lets something pass in vain depends on it.
 */
const fromFrequentToRare =
  " et\nroinsacldpu_m\tfhg*-,;b.(=)/01\"y>vx2wk#:{}T'ESRA+INC&OD3L<PM6UF54z78B9q$|[]Gj!H%\\V@WXY`KQ?^~JZ";

const frequency = frequencies();

/** Estimated share of each byte value in what is scanned: text, and trees with their binary ids. */
function frequencies(): Float64Array {
  const share = new Float64Array(256).fill(0.0006);
  for (let rank = 0; rank < fromFrequentToRare.length; rank++) {
    share[fromFrequentToRare.charCodeAt(rank)] = 0.0006 + 0.075 * Math.exp(-rank / 14);
  }
  return share;
}

/** The bytes that a window lets pass at one place, as the nibbles that allow them. */
interface NibblePair {
  readonly low: number;
  readonly high: number;
}

interface Group {
  readonly places: readonly NibblePair[];
  /** Estimated share of places at which the filter lets something of this group pass. */
  readonly share: number;
}

/** A witness and where in it its window begins. */
interface Aimed {
  readonly witness: Witness;
  readonly start: number;
}

export function makeWitnessTables(witnesses: readonly Witness[]): WitnessTables {
  const aimed = witnesses.map(aim);
  return {
    nibbles: nibbleTables(groupWindows(aimed)),
    rows: checkRows(aimed),
    sets: Math.ceil(aimed.length / 64),
  };
}

/** Chooses the window that is seen least often. */
function aim(witness: Witness): Aimed {
  let start = 0;
  let rarest = Number.POSITIVE_INFINITY;
  for (let at = 0; at === 0 || at + windowBytes <= witness.length; at++) {
    let share = 1;
    for (let place = 0; place < windowBytes; place++) share *= shareOf(witness[at + place]);
    if (share < rarest) {
      rarest = share;
      start = at;
    }
  }
  return { witness, start };
}

function shareOf(allowed: ReadonlySet<number> | undefined): number {
  if (allowed === undefined) return 1;
  let share = 0;
  for (const byte of allowed) share += frequency[byte] ?? 0;
  return share;
}

/** Puts windows together, the pair that costs least first, until there are no more than eight. */
function groupWindows(aimed: readonly Aimed[]): readonly Group[] {
  const distinct = new Map<string, Group>();
  for (const { witness, start } of aimed) {
    const places = Array.from({ length: windowBytes }, (_, place) =>
      nibblesOf(witness[start + place]),
    );
    distinct.set(JSON.stringify(places), makeGroup(places));
  }
  let groups = [...distinct.values()].sort((one, other) => one.share - other.share);
  while (groups.length > groupLimit) {
    // The rarest joins whom it costs least: a good grouping, in quadratic time.
    const [rarest, ...others] = groups;
    if (rarest === undefined) break;
    let best = 0;
    let bestGroup: Group | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const [index, other] of others.entries()) {
      const merged = makeGroup(other.places.map((pair, place) => join(pair, rarest.places[place])));
      const cost = merged.share - other.share;
      if (cost < least) {
        least = cost;
        best = index;
        bestGroup = merged;
      }
    }
    if (bestGroup !== undefined) others[best] = bestGroup;
    groups = others.sort((one, other) => one.share - other.share);
  }
  return groups;
}

function nibblesOf(allowed: ReadonlySet<number> | undefined): NibblePair {
  // Past the end of a witness of one or two bytes anything may stand.
  if (allowed === undefined) return { low: 0xffff, high: 0xffff };
  let low = 0;
  let high = 0;
  for (const byte of allowed) {
    low |= 1 << (byte & 15);
    high |= 1 << (byte >> 4);
  }
  return { low, high };
}

function join(one: NibblePair, other: NibblePair | undefined): NibblePair {
  return { low: one.low | (other?.low ?? 0), high: one.high | (other?.high ?? 0) };
}

function makeGroup(places: readonly NibblePair[]): Group {
  let share = 1;
  for (const { low, high } of places) {
    let here = 0;
    for (let byte = 0; byte < 256; byte++) {
      if ((low >> (byte & 15)) & (high >> (byte >> 4)) & 1) here += frequency[byte] ?? 0;
    }
    share *= here;
  }
  return { places, share };
}

function nibbleTables(groups: readonly Group[]): Uint8Array {
  const tables = new Uint8Array(windowBytes * 32);
  for (const [index, group] of groups.entries()) {
    for (const [place, { low, high }] of group.places.entries()) {
      for (let nibble = 0; nibble < 16; nibble++) {
        const at = place * 32 + nibble;
        tables[at] = (tables[at] ?? 0) | (((low >> nibble) & 1) << index);
        tables[at + 16] = (tables[at + 16] ?? 0) | (((high >> nibble) & 1) << index);
      }
    }
  }
  return tables;
}

function checkRows(aimed: readonly Aimed[]): Uint8Array {
  const sets = Math.ceil(aimed.length / 64);
  const rows = new Uint8Array(sets * rowCount * 256 * 8);
  const words = new Uint32Array(rows.buffer);
  for (const [index, { witness, start }] of aimed.entries()) {
    const word = (index >> 5) & 1;
    const bit = 1 << (index & 31);
    const set = Math.floor(index / 64) * rowCount * 512;
    for (let row = 0; row < rowCount; row++) {
      const allowed = witness[row - rowsBefore + start];
      for (let byte = 0; byte < 256; byte++) {
        if (allowed !== undefined && !allowed.has(byte)) continue;
        const at = set + (row * 256 + byte) * 2 + word;
        words[at] = (words[at] ?? 0) | bit;
      }
    }
  }
  return rows;
}

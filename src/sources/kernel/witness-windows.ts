// Chooses the three bytes of each witness that the kernel's filter watches, and puts them in groups:
// as few different threes as serve, each as rare as can be.
// Laying out the kernel's tables is left to witness-tables.
import type { Witness } from "../../model/witness.js";

export const windowBytes = 3;

/** The bytes that a window lets pass at one place, as the nibbles that allow them. */
export interface NibblePair {
  readonly low: number;
  readonly high: number;
}

export interface Group {
  readonly places: readonly NibblePair[];
  /** Estimated share of places at which the filter lets something of this group pass. */
  readonly share: number;
}

type Window = readonly (ReadonlySet<number> | undefined)[];

/**
 * Printable bytes, from the most to the least frequent in the blobs of a large C, shell and
 * JavaScript history. Only how often the filter lets something pass in vain depends on it.
 */
const fromFrequentToRare =
  " et\nroinsacldpu_m\tfhg*-,;b.(=)/01\"y>vx2wk#:{}T'ESRA+INC&OD3L<PM6UF54z78B9q$|[]Gj!H%\\V@WXY`KQ?^~JZ";

const frequency = frequencies();
const sums = partialSums();

/** What a further window costs, beside what it lets pass: it widens some group. */
const costOfAWindow = 1e-4;

/** Estimated share of each byte value in what is scanned: text, and trees with their binary ids. */
function frequencies(): Float64Array {
  const share = new Float64Array(256).fill(0.001);
  for (let rank = 0; rank < fromFrequentToRare.length; rank++) {
    share[fromFrequentToRare.charCodeAt(rank)] = 0.001 + 0.065 * Math.exp(-rank / 14);
  }
  return share;
}

/** For each high nibble and each four of the low ones: the shares of their sixteen subsets. */
function partialSums(): Float64Array {
  const partial = new Float64Array(16 * 4 * 16);
  for (let high = 0; high < 16; high++) {
    for (let four = 0; four < 4; four++) {
      for (let subset = 0; subset < 16; subset++) {
        let sum = 0;
        for (let bit = 0; bit < 4; bit++) {
          if ((subset >> bit) & 1) sum += frequency[high * 16 + four * 4 + bit] ?? 0;
        }
        partial[(high * 4 + four) * 16 + subset] = sum;
      }
    }
  }
  return partial;
}

/** A place where the window of several witnesses may be. */
interface Candidate {
  readonly share: number;
  /** Witnesses that have it, and where in each it begins. */
  readonly starts: Map<number, number>;
}

/**
 * For each witness, where in it the watched window begins. Greedy: again and again the window that
 * costs least for each witness that has it and none yet.
 */
export function chooseWindows(witnesses: readonly Witness[]): readonly number[] {
  const candidates = new Map<string, Candidate>();
  const names = new Map<ReadonlySet<number>, string>();
  const nameOf = (allowed: ReadonlySet<number> | undefined): string => {
    if (allowed === undefined) return "any";
    const known = names.get(allowed);
    if (known !== undefined) return known;
    const name = [...allowed].sort((one, other) => one - other).join();
    names.set(allowed, name);
    return name;
  };
  const of: Candidate[][] = witnesses.map((witness, index) => {
    const found: Candidate[] = [];
    for (let start = 0; start === 0 || start + windowBytes <= witness.length; start++) {
      const window = [witness[start], witness[start + 1], witness[start + 2]];
      const name = window.map(nameOf).join(";");
      const candidate = candidates.get(name) ?? {
        share: window.map(nibblesOf).reduce((share, pair) => share * shareOf(pair), 1),
        starts: new Map<number, number>(),
      };
      candidates.set(name, candidate);
      candidate.starts.set(index, start);
      found.push(candidate);
    }
    return found;
  });
  const chosen = witnesses.map(() => 0);
  const open = [...candidates.values()];
  for (let left = witnesses.length; left > 0;) {
    let best: Candidate | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const candidate of open) {
      const cost = (candidate.share + costOfAWindow) / candidate.starts.size;
      if (cost < least) {
        least = cost;
        best = candidate;
      }
    }
    if (best === undefined) break;
    const served = [...best.starts];
    for (const [index, start] of served) {
      chosen[index] = start;
      left--;
      for (const candidate of of[index] ?? []) candidate.starts.delete(index);
    }
  }
  return chosen;
}

/**
 * Puts windows into few enough groups: again and again the two groups whose joining costs least, and
 * then each window that another group would take for less moves there, until none does.
 */
export function groupWindows(windows: readonly Window[], most: number): readonly Group[] {
  const pairs = windows.map((window) => window.map(nibblesOf));
  return moved(paired(pairs, most), pairs).map((members) => groupOf(members, pairs));
}

type Pairs = readonly (readonly NibblePair[])[];

function groupOf(members: readonly number[], pairs: Pairs): Group {
  const windows = members.map((member) => makeGroup(pairs[member] ?? []));
  return windows.reduce(joined);
}

/** Joins the two groups that it costs least to join, until there are few enough. */
function paired(pairs: Pairs, most: number): number[][] {
  const groups = pairs.map((places, index) => ({ members: [index], group: makeGroup(places) }));
  while (groups.length > most) {
    let least = Number.POSITIVE_INFINITY;
    let best: readonly [number, number, Group] | null = null;
    for (const [one, { group: first }] of groups.entries()) {
      for (let other = one + 1; other < groups.length; other++) {
        const second = groups[other]?.group;
        if (second === undefined) continue;
        const merged = joined(first, second);
        const cost = merged.share - first.share - second.share;
        if (cost < least) {
          least = cost;
          best = [one, other, merged];
        }
      }
    }
    if (best === null) break;
    const [one, other, group] = best;
    const members = [...(groups[one]?.members ?? []), ...(groups[other]?.members ?? [])];
    groups[one] = { members, group };
    groups.splice(other, 1);
  }
  return groups.map(({ members }) => members);
}

/** Rounds of moving; in practice nothing moves any more after five. */
const mostRounds = 20;

/** Moves single windows to where they cost less. */
function moved(groups: readonly (readonly number[])[], pairs: Pairs): readonly number[][] {
  const at = groups.map((members) => [...members]);
  const cost = (members: readonly number[]): number =>
    members.length === 0 ? 0 : groupOf(members, pairs).share;
  for (let round = 0, restless = true; restless && round < mostRounds; round++) {
    restless = false;
    for (const window of pairs.keys()) {
      const from = at.findIndex((members) => members.includes(window));
      const here = at[from] ?? [];
      const without = here.filter((member) => member !== window);
      if (without.length === 0) continue; // the number of groups stays
      let least = cost(here) - cost(without) - Number.EPSILON;
      let best: number | null = null;
      for (const [index, members] of at.entries()) {
        if (index === from) continue;
        const rise = cost([...members, window]) - cost(members);
        if (rise < least) {
          least = rise;
          best = index;
        }
      }
      if (best === null) continue;
      at[from] = without;
      at[best] = [...(at[best] ?? []), window];
      restless = true;
    }
  }
  return at;
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

function joined(one: Group, other: Group): Group {
  const places: NibblePair[] = [];
  for (let place = 0; place < windowBytes; place++) {
    const pair = one.places[place] ?? nothing;
    const more = other.places[place] ?? nothing;
    places.push({ low: pair.low | more.low, high: pair.high | more.high });
  }
  return makeGroup(places);
}

const nothing: NibblePair = { low: 0, high: 0 };

function makeGroup(places: readonly NibblePair[]): Group {
  let share = 1;
  for (const pair of places) share *= shareOf(pair);
  return { places, share };
}

function shareOf({ low, high }: NibblePair): number {
  let share = 0;
  for (let nibble = 0; nibble < 16; nibble++) {
    if (((high >> nibble) & 1) === 0) continue;
    for (let four = 0; four < 4; four++) {
      share += sums[(nibble * 4 + four) * 16 + ((low >> (four * 4)) & 15)] ?? 0;
    }
  }
  return share;
}

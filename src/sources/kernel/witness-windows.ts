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

/** Puts windows together, the pair that costs least first, until there are few enough groups. */
export function groupWindows(windows: readonly Window[], most: number): readonly Group[] {
  let groups = windows
    .map((window) => makeGroup(window.map(nibblesOf)))
    .sort((one, other) => one.share - other.share);
  while (groups.length > most) {
    // The rarest joins whom it costs least: a good grouping, in quadratic time.
    const [rarest, ...others] = groups;
    if (rarest === undefined) break;
    let best = 0;
    let bestGroup: Group | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (let index = 0; index < others.length; index++) {
      const other = others[index];
      if (other === undefined) continue;
      const merged = joined(other, rarest);
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

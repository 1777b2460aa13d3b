// Chooses the bytes of each witness that the kernel's filter watches: two windows of three bytes, one a
// byte after the other, as rare as can be, and the same ones for many witnesses.
// Laying out the kernel's tables is left to witness-tables.
import type { Witness } from "../../model/witness.js";

const windowBytes = 3;
/** Both windows of a witness. */
const spanBytes = windowBytes + 1;

/** The bytes that may stand at each place of a window; past the end of a witness anything may. */
export type Window = readonly (ReadonlySet<number> | undefined)[];

/**
 * Printable bytes, from the most to the least frequent in the blobs of a large C, shell and
 * JavaScript history. Only how often the filter lets something pass in vain depends on it.
 */
const fromFrequentToRare =
  " et\nroinsacldpu_m\tfhg*-,;b.(=)/01\"y>vx2wk#:{}T'ESRA+INC&OD3L<PM6UF54z78B9q$|[]Gj!H%\\V@WXY`KQ?^~JZ";

const frequency = frequencies();

/** What a three of bytes costs beside its own share: others have the same place in the table. */
const costOfAThree = 2 ** -19;

/** Estimated share of each byte value in what is scanned: text, and trees with their binary ids. */
function frequencies(): Float64Array {
  const share = new Float64Array(256).fill(0.001);
  for (let rank = 0; rank < fromFrequentToRare.length; rank++) {
    share[fromFrequentToRare.charCodeAt(rank)] = 0.001 + 0.065 * Math.exp(-rank / 14);
  }
  // Ids of objects, checksums, tables of numbers: where one digit is, others are beside it.
  for (const digit of "0123456789abcdef") {
    const at = digit.charCodeAt(0);
    share[at] = Math.max(share[at] ?? 0, 0.04);
  }
  return share;
}

/** A span that several witnesses may have. */
interface Candidate {
  readonly cost: number;
  /** Witnesses that have it, and where in each it begins. */
  readonly starts: Map<number, number>;
}

/** The windows of a span. */
export function windowsAt(witness: Witness, start: number): readonly Window[] {
  return [start, start + 1].map((from) =>
    Array.from({ length: windowBytes }, (_, place) => witness[from + place]),
  );
}

/**
 * For each witness, where in it the first of its windows begins. Greedy: again and again the span that
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
    for (let start = 0; start === 0 || start + spanBytes <= witness.length; start++) {
      const windows = windowsAt(witness, start);
      const name = windows.map((window) => window.map(nameOf).join(";")).join("|");
      const candidate = candidates.get(name) ?? {
        cost: windows.reduce((cost, window) => cost + costOf(window), 0),
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
      const cost = candidate.cost / candidate.starts.size;
      if (cost < least) {
        least = cost;
        best = candidate;
      }
    }
    if (best === undefined) break;
    for (const [index, start] of best.starts) {
      chosen[index] = start;
      left--;
      for (const candidate of of[index] ?? []) candidate.starts.delete(index);
    }
  }
  return chosen;
}

/** Letters follow letters far more often than their frequencies tell. */
const wordlike = 8;

function isLetter(allowed: ReadonlySet<number>): boolean {
  return [...allowed].every((byte) => byte >= 0x61 && byte <= 0x7a);
}

/** The share of places at which a window lets something pass, as estimated. */
function costOf(window: Window): number {
  let share = window.every((allowed) => allowed !== undefined && isLetter(allowed)) ? wordlike : 1;
  let threes = 1;
  for (const allowed of window) {
    if (allowed === undefined) {
      threes *= 256;
      continue;
    }
    let sum = 0;
    for (const byte of allowed) sum += frequency[byte] ?? 0;
    share *= sum;
    threes *= allowed.size;
  }
  return share + threes * costOfAThree;
}

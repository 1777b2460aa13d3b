// A quick look for witnesses in plain JavaScript: could these bytes hold a key at all?
// Whether they do is left to the engine; the WebAssembly kernel does the same job faster.
import type { Witness, WitnessSet } from "../model/witness.js";

/** True when a witness occurs, or when the set cannot tell. */
export type WitnessSearch = (bytes: Uint8Array) => boolean;

/**
 * Makes the search for a witness set once, to be run on many documents. Every distinct literal of
 * the set costs one pass of `Buffer.indexOf`, which is memchr on the first byte: so the literal is
 * cut to begin with the byte that is rarest in source text.
 */
export function witnessSearch(set: WitnessSet | null): WitnessSearch {
  if (set === null || set.rulesWithout.length > 0) return () => true;
  const plans = new Map<string, { literal: Buffer; candidates: Candidate[] }>();
  for (const witness of set.witnesses) {
    const anchor = anchorOf(witness);
    if (anchor === null) return () => true;
    const name = anchor.literal.toString("latin1");
    const plan = plans.get(name) ?? { literal: anchor.literal, candidates: [] };
    plan.candidates.push({ start: anchor.start, classes: witness.map(table) });
    plans.set(name, plan);
  }
  const all = [...plans.values()];
  return (bytes) => {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return all.some(({ literal, candidates }) => occurs(view, literal, candidates));
  };
}

interface Candidate {
  /** Where in the witness the literal begins. */
  readonly start: number;
  readonly classes: readonly Uint8Array[];
}

function occurs(bytes: Buffer, literal: Buffer, candidates: readonly Candidate[]): boolean {
  for (let at = bytes.indexOf(literal); at !== -1; at = bytes.indexOf(literal, at + 1)) {
    for (const { start, classes } of candidates) {
      if (matches(bytes, at - start, classes)) return true;
    }
  }
  return false;
}

function matches(bytes: Buffer, from: number, classes: readonly Uint8Array[]): boolean {
  if (from < 0 || from + classes.length > bytes.length) return false;
  for (let index = 0; index < classes.length; index += 1) {
    if (classes[index]?.[bytes[from + index] ?? 0] !== 1) return false;
  }
  return true;
}

function table(allowed: ReadonlySet<number>): Uint8Array {
  const flags = new Uint8Array(256);
  for (const value of allowed) flags[value] = 1;
  return flags;
}

/** The literal part of a witness that is cheapest to search for; null when it has none. */
function anchorOf(witness: Witness): { start: number; literal: Buffer } | null {
  const singles = witness.map((allowed) => (allowed.size === 1 ? [...allowed][0] : undefined));
  let best: { start: number; literal: Buffer; cost: number } | null = null;
  for (let start = 0; start < singles.length; start += 1) {
    const rest = singles.slice(start);
    const end = rest.indexOf(undefined);
    const literal = Buffer.from((end === -1 ? rest : rest.slice(0, end)) as number[]);
    if (literal.length === 0) continue;
    const cost = frequency(literal[0] ?? 0) + (literal.length === 1 ? 1000 : 0);
    if (best === null || cost < best.cost) best = { start, literal, cost };
  }
  return best;
}

/** Roughly how often a byte occurs in source text, per mille. Only the order matters. */
function frequency(byte: number): number {
  const known = frequencies.get(byte);
  if (known !== undefined) return known;
  if (byte === 0) return 60; // UTF-16 and binary files
  return byte >= 0x41 && byte <= 0x5a ? 5 : 9;
}

/** Measured on the C sources of Linux 6.1; bytes that are not listed are rarer than 1 %. */
const frequencies: ReadonlyMap<number, number> = new Map(
  Object.entries({ " ": 120, e: 60, t: 55, _: 45, r: 44, i: 42, s: 42, n: 38, d: 34, a: 34 })
    .concat(Object.entries({ c: 30, o: 30, l: 22, u: 20, f: 18, p: 20, m: 15, "\t": 60, "\n": 40 }))
    .concat(Object.entries({ k: 7, z: 2, j: 2, "2": 8, "0": 25, "-": 12 }))
    .map(([character, perMille]) => [character.charCodeAt(0), perMille]),
);

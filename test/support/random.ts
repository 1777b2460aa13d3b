// A small generator of repeatable pseudo-random choices: the same seed gives the same test.
// Not for anything that must be hard to guess.

export interface Random {
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number;
  /** True once in `times`. */
  oneIn(times: number): boolean;
  pick<T>(from: readonly T[]): T;
  hex(digits: number): string;
}

/** xorshift32 (Marsaglia 2003). */
export function randomFrom(seed: number): Random {
  let state = Math.imul(seed, 2_654_435_761) >>> 0 || 1;
  const below = (limit: number): number => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return limit <= 0 ? 0 : state % limit;
  };
  const pick = <T>(from: readonly T[]): T => {
    const found = from[below(from.length)];
    if (found === undefined) throw new Error("nothing to pick from");
    return found;
  };
  return {
    below,
    oneIn: (times) => below(times) === 0,
    pick,
    hex: (digits) =>
      Array.from({ length: digits }, () => "0123456789abcdef".charAt(below(16))).join(""),
  };
}

// Where a key could begin, found at memory speed: searches from the rarest byte of each prefix.
// Whether one does begin there is left to candidate.ts.

/** Bytes from rare to common in source text; what is not listed is rarer still. */
const commonBytes = "QZXJKVYWzqjxBGHUOFPMDLNRCTIASE-_9876543210bkvwygpfmuhdlcsonairte .";

interface Needle {
  /** The prefix from its rarest byte on. */
  readonly tail: Buffer;
  /** The prefix before that byte. */
  readonly head: Buffer;
}

/** Gives each position at which one of the prefixes stands, ascending, each once. */
export type Prefilter = (bytes: Buffer) => Generator<number, void, number | undefined>;

/**
 * @param prefixes ASCII, at least two bytes each
 * @returns a search; `next(n)` goes on at `n` when that is further on
 */
export function createPrefilter(prefixes: readonly string[]): Prefilter {
  const distinct = [...new Set(prefixes)];
  const needles = distinct
    .filter((prefix) => !distinct.some((other) => other !== prefix && prefix.startsWith(other)))
    .map(needle);
  return function* search(bytes) {
    const positions = needles.map((each) => find(each, bytes, 0));
    let from = 0;
    for (;;) {
      let nearest = Infinity;
      for (const [index, each] of needles.entries()) {
        if ((positions[index] ?? Infinity) < from) positions[index] = find(each, bytes, from);
        nearest = Math.min(nearest, positions[index] ?? Infinity);
      }
      if (nearest === Infinity) return;
      const skipTo = yield nearest;
      from = Math.max(nearest + 1, skipTo ?? 0);
    }
  };
}

function needle(prefix: string): Needle {
  let rarest = 0;
  for (let at = 1; at < prefix.length - 1; at++) {
    if (rarity(prefix[at]) < rarity(prefix[rarest])) rarest = at;
  }
  return {
    head: Buffer.from(prefix.slice(0, rarest), "latin1"),
    tail: Buffer.from(prefix.slice(rarest), "latin1"),
  };
}

function rarity(character: string | undefined): number {
  return commonBytes.indexOf(character ?? "");
}

function find({ head, tail }: Needle, bytes: Buffer, from: number): number {
  let at = from + head.length;
  for (;;) {
    at = bytes.indexOf(tail, at);
    if (at === -1) return Infinity;
    const start = at - head.length;
    if (head.length === 0 || bytes.compare(head, 0, head.length, start, at) === 0) return start;
    at++;
  }
}

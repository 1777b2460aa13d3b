// One place where a prefix stands: which rule, if any, finds a key there, and does it prove itself?
// What the key is worth in its surroundings is left to decide.ts.
import type { Rule } from "../model/rule.js";
import { mayBegin, mayEnd } from "./boundary.js";
import { isPlaceholder, looksRandom } from "./placeholder.js";
import { proofs } from "./proofs.js";
import {
  byteTable,
  shapeEnds,
  shapeMatcher,
  type ByteTable,
  type Interval,
  type MatchText,
  type ShapeMatcher,
} from "./shape-match.js";

/** A rule made ready for matching. */
export interface RuleMatcher {
  readonly rule: Rule;
  readonly matcher: ShapeMatcher;
  readonly followedBy: ShapeMatcher | null;
  readonly notBefore: ByteTable;
  readonly notAfter: ByteTable;
  readonly prefix: Uint8Array;
}

/** Bytes that a rule matches, and whether its proof held (or none is asked for). */
export interface Candidate {
  readonly rule: Rule;
  readonly start: number;
  readonly end: number;
  readonly proven: boolean;
}

export function ruleMatcher(rule: Rule): RuleMatcher {
  return {
    rule,
    matcher: shapeMatcher(rule.shape),
    followedBy: rule.followedBy === null ? null : shapeMatcher(rule.followedBy),
    notBefore: byteTable(rule.notBefore),
    notAfter: byteTable(rule.notAfter),
    prefix: Buffer.from(rule.prefix, "latin1"),
  };
}

/**
 * What a rule finds at `start`, or null.
 * @param afterKey another key ended right here, so that its last character is no neighbour
 */
export function candidateAt(
  { rule, matcher, followedBy, notBefore, notAfter, prefix }: RuleMatcher,
  text: MatchText,
  start: number,
  afterKey: boolean,
): Candidate | null {
  const { bytes } = text;
  for (const [at, byte] of prefix.entries()) if (bytes[start + at] !== byte) return null;
  if (!afterKey && !mayBegin(bytes, start, notBefore)) return null;
  const ends = shapeEnds(matcher, text, start);
  if (ends.length === 0) return null;

  const proof = rule.proof === null ? null : proofs[rule.proof];
  // A key that says itself how long it is ends there, whatever letters stand behind it.
  const limit = ends.at(-1)?.to ?? start;
  const exact = proof?.exactEnd?.(bytes, start, limit) ?? null;
  if (
    proof !== null &&
    exact !== null &&
    ends.some(({ from, to }) => exact >= from && exact <= to)
  ) {
    if (proof.holds(bytes, start, exact)) return { rule, start, end: exact, proven: true };
  }
  const end = longestEnd(
    ends,
    (at) =>
      mayEnd(bytes, at, notAfter) &&
      (followedBy === null || shapeEnds(followedBy, text, at).length > 0),
  );
  if (end === null) return null;
  return { rule, start, end, proven: proof === null || proof.holds(bytes, start, end) };
}

/** Does a person's stand-in fill the place of the key? A proven signature never is one. */
export function isStandIn(
  { rule, start, end, proven }: Candidate,
  bytes: Uint8Array,
  words: readonly string[],
): boolean {
  if (rule.proof === "ecdsa-p256-signature" && proven) return false;
  const from = start + bodyOffset(bytes, start);
  const body = Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from).toString("latin1");
  return isPlaceholder(body, words) || (rule.mustLookRandom && !looksRandom(body));
}

/** Length of `sk-` and one short word behind it (`ws-`, `sp-`, `proj-`), which is no key material. */
function bodyOffset(bytes: Uint8Array, start: number): number {
  const head = Buffer.from(
    bytes.buffer,
    bytes.byteOffset + start,
    Math.min(12, bytes.length - start),
  );
  return /^sk-(?:[a-z]{2,8}-)?/u.exec(head.toString("latin1"))?.[0].length ?? 0;
}

function longestEnd(ends: readonly Interval[], accepts: (end: number) => boolean): number | null {
  for (let index = ends.length - 1; index >= 0; index--) {
    const interval = ends[index];
    if (interval === undefined) continue;
    for (let end = interval.to; end >= interval.from; end--) if (accepts(end)) return end;
  }
  return null;
}

// One entry per key out of many hits: the same key in a hundred places is one finding.
// Ranking and advice are left to rank and advice.
import {
  compareText,
  confidences,
  type Confidence,
  type Hints,
  type Match,
  type Place,
  type Provider,
  type Secret,
  type Suppression,
} from "../model/index.js";
import { mergeHints } from "./hints.js";
import type { Located } from "./locate.js";
import { orderedPlaces, worstExposure } from "./places.js";

/** A key with all that the scan itself can say; liveness, action and advice come later. */
export interface GroupedKey {
  readonly fingerprint: string;
  readonly secret: Secret;
  readonly kind: Match["kind"];
  readonly rule: string;
  readonly confidence: Confidence;
  readonly provider: Provider;
  readonly providerName: string | null;
  readonly exposure: Place["exposure"];
  readonly encoding: readonly string[];
  readonly places: readonly [Place, ...Place[]];
  readonly hints: Hints;
  readonly suppressed: Suppression | null;
}

/**
 * Groups hits by key.
 * @param fingerprintOf how a key is named in reports; keyed when reports are to be shared
 */
export function groupByKey(
  located: readonly Located[],
  fingerprintOf: (secret: Secret) => string = (secret) => secret.fingerprint,
): GroupedKey[] {
  const groups = new Map<string, Located[]>();
  for (const entry of located) {
    const fingerprint = fingerprintOf(entry.match.secret);
    const group = groups.get(fingerprint);
    if (group) group.push(entry);
    else groups.set(fingerprint, [entry]);
  }
  return [...groups].flatMap(([fingerprint, group]) => {
    const grouped = groupedKey(fingerprint, group);
    return grouped ? [grouped] : [];
  });
}

function groupedKey(fingerprint: string, group: readonly Located[]): GroupedKey | null {
  const [first, ...rest] = orderedPlaces(group.flatMap(({ places }) => places));
  const strongest = strongestMatch(group.map(({ match }) => match));
  if (!first || !strongest) return null;
  const places = [first, ...rest] as const;
  return {
    fingerprint,
    secret: strongest.secret,
    kind: strongest.kind,
    rule: strongest.rule,
    confidence: strongest.confidence,
    provider: strongest.provider,
    providerName: strongest.providerName,
    exposure: worstExposure(places),
    encoding: leastEncoded(group),
    places,
    hints: mergeHints(group.map(({ match }) => match.hints)),
    suppressed: inlineSuppression(group),
  };
}

/**
 * A place that says DashScope outweighs one that says another provider, and that one outweighs
 * silence: the same key cannot belong to two providers, and to miss ours is the worse mistake.
 */
const providerWeight: Record<Provider, number> = { dashscope: 0, other: 1, ambiguous: 2 };

function strongestMatch(matches: readonly Match[]): Match | undefined {
  return [...matches].sort(compareStrength)[0];
}

/** As much of a hit, or of a key in a report, as says how well it is known. */
type Strength = Pick<Match, "provider" | "providerName" | "confidence" | "rule">;

/** Negative when `a` knows the key better than `b`. */
export function compareStrength(a: Strength, b: Strength): number {
  return (
    providerWeight[a.provider] - providerWeight[b.provider] ||
    confidences.indexOf(a.confidence) - confidences.indexOf(b.confidence) ||
    compareText(a.rule, b.rule) ||
    compareText(a.providerName ?? "", b.providerName ?? "")
  );
}

/** Fewer decoders first: what stands in plain text is read by anybody. */
export function compareEncodings(a: readonly string[], b: readonly string[]): number {
  return a.length - b.length || compareText(a.join(" "), b.join(" "));
}

function leastEncoded(group: readonly Located[]): readonly string[] {
  return group.map(({ match }) => match.encoding).sort(compareEncodings)[0] ?? [];
}

/**
 * An inline comment lets a key pass when it stands at every current place of the key (or, when no
 * file holds the key any more, at every place that was found): history cannot be annotated.
 */
function inlineSuppression(group: readonly Located[]): Suppression | null {
  const current = group.filter(({ places }) =>
    places.some(({ kind }) => kind === "file" || kind === "index" || kind === "stdin"),
  );
  const deciding = current.length > 0 ? current : group;
  if (!deciding.every(({ match }) => match.allowed !== null)) return null;
  const reasons = deciding.flatMap(({ match }) => match.allowed?.reason ?? []);
  return { by: "inline", reason: reasons.sort(compareText)[0] ?? null };
}

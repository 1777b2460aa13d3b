// One entry per key out of many hits: the same key in a hundred places is one finding.
// Ranking and advice are left to rank and advice.
import {
  confidences,
  exposures,
  type Confidence,
  type Hints,
  type Match,
  type Place,
  type Provider,
  type Secret,
  type Suppression,
} from "../model/index.js";
import type { Located } from "./locate.js";

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
  const [first, ...rest] = distinctPlaces(group.flatMap(({ places }) => places)).sort(byAge);
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
    hints: mergedHints(group.map(({ match }) => match.hints)),
    suppressed: inlineSuppression(group),
  };
}

/**
 * A place that says DashScope outweighs one that says another provider, and that one outweighs
 * silence: the same key cannot belong to two providers, and to miss ours is the worse mistake.
 */
const providerWeight: Record<Provider, number> = { dashscope: 0, other: 1, ambiguous: 2 };

function strongestMatch(matches: readonly Match[]): Match | undefined {
  return [...matches].sort(
    (a, b) =>
      providerWeight[a.provider] - providerWeight[b.provider] ||
      confidences.indexOf(a.confidence) - confidences.indexOf(b.confidence) ||
      a.encoding.length - b.encoding.length,
  )[0];
}

/** The worst exposure of several places. */
export function worstExposure(places: readonly [Place, ...Place[]]): Place["exposure"] {
  const ranks = places.map(({ exposure }) => exposures.indexOf(exposure));
  return exposures[Math.min(...ranks)] ?? places[0].exposure;
}

function leastEncoded(group: readonly Located[]): readonly string[] {
  return (
    group.reduce<readonly string[] | null>(
      (least, { match }) =>
        least === null || match.encoding.length < least.length ? match.encoding : least,
      null,
    ) ?? []
  );
}

function mergedHints(all: readonly Hints[]): Hints {
  const workspaces = new Map(
    all
      .flatMap(({ workspaces: found }) => found)
      .map((found) => [`${found.id} ${found.region}`, found]),
  );
  return {
    hosts: [...new Set(all.flatMap(({ hosts }) => hosts))],
    workspaces: [...workspaces.values()],
    variable: all.find(({ variable }) => variable !== null)?.variable ?? null,
    usedAsName: all.some(({ usedAsName }) => usedAsName),
  };
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
  const reason = deciding.find(({ match }) => match.allowed?.reason)?.match.allowed?.reason;
  return { by: "inline", reason: reason ?? null };
}

function distinctPlaces(places: readonly Place[]): Place[] {
  const seen = new Map<string, Place>();
  for (const place of places) {
    const { kind, path, line, column, commit, object, worktree, repository, refs, trail } = place;
    // Without a commit the refs are what tells two places apart (names of refs).
    const tellApart = commit === null ? refs : [];
    const name = JSON.stringify([
      kind,
      path,
      line,
      column,
      commit,
      commit === null ? object : null,
      worktree,
      repository,
      trail,
      tellApart,
    ]);
    if (!seen.has(name)) seen.set(name, place);
  }
  return [...seen.values()];
}

/** Oldest first; places without a date (files, the index) last; then by path and line. */
function byAge(a: Place, b: Place): number {
  return (
    time(a) - time(b) ||
    exposures.indexOf(a.exposure) - exposures.indexOf(b.exposure) ||
    compare(a.repository ?? "", b.repository ?? "") ||
    compare(a.path ?? "", b.path ?? "") ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0)
  );
}

// Not Infinity: the difference of two dateless places must be 0, not NaN.
const dateless = Number.MAX_SAFE_INTEGER;

function time({ date }: Place): number {
  const parsed = date === null ? Number.NaN : Date.parse(date);
  return Number.isNaN(parsed) ? dateless : parsed;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

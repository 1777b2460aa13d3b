// Leaves out what lies only at paths that nobody wants: an object is known by its id, and at which
// paths it lies is known when it was attributed, so this comes behind that.
// What the globs mean is left to sources (path-filter).
import type { Detected } from "./detect.js";
import { hitObjects, isBelow } from "./findings/locate.js";
import {
  shardHasObject,
  type AttributedPlace,
  type HitObject,
  type Match,
  type Notice,
  type Shard,
  type Skip,
} from "./model/index.js";
import type { Attributed, Carrier } from "./sources/attribution.js";
import { leftOutReason, type PathFilter } from "./sources/path-filter.js";

export interface Left {
  readonly matches: readonly Match[];
  readonly notices: readonly Notice[];
  readonly places: readonly AttributedPlace[];
  /** What was left out. */
  readonly skipped: readonly Skip[];
}

/** Stands for what is said of an object, in place of a key. */
const noKey = "";

/**
 * The objects whose paths are to be found out: those with keys, and those that could not be looked
 * into.
 * @param matches of the keys that are worth it
 */
export function objectsToPlace(
  { about }: Detected,
  matches: readonly Match[],
): readonly HitObject[] {
  const hits = new Map(hitObjects(matches).map((hit) => [hit.oid, hit]));
  for (const [{ incomplete }, { oid, type }] of about) {
    if (!incomplete) continue;
    const hit = hits.get(oid) ?? { oid, type, fingerprints: new Set() };
    hits.set(oid, { ...hit, fingerprints: new Set([...hit.fingerprints, noKey]) });
  }
  return [...hits.values()];
}

/**
 * Keeps what lies at a path that is wanted, or at none (a message, an object without a place).
 * @param shard counts only this part's objects
 */
export function leaveOut(
  { about, matches, notices }: Detected,
  { places, carriers }: Attributed,
  wanted: PathFilter | null,
  shard: Shard | null,
): Left {
  if (wanted === null) return { matches, notices, places, skipped: [] };
  const isKept = ({ path }: { readonly path: string | null }): boolean =>
    path === null || wanted(path);
  const still = new Set(carriers.filter(isKept).map(nameOf));
  const gone = new Set(carriers.map(nameOf).filter((name) => !still.has(name)));
  const isGone = (oid: string, key: string): boolean => gone.has(`${oid} ${key}`);
  const left = matches.filter(
    ({ origin, secret }) => origin.kind !== "object" || !isGone(origin.oid, secret.fingerprint),
  );
  const count = countOf(matches, shard) - countOf(left, shard);
  const skip = {
    kind: "skip",
    what: "git objects with keys",
    reason: leftOutReason,
    count,
  } as const;
  return {
    matches: left,
    notices: notices.filter((notice) => !isGone(about.get(notice)?.oid ?? "", noKey)),
    places: places.filter((place) => place.fingerprint !== noKey && isKept(place)),
    skipped: count === 0 ? [] : [skip],
  };
}

/** Keeps what is said of objects below some paths, and of none; no paths keep everything. */
export function noticesBelow(
  notices: readonly Notice[],
  { about }: Detected,
  { carriers }: Attributed,
  paths: readonly string[],
): readonly Notice[] {
  if (paths.length === 0) return notices;
  const placed = new Set(carriers.map(nameOf));
  const below = new Set(carriers.filter(({ path }) => isBelow(path, paths)).map(nameOf));
  return notices.filter((notice) => {
    const oid = about.get(notice)?.oid;
    if (oid === undefined) return true;
    return below.has(`${oid} ${noKey}`) || !placed.has(`${oid} ${noKey}`);
  });
}

/** How many of this part's objects were hit. */
function countOf(matches: readonly Match[], shard: Shard | null): number {
  return hitObjects(matches).filter(({ oid }) => shardHasObject(shard, oid)).length;
}

function nameOf({ object, fingerprint }: Carrier): string {
  return `${object} ${fingerprint}`;
}

// Tells where in git the objects are in which keys were found, as far as the scope asks.
// How it is found out is left to attribution and introduced-by, reading to read-target.
import type { AttributedPlace, HitObject } from "../model/source.js";
import { attribute, attributeIntroduced, type Attributed } from "./attribution.js";
import { introducedBy, placesOf } from "./introduced-by.js";
import { rangeOf } from "./outgoing.js";
import type { ReadOptions } from "./read-target.js";
import type { RepositoryTarget, Target } from "./targets.js";
import { unchangedFiles } from "./unchanged-files.js";

/** Commits that may be anywhere by now, unlike what a hook looks at before it gets there. */
export function isPartOfAnAudit({
  scope,
  cameFromRemote,
}: Pick<ReadOptions, "scope" | "cameFromRemote">): boolean {
  return scope.kind === "range" || (scope.kind === "outgoing" && cameFromRemote === true);
}

/** A key in a file; the path is below the root, with forward slashes. */
export interface HitFile {
  readonly path: string;
  readonly fingerprint: string;
}

export interface AttributedTarget extends Attributed {
  /** Files that are as git has them, and how far the keys in them got by that. */
  readonly files: readonly Pick<AttributedPlace, "path" | "fingerprint" | "exposure">[];
}

/** What was found in a target. */
export interface TargetHits {
  readonly objects: readonly HitObject[];
  /** These, and all others with the same keys that `readOthers` gave. */
  readonly everywhere: readonly HitObject[];
  readonly files: readonly HitFile[];
}

/** Tells where in git the objects are in which keys were found. */
export async function attributeTarget(
  target: Target,
  options: ReadOptions,
  { objects, everywhere, files }: TargetHits,
): Promise<AttributedTarget> {
  if (target.kind !== "repository") return placed([]);
  const { repository, environment = {} } = target;
  const { scope } = options;
  switch (scope.kind) {
    case "range":
    case "outgoing": {
      const range = scope.kind === "range" ? rangeOf(scope) : scope.outgoing;
      const given = { ...options, environment };
      const introduced = await introducedBy(repository, range, objects, given);
      if (!isPartOfAnAudit(options)) return placed(introduced);
      const known = await attributeIntroduced(repository, introduced, objects, everywhere, options);
      return { ...known, files: [] };
    }
    case "before":
      // Who asks whether a key was there before need not know since when.
      return placed(objects.flatMap(somewhere));
    case "tree": {
      const blobs = await blobsOf(target, files);
      const known = await attribute(repository, blobs, options);
      return { ...placed([]), files: known.places, notices: known.notices };
    }
    default:
      return { ...(await attribute(repository, objects, options)), files: [] };
  }
}

/**
 * The blobs of files that are as git has them: who asks of files only has not looked into git, which
 * is no reason to call their keys uncommitted.
 */
async function blobsOf(
  { repository, environment = {} }: RepositoryTarget,
  files: readonly HitFile[],
): Promise<readonly HitObject[]> {
  if (files.length === 0) return [];
  const blobs = await unchangedFiles(repository, environment);
  const hits = new Map<string, HitObject & { readonly fingerprints: Set<string> }>();
  for (const { path, fingerprint } of files) {
    const oid = blobs.get(path);
    if (oid === undefined) continue;
    const hit = hits.get(oid) ?? { oid, type: "blob", fingerprints: new Set<string>() };
    hits.set(oid, { ...hit, fingerprints: hit.fingerprints.add(fingerprint) });
  }
  return [...hits.values()];
}

function placed(places: readonly AttributedPlace[]): AttributedTarget {
  return { places, carriers: places, notices: [], files: [] };
}

function somewhere(hit: HitObject): AttributedPlace[] {
  const stamp = { commit: null, date: null, author: null };
  return placesOf(hit, stamp, "commit", null);
}

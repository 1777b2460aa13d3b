// From a hit in a document to places that a report can name.
// What git knows of an object (commits, refs, exposure) comes from attribution in sources.
import {
  exposures,
  type AttributedPlace,
  type Exposure,
  type HitObject,
  type Match,
  type Place,
  type PlaceKind,
  type Rule,
} from "../model/index.js";

/** A match and every place it stands for. */
export interface Located {
  readonly match: Match;
  readonly places: readonly Place[];
}

/**
 * The hits of keys whose commits, paths and refs are worth finding out. Left out are keys that by
 * their shape alone are another provider's: nothing is to be reset at ours, and going through the
 * history takes longer than reading all of it.
 */
export function worthPlacing(matches: readonly Match[], rules: readonly Rule[]): Match[] {
  const ofOthers = new Set(
    rules.filter(({ provider }) => typeof provider === "object").map(({ id }) => id),
  );
  const keys = new Set(
    matches.filter(({ rule }) => !ofOthers.has(rule)).map(({ secret }) => secret.fingerprint),
  );
  return matches.filter(({ secret }) => keys.has(secret.fingerprint));
}

/** Of some matches those of keys that others found as well. */
export function ofSameKeys(matches: readonly Match[], others: readonly Match[]): Match[] {
  const keys = new Set(others.map(({ secret }) => secret.fingerprint));
  return matches.filter(({ secret }) => keys.has(secret.fingerprint));
}

/** The objects in which keys were found, as attribution wants them. */
export function hitObjects(matches: readonly Match[]): HitObject[] {
  const hits = new Map<string, OpenHit>();
  for (const { origin, secret } of matches) {
    if (origin.kind !== "object") continue;
    const { oid, type } = origin;
    const hit: OpenHit = hits.get(oid) ?? {
      oid,
      type,
      fingerprints: new Set(),
      names: new Set(),
      entries: new Map(),
    };
    hits.set(oid, hit);
    hit.fingerprints.add(secret.fingerprint);
    if (origin.entry === undefined) continue;
    hit.names.add(origin.entry);
    const entries = hit.entries.get(secret.fingerprint) ?? new Set();
    hit.entries.set(secret.fingerprint, entries.add(origin.entry));
  }
  return [...hits.values()];
}

/** The files in which keys were found. */
export function hitFiles(
  matches: readonly Match[],
): { readonly path: string; readonly fingerprint: string }[] {
  return matches.flatMap(({ origin, secret: { fingerprint } }) =>
    origin.kind === "file" ? [{ path: origin.path, fingerprint }] : [],
  );
}

interface OpenHit extends HitObject {
  readonly fingerprints: Set<string>;
  readonly names: Set<string>;
  readonly entries: Map<string, Set<string>>;
}

/**
 * Keeps what lies below some paths.
 * @param paths below the root, with forward slashes; none keeps everything
 */
export function narrow(located: readonly Located[], paths: readonly string[]): Located[] {
  if (paths.length === 0) return [...located];
  const inside = ({ path }: Place): boolean => isBelow(path, paths);
  return located.flatMap(({ match, places }) => {
    const kept = places.filter(inside);
    return kept.length > 0 ? [{ match, places: kept }] : [];
  });
}

/** Whether a path lies below one of some paths. */
export function isBelow(path: string | null, paths: readonly string[]): boolean {
  return path !== null && paths.some((below) => path === below || path.startsWith(`${below}/`));
}

/** What git knows of the objects that were hit. */
export interface KnownPlaces {
  readonly places: readonly AttributedPlace[];
  /** Objects that another one's place stands for: later versions of a file with the same key. */
  readonly carriers: readonly Pick<AttributedPlace, "object" | "fingerprint">[];
  /** How far keys got in files that are as git has them, where that was asked. */
  readonly files?: readonly Pick<AttributedPlace, "path" | "fingerprint" | "exposure">[];
}

/**
 * Gives each match its places; none where another match's place stands for it.
 * @param repository the repository's name, when several are scanned
 */
export function locate(
  matches: readonly Match[],
  attributed: KnownPlaces,
  repository: string | null,
): Located[] {
  const byObject = new Map<string, AttributedPlace[]>();
  for (const place of attributed.places) {
    const name = `${place.object} ${place.fingerprint}`;
    const known = byObject.get(name);
    if (known) known.push(place);
    else byObject.set(name, [place]);
  }
  const accounted = new Set(
    attributed.carriers.map(({ object, fingerprint }) => `${object} ${fingerprint}`),
  );
  const inFiles = new Map(
    worstLast(attributed.files ?? []).map((file) => [nameOfFile(file), file.exposure]),
  );
  return matches.map((match) => {
    const { origin, secret } = match;
    if (origin.kind !== "object") {
      const place = directPlace(match, repository);
      if (origin.kind !== "file") return { match, places: [place] };
      const exposure = inFiles.get(
        nameOfFile({ path: origin.path, fingerprint: secret.fingerprint }),
      );
      return { match, places: [exposure === undefined ? place : { ...place, exposure }] };
    }
    const name = `${origin.oid} ${match.secret.fingerprint}`;
    const known = byObject.get(name) ?? [];
    if (known.length === 0 && !accounted.has(name)) {
      return { match, places: [unattributed(match, origin, repository)] };
    }
    return { match, places: known.map((place) => attributedPlace(match, place, repository)) };
  });
}

function worstLast<T extends Pick<Place, "exposure">>(files: readonly T[]): readonly T[] {
  return files.toSorted((a, b) => exposures.indexOf(b.exposure) - exposures.indexOf(a.exposure));
}

function nameOfFile({ path, fingerprint }: Pick<AttributedPlace, "path" | "fingerprint">): string {
  return `${fingerprint} ${path}`;
}

function attributedPlace(
  match: Match,
  { fingerprint: _fingerprint, ...place }: AttributedPlace,
  repository: string | null,
): Place {
  return {
    ...place,
    ...positionOf(match),
    encoding: match.encoding,
    trail: match.trail,
    repository,
  };
}

/**
 * Where people look: lines of a message are counted as git shows it. What stands in the headers of a
 * commit or tag (an author's name) or in a tree (a file's name) has no line.
 */
function positionOf({ origin, line, column }: Match): Pick<Place, "line" | "column"> {
  if (origin.kind !== "object") return { line, column };
  const inMessage = line - (origin.headerLines ?? 0);
  if (origin.type === "tree" || inMessage < 1) return { line: null, column: null };
  return { line: inMessage, column };
}

/**
 * An object that attribution said nothing of. It is in the repository all the same, and how far it
 * got is not known, so that it counts as committed.
 */
function unattributed(match: Match, { type, oid }: ObjectOrigin, repository: string | null): Place {
  return {
    kind: match.provider === "other" ? kindOfType[type] : "unreachable",
    exposure: "committed",
    path: null,
    ...positionOf(match),
    commit: type === "commit" ? oid : null,
    date: null,
    author: null,
    refs: [],
    object: oid,
    removed: null,
    repository,
    worktree: null,
    encoding: match.encoding,
    trail: match.trail,
  };
}

type ObjectOrigin = Extract<Match["origin"], { readonly kind: "object" }>;

const kindOfType = {
  blob: "commit",
  tree: "path-name",
  commit: "commit-message",
  tag: "tag-message",
} as const satisfies Record<ObjectOrigin["type"], PlaceKind>;

type DirectOrigin = Exclude<Match["origin"], { readonly kind: "object" }>;

const directKinds = {
  file: ["file", "working-tree"],
  "path-name": ["path-name", "working-tree"],
  stdin: ["stdin", "working-tree"],
  index: ["index", "staged"],
  "ref-name": ["ref-name", "committed"],
  reflog: ["reflog", "reflog"],
} as const satisfies Record<DirectOrigin["kind"], readonly [PlaceKind, Exposure]>;

function directPlace(match: Match, repository: string | null): Place {
  const origin = match.origin as DirectOrigin;
  const [kind, exposure] = directKinds[origin.kind];
  const hasLine = origin.kind !== "ref-name" && origin.kind !== "path-name";
  return {
    kind,
    exposure: origin.kind === "ref-name" ? refExposure(origin.ref) : exposure,
    path: "path" in origin ? origin.path : null,
    line: hasLine ? match.line : null,
    column: hasLine ? match.column : null,
    commit: null,
    date: null,
    author: null,
    refs: origin.kind === "ref-name" ? [origin.ref] : [],
    object: origin.kind === "index" ? origin.oid : null,
    removed: null,
    repository,
    worktree: origin.kind === "index" ? origin.worktree : null,
    encoding: match.encoding,
    trail: match.trail,
  };
}

function refExposure(ref: string): Exposure {
  if (ref.startsWith("refs/remotes/")) return "pushed";
  if (ref.startsWith("refs/tags/")) return "tagged";
  return "committed";
}

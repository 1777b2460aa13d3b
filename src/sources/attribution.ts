// Where git has the objects in which keys were found: commits, paths, refs, indexes, and how far
// each got. Called only when something was found; grouping by key is left to findings.
import type { Notice } from "../model/notice.js";
import { committedAt, type PlaceKind } from "../model/place.js";
import { compareText } from "../model/compare-text.js";
import type { AttributedPlace, HitObject, Repository } from "../model/source.js";
import { readCommitGraph } from "./attribution/commit-graph.js";
import { introducedPlaces } from "./attribution/introduced-places.js";
import { objectPlaces } from "./attribution/object-places.js";
import { pathPlaces, type PathPlaces } from "./attribution/path-places.js";
import type { History } from "./attribution/presence.js";
import { peelTips, reachability, type PeeledTips } from "./attribution/reach.js";
import { readTips } from "./attribution/tips.js";
import { GitError } from "./git.js";

/** An object that holds a key at a path, or at none. */
export type Carrier = Pick<AttributedPlace, "object" | "fingerprint" | "path">;

export interface Attributed {
  /** Oldest first. Of the versions of a file that hold a key in turn, the first one has a place. */
  readonly places: readonly AttributedPlace[];
  /** All objects with their paths, also those that a place of another one stands for. */
  readonly carriers: readonly Carrier[];
  readonly notices: readonly Notice[];
}

export interface AttributionOptions {
  /** The clone was made for a job: whatever its refs and HEAD reach was pushed. Default: no. */
  readonly cameFromRemote?: boolean;
}

/**
 * Finds the places of objects. One pass over the history serves any number of objects.
 * When git fails, every object still gets a place, and a Notice says that it may not be the right one.
 */
export async function attribute(
  repository: Repository,
  hits: readonly HitObject[],
  options: AttributionOptions = {},
): Promise<Attributed> {
  if (hits.length === 0) return { places: [], carriers: [], notices: [] };
  try {
    const { places, carriers } = placesIn(await readHistory(repository, hits, options));
    return { places: places.toSorted(byAge), carriers, notices: [] };
  } catch (error) {
    return unknown(error, hits.flatMap(unattributed));
  }
}

/**
 * Tells of places that a range of commits brought what an audit tells of them: how far they got,
 * from where they can be reached, and what took the key out again.
 * @param introduced the places in the range's commits
 * @param hits the range's objects with keys
 * @param everywhere all objects of the repository with these keys: what takes a key out of a file
 *   cannot be told from the range alone
 */
export async function attributeIntroduced(
  repository: Repository,
  introduced: readonly AttributedPlace[],
  hits: readonly HitObject[],
  everywhere: readonly HitObject[],
  options: AttributionOptions = {},
): Promise<Attributed> {
  if (hits.length === 0) return { places: [], carriers: [], notices: [] };
  try {
    const read = await readHistory(repository, everywhere, options);
    const audit = placesIn(read).places;
    const places = introducedPlaces(read, introduced, hits, audit, options);
    return { places: places.toSorted(byAge), carriers: places, notices: [] };
  } catch (error) {
    return unknown(error, introduced);
  }
}

interface ReadHistory {
  readonly history: History;
  readonly peeled: PeeledTips;
  readonly inPaths: PathPlaces;
  readonly others: readonly AttributedPlace[];
}

async function readHistory(
  repository: Repository,
  hits: readonly HitObject[],
  { cameFromRemote = false }: AttributionOptions,
): Promise<ReadHistory> {
  const graph = await readCommitGraph(repository);
  const tagHits = hits.filter(({ type }) => type === "tag").map(({ oid }) => oid);
  const tips = await readTips(repository, cameFromRemote);
  const peeled = await peelTips(repository, graph, tips, tagHits);
  const history = { graph, masks: reachability(graph, peeled), tips: peeled.commits };
  const inPaths = await pathPlaces(repository, history, peeled, hits);
  const accounted = new Set(
    inPaths.carriers.map(({ object, fingerprint }) => `${object} ${fingerprint}`),
  );
  const others = await objectPlaces(repository, history, peeled, hits, accounted);
  return { history, peeled, inPaths, others };
}

function placesIn({ inPaths, others }: ReadHistory): Omit<Attributed, "notices"> {
  return {
    places: [...inPaths.places, ...others],
    carriers: [...inPaths.carriers, ...others],
  };
}

function unknown(error: unknown, places: readonly AttributedPlace[]): Attributed {
  if (!(error instanceof GitError) && !isOfTheSystem(error)) throw error;
  return {
    places,
    carriers: places,
    notices: [
      {
        kind: "notice",
        code: "attribution-failed",
        message: `Which commits and refs hold the keys could not be found out: ${error.message}. Run git fsck to see what is broken.`,
        incomplete: true,
      },
    ],
  };
}

/** A file of the git directory could not be read. */
function isOfTheSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && error.name !== "AbortError";
}

const kindOfType = {
  blob: "commit",
  tree: "path-name",
  commit: "commit-message",
  tag: "tag-message",
} as const satisfies Record<HitObject["type"], PlaceKind>;

/** The place of an object of which nothing is known but that the repository holds it. */
function unattributed({ oid, type, fingerprints }: HitObject): AttributedPlace[] {
  return [...fingerprints].map((fingerprint) => ({
    kind: kindOfType[type],
    // Not knowing is no reason to call it harmless.
    exposure: "committed",
    path: null,
    commit: type === "commit" ? oid : null,
    date: null,
    author: null,
    refs: [],
    removed: null,
    worktree: null,
    object: oid,
    fingerprint,
  }));
}

function byAge(a: AttributedPlace, b: AttributedPlace): number {
  const generations = (a.generation ?? 0) - (b.generation ?? 0);
  return time(a) - time(b) || generations || compareText(a.path ?? "", b.path ?? "");
}

/** Milliseconds; places without a date (the index, files) are the youngest. */
function time(place: AttributedPlace): number {
  const date = committedAt(place);
  const parsed = date === null ? Number.NaN : Date.parse(date);
  return Number.isNaN(parsed) ? Number.MAX_SAFE_INTEGER : parsed;
}

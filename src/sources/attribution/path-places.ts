// Places with a path: files of commits, stashes and notes, path names, and entries of indexes.
// Messages, and objects that nothing holds, are left to object-places.
import type { AttributedPlace, HitObject, Repository } from "../../model/source.js";
import { readPathChanges, readRootTrees } from "./changes.js";
import { exposureOf, fileKindOf, refNames } from "./exposure.js";
import { readIndexes, type IndexEntry } from "./indexes.js";
import { marksOf } from "./marks.js";
import { stretchesAt, type History, type Mark, type StateAt, type Stretch } from "./presence.js";
import { tipsContaining, type PeeledTips } from "./reach.js";
import { readStamps } from "./stamps.js";
import { via, type Tip } from "./tips.js";

/** The places, and for which objects, keys and paths they stand. */
export interface PathPlaces {
  readonly places: readonly AttributedPlace[];
  readonly carriers: readonly Pick<AttributedPlace, "object" | "fingerprint" | "path">[];
}

export async function pathPlaces(
  repository: Repository,
  history: History,
  peeled: PeeledTips,
  hits: readonly HitObject[],
): Promise<PathPlaces> {
  const marks = marksOf(hits);
  const objects = new Set(marks.flatMap((mark) => [...mark.objects]));
  if (objects.size === 0) return { places: [], carriers: [] };
  const changes = new Map(await readPathChanges(repository, history.graph, objects));
  if (marks.some(({ name }) => name !== null)) {
    changes.set("", await readRootTrees(repository, history.graph, objects));
  }
  const entries = await readIndexes(repository, objects);
  const stretches: Stretch[] = [];
  const places: AttributedPlace[] = [];
  for (const path of new Set([...changes.keys(), ...entries.map((entry) => entry.path)])) {
    const isTree = path === "" || path.endsWith("/");
    const here = marks.filter(({ name }) => (name !== null) === isTree);
    const found = stretchesAt(history, path, changes.get(path) ?? new Map(), here);
    stretches.push(...found.stretches);
    for (const entry of entries.filter((one) => one.path === path)) {
      places.push(...indexPlaces(history, entry, here, found.stateAt));
    }
  }
  const inHistory = stretches.flatMap(({ objects: carried, mark: { fingerprint }, path }) =>
    [...carried].map((object) => ({ object, fingerprint, path })),
  );
  return {
    places: [...(await stretchPlaces(repository, history, peeled, stretches)), ...places],
    carriers: [...inHistory, ...places],
  };
}

async function stretchPlaces(
  repository: Repository,
  { graph, masks }: History,
  peeled: PeeledTips,
  stretches: readonly Stretch[],
): Promise<AttributedPlace[]> {
  const containing = tipsContaining(
    graph,
    peeled,
    stretches.map(({ introduced }) => introduced),
  );
  const oidOf = (number: number): string => graph.oids[number] ?? "";
  const drafts = stretches.map((stretch, index) => {
    const tips = containing[index] ?? [];
    const mask = stretch.introduced.reduce((all, number) => all | (masks[number] ?? 0), 0);
    const kind = stretch.mark.name === null ? fileKindOf(mask) : "path-name";
    const commit = kind === "stash" ? stashOf(tips) : null;
    return { ...stretch, tips, mask, kind, commit: commit ?? oidOf(stretch.introduced[0]) };
  });
  const stampOf = await readStamps(
    repository,
    graph,
    drafts.flatMap(({ commit, removed }) =>
      removed === null ? [commit] : [commit, oidOf(removed)],
    ),
  );
  return drafts.map(({ kind, mask, path, object, mark, tips, commit, removed }) => ({
    kind,
    exposure: exposureOf(mask),
    path: kind === "note" ? annotated(path) : path,
    ...stampOf(commit),
    refs: refNames(tips),
    removed: removed === null ? null : stampOf(oidOf(removed)),
    worktree: null,
    object,
    fingerprint: mark.fingerprint,
  }));
}

/** Of a stash's commits (index, untracked files, worktree) the one that `git stash list` names. */
function stashOf(tips: readonly Tip[]): string | null {
  return tips.find((tip) => (tip.via & via.stash) !== 0)?.oid ?? null;
}

/** A note's path is the annotated object's id with slashes in it: gitrevisions cannot name the former. */
export function annotated(path: string): string {
  const joined = path.replaceAll("/", "");
  return /^[0-9a-f]{40,64}$/u.test(joined) ? joined : path;
}

/** An index entry is a place when this key does not stand at this path in the worktree's HEAD already. */
function indexPlaces(
  { graph }: History,
  entry: IndexEntry,
  marks: readonly Mark[],
  stateAt: StateAt,
): AttributedPlace[] {
  const head = entry.head === null ? undefined : graph.numberOf.get(entry.head);
  const committed = head === undefined ? null : stateAt(head);
  return marks
    .filter(({ objects }) => objects.has(entry.oid))
    .filter(({ objects }) => committed === null || !objects.has(committed))
    .map(({ fingerprint }) => ({
      kind: "index",
      exposure: "staged",
      path: entry.path,
      commit: null,
      date: null,
      author: null,
      refs: [],
      removed: null,
      worktree: entry.worktree,
      object: entry.oid,
      fingerprint,
    }));
}

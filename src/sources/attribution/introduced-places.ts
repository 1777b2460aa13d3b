// What an audit knows of a place, told of the places that a range of commits brought.
// Which commits of the range brought them is left to introduced-by.
import type { PlaceKind } from "../../model/place.js";
import type { AttributedPlace, HitObject } from "../../model/source.js";
import { exposureOf, fileKindOf, refNames } from "./exposure.js";
import { annotated } from "./path-places.js";
import type { History } from "./presence.js";
import { tipsContaining, type PeeledTips } from "./reach.js";
import { via } from "./tips.js";

/** What `introducedBy` calls what is in the trees of commits. */
const treeKinds: ReadonlySet<PlaceKind> = new Set<PlaceKind>(["commit", "note", "path-name"]);

/**
 * @param introduced places in the range's commits
 * @param hits the range's objects with keys; those in none of these places keep the audit's
 * @param audit the places that an audit gives the same keys
 */
export function introducedPlaces(
  { history, peeled }: { readonly history: History; readonly peeled: PeeledTips },
  introduced: readonly AttributedPlace[],
  hits: readonly HitObject[],
  audit: readonly AttributedPlace[],
  { cameFromRemote = false }: { readonly cameFromRemote?: boolean },
): readonly AttributedPlace[] {
  const { graph, masks } = history;
  const inTrees = introduced.filter(({ kind }) => treeKinds.has(kind));
  const numbers = inTrees.map(({ commit }) => graph.numberOf.get(commit ?? ""));
  const containing = tipsContaining(
    graph,
    peeled,
    numbers.map((number) => (number === undefined ? [] : [number])),
  );
  const removedFrom = removals(history, audit);
  const places = inTrees.map((place, index): AttributedPlace => {
    const number = numbers[index];
    const reached = number === undefined ? 0 : (masks[number] ?? 0);
    // A job is given commits by their ids, and need not have a ref that reaches them.
    const mask = cameFromRemote ? reached | via.pushed : reached;
    const isFile = place.kind !== "path-name" && reached !== 0;
    const kind = isFile ? fileKindOf(reached) : place.kind;
    const path = kind === "note" && place.path !== null ? annotated(place.path) : place.path;
    const age = number === undefined ? {} : { generation: graph.generations[number] ?? 0 };
    const known = { ...place, ...age, kind, path };
    return {
      ...known,
      // No ref reaches it yet, as in a server's hook: whoever names a commit is about to use it.
      exposure: mask === 0 ? place.exposure : exposureOf(mask),
      refs: refNames(containing[index] ?? []),
      removed: removedFrom(known, number),
    };
  });
  const told = new Set(places.map(nameOf));
  const mine = new Set(hits.flatMap(namesOf));
  const others = audit.filter(
    (place) => place.kind !== "index" && mine.has(nameOf(place)) && !told.has(nameOf(place)),
  );
  const asIntroduced = new Map(introduced.map((place) => [nameOf(place), place]));
  const kept = others.map((place) =>
    place.exposure === "unreachable" ? (asIntroduced.get(nameOf(place)) ?? place) : place,
  );
  return [...places, ...kept.map((place) => (cameFromRemote ? pushed(place) : place))];
}

function pushed(place: AttributedPlace): AttributedPlace {
  return { ...place, exposure: "pushed" };
}

function nameOf({ object, fingerprint }: AttributedPlace): string {
  return `${object} ${fingerprint}`;
}

function namesOf({ oid, fingerprints }: HitObject): string[] {
  return [...fingerprints].map((fingerprint) => `${oid} ${fingerprint}`);
}

/**
 * A commit of the range may carry a key on that an earlier one brought: then the latest of the
 * audit's places at this path that leads to the commit is the one that was, or was not, cleared.
 */
function removals(
  { graph }: History,
  audit: readonly AttributedPlace[],
): (place: AttributedPlace, number: number | undefined) => AttributedPlace["removed"] {
  const atPath = new Map<string, { number: number; place: AttributedPlace }[]>();
  for (const place of audit) {
    const number = graph.numberOf.get(place.commit ?? "");
    if (number === undefined || place.path === null) continue;
    const name = JSON.stringify([place.fingerprint, place.path]);
    atPath.set(name, [...(atPath.get(name) ?? []), { number, place }]);
  }
  return ({ fingerprint, path }, number) => {
    if (number === undefined) return null;
    const known = atPath.get(JSON.stringify([fingerprint, path])) ?? [];
    const same = known.find((entry) => entry.number === number);
    if (same !== undefined) return same.place.removed;
    const earlier = known
      .filter((entry) => entry.number < number && leadsTo(graph, entry.number, number))
      .sort((a, b) => b.number - a.number);
    return earlier[0]?.place.removed ?? null;
  };
}

/** Whether a commit is an ancestor of another. */
function leadsTo({ starts, parents }: History["graph"], from: number, to: number): boolean {
  const waiting = [to];
  const seen = new Set(waiting);
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    if (number === from) return true;
    for (let at = starts[number] ?? 0; at < (starts[number + 1] ?? 0); at += 1) {
      const parent = parents[at] ?? 0;
      if (parent < from || seen.has(parent)) continue;
      seen.add(parent);
      waiting.push(parent);
    }
  }
  return false;
}

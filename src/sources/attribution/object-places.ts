// Places without a path: commit and tag messages, objects that only a ref holds, and dangling ones.
// Files of commits are left to path-places.
import type { AttributedPlace, HitObject, Repository } from "../../model/source.js";
import { exposureOf, refNames } from "./exposure.js";
import type { History } from "./presence.js";
import { tipsContaining, type PeeledTips } from "./reach.js";
import { readStamps, taggerStamp } from "./stamps.js";
import type { Tip } from "./tips.js";

/** @param accounted `<oid> <fingerprint>` of blobs and trees that have a path somewhere */
export async function objectPlaces(
  repository: Repository,
  history: History,
  peeled: PeeledTips,
  hits: readonly HitObject[],
  accounted: ReadonlySet<string>,
): Promise<readonly AttributedPlace[]> {
  const messages = await commitMessages(repository, history, peeled, hits);
  const others = hits.flatMap((hit) => {
    const tips = peeled.others.get(hit.oid) ?? [];
    if (hit.type === "tag") return placesOf(hit, tagMessage(hit, tips, peeled));
    if (hit.type === "commit") return [];
    const left = [...hit.fingerprints].filter((key) => !accounted.has(`${hit.oid} ${key}`));
    return placesOf({ ...hit, fingerprints: new Set(left) }, pathless(hit, tips));
  });
  return [...messages, ...others];
}

type Draft = Omit<AttributedPlace, "object" | "fingerprint">;

const nowhere = {
  path: null,
  commit: null,
  date: null,
  author: null,
  refs: [],
  removed: null,
  worktree: null,
} as const;

function placesOf({ oid, fingerprints }: HitObject, draft: Draft): AttributedPlace[] {
  return [...fingerprints].map((fingerprint) => ({ ...draft, object: oid, fingerprint }));
}

async function commitMessages(
  repository: Repository,
  { graph, masks }: History,
  peeled: PeeledTips,
  hits: readonly HitObject[],
): Promise<readonly AttributedPlace[]> {
  const commits = hits.filter(({ type }) => type === "commit");
  const numbers = commits.map(({ oid }) => graph.numberOf.get(oid));
  const containing = tipsContaining(
    graph,
    peeled,
    numbers.map((number) => (number === undefined ? [] : [number])),
  );
  const stampOf = await readStamps(
    repository,
    graph,
    commits.map(({ oid }) => oid),
  );
  return commits.flatMap((hit, index) => {
    const number = numbers[index];
    const mask = number === undefined ? 0 : (masks[number] ?? 0);
    return placesOf(hit, {
      ...nowhere,
      kind: "commit-message",
      exposure: exposureOf(mask),
      ...stampOf(hit.oid),
      refs: refNames(containing[index] ?? []),
    });
  });
}

function tagMessage({ oid }: HitObject, tips: readonly Tip[], { tags }: PeeledTips): Draft {
  const tag = tags.get(oid);
  return {
    ...nowhere,
    kind: "tag-message",
    exposure: exposureOf(maskOf(tips)),
    commit: tag?.target ?? null,
    ...taggerStamp(tag?.tagger ?? null),
    refs: refNames(tips),
  };
}

/** A blob or tree in no commit: a ref may point right at it, else it dangles. */
function pathless({ type }: HitObject, tips: readonly Tip[]): Draft {
  const kind = type === "tree" ? "path-name" : tips.length > 0 ? "commit" : "unreachable";
  return { ...nowhere, kind, exposure: exposureOf(maskOf(tips)), refs: refNames(tips) };
}

function maskOf(tips: readonly Tip[]): number {
  return tips.reduce((mask, tip) => mask | tip.via, 0);
}

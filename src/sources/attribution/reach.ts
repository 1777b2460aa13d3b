// From tips to commits: how each commit can be reached, and which refs contain it.
// Which commits matter is left to presence.
import { compareText } from "../../model/compare-text.js";
import type { Repository } from "../../model/source.js";
import { catFile } from "../cat-file.js";
import { git } from "../git.js";
import type { CommitGraph } from "./commit-graph.js";
import { via, type Tip } from "./tips.js";

/** An annotated tag: what it points at, and who made it. */
interface TagObject {
  readonly oid: string;
  readonly target: string;
  readonly tagger: string | null;
}

/** Tips with their tag objects peeled. */
export interface PeeledTips {
  /** By the number of the commit they come to. */
  readonly commits: readonly { readonly number: number; readonly tip: Tip }[];
  /** By the id of every other object on the way or at the end: tags, and blobs or trees. */
  readonly others: ReadonlyMap<string, readonly Tip[]>;
  readonly tags: ReadonlyMap<string, TagObject>;
}

/** @param more tag objects to read although no tip points at them */
export async function peelTips(
  repository: Repository,
  graph: CommitGraph,
  tips: readonly Tip[],
  more: readonly string[],
): Promise<PeeledTips> {
  const tags = new Map<string, TagObject>();
  for (
    let unknown = [...more, ...tips.map(({ oid }) => oid)];
    unknown.length > 0;
    unknown = [...tags.values()].map(({ target }) => target).filter((oid) => !tags.has(oid))
  ) {
    const asked = new Set(unknown.filter((oid) => !graph.numberOf.has(oid)));
    const read = await readTags(repository, await tagsAmong(repository, [...asked]));
    if (read.length === 0) break;
    for (const tag of read) tags.set(tag.oid, tag);
  }
  const commits: { number: number; tip: Tip }[] = [];
  const others = new Map<string, Tip[]>();
  for (const tip of tips) {
    let oid: string | undefined = tip.oid;
    for (; oid !== undefined && !graph.numberOf.has(oid); oid = tags.get(oid)?.target) {
      others.set(oid, [...(others.get(oid) ?? []), tip]);
    }
    const number = oid === undefined ? undefined : graph.numberOf.get(oid);
    if (number !== undefined) commits.push({ number, tip });
  }
  return { commits, others, tags };
}

async function tagsAmong(repository: Repository, oids: readonly string[]): Promise<string[]> {
  const format = "--batch-check=%(objectname) %(objecttype)";
  const input = oids.map((oid) => `${oid}\n`).join("");
  const answer = await git(repository.gitDirectory, ["cat-file", format], { input });
  return answer
    .toString("latin1")
    .split("\n")
    .flatMap((line) => (line.endsWith(" tag") ? [line.slice(0, line.indexOf(" "))] : []));
}

async function readTags(repository: Repository, oids: readonly string[]): Promise<TagObject[]> {
  const tags: TagObject[] = [];
  for await (const answer of catFile(repository, oids, { wanted: () => true })) {
    if (answer.kind !== "piece" || !answer.first) continue;
    const header = Buffer.from(answer.bytes).toString("utf8").split("\n\n", 1)[0] ?? "";
    const target = /^object ([0-9a-f]+)$/mu.exec(header)?.[1] ?? "";
    tags.push({ oid: answer.oid, target, tagger: /^tagger (.*)$/mu.exec(header)?.[1] ?? null });
  }
  return tags;
}

/** For each commit, an or of `via` over all tips that reach it. */
export function reachability(graph: CommitGraph, { commits }: PeeledTips): Int32Array {
  const masks = new Int32Array(graph.oids.length);
  for (const { number, tip } of commits) masks[number] = (masks[number] ?? 0) | tip.via;
  for (let number = masks.length - 1; number >= 0; number -= 1) {
    const mask = masks[number] ?? 0;
    const end = graph.starts[number + 1] ?? 0;
    for (let at = graph.starts[number] ?? 0; at < end; at += 1) {
      const parent = graph.parents[at] ?? 0;
      masks[parent] = (masks[parent] ?? 0) | mask;
    }
  }
  return masks;
}

/** Sets of commits are looked up this many at a time: one bit each in 32. */
const setsAtOnce = 31;

/** A place names this many refs at most. */
export const namedRefs = 20;

/**
 * For each set of commits, the named tips from which one of them can be reached: in the order of
 * their names the first ones, and all stashes.
 * One walk over the graph serves 31 sets; never `for-each-ref --contains`, which takes a minute for
 * one commit where there are thousands of refs.
 */
export function tipsContaining(
  graph: CommitGraph,
  { commits }: PeeledTips,
  sets: readonly (readonly number[])[],
): readonly (readonly Tip[])[] {
  const found: Tip[][] = sets.map(() => []);
  const named = commits
    .filter(({ tip }) => tip.ref !== null)
    .sort((a, b) => compareText(a.tip.ref ?? "", b.tip.ref ?? ""));
  for (let first = 0; first < sets.length; first += setsAtOnce) {
    const batch = sets.slice(first, first + setsAtOnce);
    const masks = new Int32Array(graph.oids.length);
    batch.forEach((set, bit) => {
      for (const number of set) masks[number] = (masks[number] ?? 0) | (1 << bit);
    });
    spreadToChildren(graph, masks);
    for (const { number, tip } of named) {
      const mask = masks[number] ?? 0;
      if (mask === 0) continue;
      for (let bit = 0; bit < batch.length; bit += 1) {
        const tips = found[first + bit];
        if ((mask & (1 << bit)) === 0 || tips === undefined) continue;
        if (tips.length < namedRefs || (tip.via & via.stash) !== 0) tips.push(tip);
      }
    }
  }
  return found;
}

function spreadToChildren(graph: CommitGraph, masks: Int32Array): void {
  for (let number = 0; number < masks.length; number += 1) {
    let mask = masks[number] ?? 0;
    const end = graph.starts[number + 1] ?? 0;
    for (let at = graph.starts[number] ?? 0; at < end; at += 1) {
      mask |= masks[graph.parents[at] ?? 0] ?? 0;
    }
    masks[number] = mask;
  }
}

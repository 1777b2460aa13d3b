// What a source gives, cut down to one part of the work.
// Which part a document belongs to is left to model (shard); files are cut where they are listed.
import type { Origin } from "../model/origin.js";
import { shardHasName, shardHasObject, type Shard } from "../model/shard.js";
import type { Repository, SourceItem } from "../model/source.js";
import { countObjects } from "./count-objects.js";
import type { GitOptions } from "./git-options.js";

/**
 * Passes on what the part has to look at; what was left out on purpose is told by the first part.
 * Git objects, names of refs and reflogs are looked at by every part: since when a file has held a key
 * follows from all its versions, and a key in a name must be known wherever the name is shown. What of
 * it a part reports is decided when the places are known.
 */
export async function* itemsOfShard(
  items: AsyncIterable<SourceItem>,
  shard: Shard,
): AsyncGenerator<SourceItem> {
  for await (const item of items) {
    if (item.kind === "chunk" && !isOfShard(item.origin, shard)) continue;
    if (item.kind === "skip" && shard.index !== 1) continue;
    yield item;
  }
}

function isOfShard(origin: Origin, shard: Shard): boolean {
  switch (origin.kind) {
    case "object":
    case "ref-name":
    case "reflog":
      return true;
    case "file":
    case "path-name":
      return shardHasName(shard, origin.path);
    case "index":
      return shardHasName(shard, `${origin.worktree ?? ""}\n${origin.path}`);
    case "stdin":
      return shard.index === 1;
  }
}

/** Without the counts, which the first part gives. */
export async function* withoutCounts(items: AsyncIterable<SourceItem>): AsyncGenerator<SourceItem> {
  for await (const item of items) if (item.kind !== "progress") yield item;
}

/**
 * One part of a history. Readers of packs expand every object, since one is the base of others, and
 * count what they expand; here the part's own objects are counted, so that the parts add up.
 */
export async function* historyOfShard(
  repository: Pick<Repository, "gitDirectory" | "objectFormat">,
  history: AsyncIterable<SourceItem>,
  shard: Shard,
  options: GitOptions = {},
): AsyncGenerator<SourceItem> {
  for await (const item of history) {
    if (item.kind === "progress") {
      const { objects: _objects, bytes: _bytes, ...other } = item;
      yield other;
    } else {
      yield item;
    }
  }
  const counts = await countObjects(repository, (oid) => shardHasObject(shard, oid), options);
  yield { kind: "progress", ...counts };
}

// What a source gives, cut down to one part of the work.
// Which part a document belongs to is left to model (shard); files are cut where they are listed.
import type { Origin } from "../model/origin.js";
import { shardHasName, type Shard } from "../model/shard.js";
import type { SourceItem } from "../model/source.js";

/**
 * Passes on what the part has to look at; what was left out on purpose is told by the first part.
 * Names of refs and reflogs are looked at by every part: a key in a name must be known wherever the name
 * is shown. Objects were chosen where they were read.
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

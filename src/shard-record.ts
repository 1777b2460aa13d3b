// What a report of one part says of the whole, so that only parts of the same work are joined.
// Which part reads what is left to model (shard); joining, to findings (merge).
import { createHash } from "node:crypto";
import { relative, sep } from "node:path";
import type { Ruleset, Shard, ShardRecord } from "./model/index.js";
import type { ScanOptions } from "./scan.js";
import { nameOfTarget, type Target } from "./sources/targets.js";

/**
 * Makes the record. Jobs run in folders of different names, so what they look at is told by its way
 * from where they stand.
 */
export function shardRecord(
  shard: Shard,
  { currentDirectory = process.cwd(), scope, filter, decode = true }: ScanOptions,
  ruleset: Ruleset,
  targets: readonly Target[],
): ShardRecord {
  const names = targets.map((target) => nameOfTarget(target) ?? "-");
  const ways = names.map((name) => relative(currentDirectory, name).split(sep).join("/"));
  const work = JSON.stringify([ruleset.hash, shard.count, scope, filter, decode, ways]);
  return {
    ...shard,
    work: createHash("sha256").update(work).digest("hex"),
    repositories: names,
  };
}

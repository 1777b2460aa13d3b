// One part of a history: its own objects, and, once it has found a key, those of the other parts as
// well, since when a file has held a key follows from all its versions.
// Reading is left to packs and history, which object belongs to which part to model (shard).
import type { CleanRecord } from "../model/clean-record.js";
import { shardHasId, shardHasObject, type Shard } from "../model/shard.js";
import type { SortedIds } from "../model/sorted-ids.js";
import type { Repository, SourceItem } from "../model/source.js";
import { exactHistory, type HistoryOptions } from "./history.js";
import { listObjects } from "./objects.js";
import { fastHistory } from "./packs/fast-history.js";

/** The objects of a part: gives and counts these, and expands others only where they are needed. */
export async function* historyOfShard(
  repository: Repository,
  shard: Shard,
  options: HistoryOptions,
): AsyncGenerator<SourceItem> {
  for await (const item of part(repository, shard, true, options)) {
    // What is left out is left to other parts, not left undone.
    if (item.kind !== "skip") yield item;
  }
}

/** The objects of all other parts. What is to be said of them, and their counts, is left to those. */
export async function* historyOfOthers(
  repository: Repository,
  shard: Shard,
  options: HistoryOptions,
): AsyncGenerator<SourceItem> {
  for await (const item of part(repository, shard, false, options)) {
    if (item.kind === "chunk") yield item;
  }
}

function part(
  repository: Repository,
  shard: Shard,
  own: boolean,
  options: HistoryOptions,
): AsyncGenerator<SourceItem> {
  const belongs = (oid: string): boolean => shardHasObject(shard, oid) === own;
  const record: CleanRecord = {
    lookAgain: () => null,
    isClean: (oid) => !belongs(oid),
    knownElsewhere: (ids) => ({ sizes: marksOfOthers(ids, shard, own), counts: false }),
    packWasRead: () => undefined,
    objectWasRead: () => undefined,
  };
  const exact = (only: ReadonlySet<string> | null): AsyncIterable<SourceItem> => {
    const wanted =
      only === null
        ? allThat(repository, belongs, options)
        : new Set([...only].filter((oid) => belongs(oid)));
    return exactHistory(repository, { ...options, only: wanted });
  };
  return fastHistory(repository, { ...options, record, exact });
}

function marksOfOthers(ids: SortedIds, shard: Shard, own: boolean): Uint32Array {
  const marks = new Uint32Array(ids.count);
  const atATime = 4096;
  for (let from = 0; from < ids.count; from += atATime) {
    const to = Math.min(ids.count, from + atATime);
    const bytes = ids.slice(from, to);
    for (let place = from; place < to; place++) {
      const belongs = shardHasId(shard, bytes, (place - from) * ids.idBytes) === own;
      marks[place] = belongs ? 0 : 1;
    }
  }
  return marks;
}

async function* allThat(
  repository: Repository,
  belongs: (oid: string) => boolean,
  { signal, environment }: HistoryOptions,
): AsyncGenerator<string> {
  const gitOptions = { ...(signal ? { signal } : {}), ...(environment ? { environment } : {}) };
  const list = await listObjects(repository, gitOptions);
  for (const oid of list.slice(0, list.count)) if (belongs(oid)) yield oid;
}

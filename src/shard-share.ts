// Of what one part of a scan has found, keeps what this part reports: a part that has found a key looks
// at all git objects, because since when a file has held it follows from all versions.
// Which object belongs to which part is left to model (shard).
import type { Detected } from "./detect.js";
import type { Located } from "./findings/locate.js";
import { shardHasObject, type Shard } from "./model/index.js";

/** Leaves out what is said of objects of other parts; they say it. */
export function noticesOfShard(found: Detected, shard: Shard | null): Detected {
  if (shard === null) return found;
  const notices = found.notices.filter((notice) => {
    const object = found.about.get(notice);
    return object === undefined || shardHasObject(shard, object.oid);
  });
  return { ...found, notices };
}

/**
 * Leaves out the places whose first version belongs to another part, and names and reflogs, which the
 * first part reports. A hit that keeps none stays: it says of its key what it would say in a run that
 * is not split.
 */
export function placesOfShard(located: readonly Located[], shard: Shard | null): Located[] {
  if (shard === null) return [...located];
  return located.map((hit) => {
    switch (hit.match.origin.kind) {
      case "object":
        return { ...hit, places: hit.places.filter(({ object }) => isOwn(shard, object)) };
      case "ref-name":
      case "reflog":
        return shard.index === 1 ? hit : { ...hit, places: [] };
      default:
        // Only its own files and index entries were given to a part.
        return hit;
    }
  });
}

function isOwn(shard: Shard, object: string | null): boolean {
  return object === null || shardHasObject(shard, object);
}

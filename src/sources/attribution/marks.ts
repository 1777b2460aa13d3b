// From objects that were hit to what is looked for in paths: which objects carry which key there.
// Looking for them is left to changes and presence.
import type { HitObject } from "../../model/source.js";
import type { Mark } from "./presence.js";

/** Blobs give a mark per key; trees one per key and entry name, for a file may be renamed. */
export function marksOf(hits: readonly HitObject[]): readonly Mark[] {
  const marks = new Map<string, Mark & { readonly objects: Set<string> }>();
  const add = (fingerprint: string, name: string | null, oid: string): void => {
    const key = JSON.stringify([fingerprint, name]);
    const mark = marks.get(key) ?? { fingerprint, name, objects: new Set<string>() };
    mark.objects.add(oid);
    marks.set(key, mark);
  };
  for (const { oid, type, fingerprints, entries = new Map<string, never>() } of hits) {
    if (type === "blob") for (const fingerprint of fingerprints) add(fingerprint, null, oid);
    if (type !== "tree") continue;
    for (const [fingerprint, names] of entries) {
      for (const name of names) add(fingerprint, name, oid);
    }
  }
  return [...marks.values()];
}

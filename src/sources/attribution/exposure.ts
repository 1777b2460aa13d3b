// From the ways in which a commit can be reached to the words of a report.
import type { Exposure, PlaceKind } from "../../model/place.js";
import { compareText } from "../../model/compare-text.js";
import { namedRefs } from "./reach.js";
import { via, type Tip } from "./tips.js";

/** @param mask an or of `via` */
export function exposureOf(mask: number): Exposure {
  if (mask & via.pushed) return "pushed";
  if (mask & via.tag) return "tagged";
  if (mask & (via.branch | via.notes)) return "committed";
  if (mask & via.stash) return "stashed";
  return mask & via.reflog ? "reflog" : "unreachable";
}

/** What a file of a commit is called, by how the commit can be reached. */
export function fileKindOf(mask: number): PlaceKind {
  if (mask & (via.branch | via.tag)) return "commit";
  if (mask & via.notes) return "note";
  if (mask & via.stash) return "stash";
  return mask & via.reflog ? "reflog" : "unreachable";
}

/** The names of tips as a report shows them: sorted, each once, the first ones. */
export function refNames(tips: readonly Tip[]): readonly string[] {
  const names = new Set(tips.flatMap(({ ref }) => (ref === null ? [] : [ref])));
  return [...names].sort(compareText).slice(0, namedRefs);
}

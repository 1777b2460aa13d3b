// Joins the hints found beside a key's places.
// The outcome depends on the hints alone and not on their order, so that the parts of a scan,
// joined, say what the whole says.
import { compareText, type Hints } from "../model/index.js";

/**
 * One set of hints out of many. Lists that agree stay in their order (nearest first); where they
 * differ there is no nearest for all, and the union is sorted.
 */
export function mergeHints(all: readonly Hints[]): Hints {
  const variables = all.flatMap(({ variable }) => variable ?? []);
  return {
    hosts: agreed(
      all.map(({ hosts }) => hosts),
      (host) => host,
    ),
    workspaces: agreed(
      all.map(({ workspaces }) => workspaces),
      ({ id, region }) => `${id} ${region ?? ""}`,
    ),
    variable: variables.sort(compareText)[0] ?? null,
    usedAsName: all.some(({ usedAsName }) => usedAsName),
  };
}

function agreed<T>(lists: readonly (readonly T[])[], nameOf: (item: T) => string): readonly T[] {
  const told = lists.filter((list) => list.length > 0);
  const names = new Set(told.map((list) => list.map(nameOf).join("\n")));
  if (names.size <= 1) return told[0] ?? [];
  const union = new Map(told.flat().map((item) => [nameOf(item), item]));
  return [...union].sort(([a], [b]) => compareText(a, b)).map(([, item]) => item);
}

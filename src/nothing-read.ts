// A run that had nothing to look at: because nothing is there, or because it was all left out.
// What such a notice does to the exit status is left to cli.
import type { Notice, Shard, Tally } from "./model/index.js";
import { keptPaths } from "./sources/kept-paths.js";
import { pathFilter, type PathFilter } from "./sources/path-filter.js";
import type { ReadOptions } from "./sources/read-target.js";
import type { Target } from "./sources/targets.js";

/** Nothing is clean when something was there and all of it was left out; an empty place is. */
export async function nothingRead(
  targets: readonly Target[],
  { scope, filter }: Pick<ReadOptions, "scope" | "filter">,
  { files, objects, bytes, leftOut, skipped }: Tally,
  part: Shard | null,
): Promise<Notice[]> {
  // Of little work there may be nothing left for one of many parts; a commit, a push or a range
  // may well bring nothing.
  const mayBeEmpty = !["audit", "tree", "history", "everything"].includes(scope.kind);
  if (mayBeEmpty || part !== null || files > 0) return [];
  if (targets.some(({ kind }) => kind === "standard-input")) return [];
  const wanted = pathFilter(filter);
  if (wanted !== null && (await isAllLeftOut(targets, scope.kind === "tree", wanted, leftOut))) {
    return [notice(true, "Nothing was looked at: every path is left out by include and exclude.")];
  }
  if (objects + bytes > 0) return [];
  if (scope.kind === "tree" && targets.some(isBare)) {
    const remedy = "Use --history for its git objects.";
    return [notice(true, `Nothing was looked at: a bare repository has no files. ${remedy}`)];
  }
  if (skipped.length > 0) {
    return [notice(true, "Nothing was looked at: all that is there was left out.")];
  }
  return [
    notice(false, "There is nothing to scan: no git object, and no file but what git ignores."),
  ];
}

async function isAllLeftOut(
  targets: readonly Target[],
  filesOnly: boolean,
  wanted: PathFilter,
  files: number,
): Promise<boolean> {
  let seen = files > 0;
  for (const target of targets) {
    if (filesOnly || target.kind !== "repository") continue;
    const history = await keptPaths(target.repository, wanted, target.environment);
    if (history === "kept") return false;
    if (history === "left-out") seen = true;
  }
  return seen;
}

function isBare(target: Target): boolean {
  return target.kind === "repository" && target.repository.worktree === null;
}

function notice(incomplete: boolean, message: string): Notice {
  return { kind: "notice", code: "nothing-read", message, incomplete };
}

// A run that had nothing to look at: neither a file nor a git object.
// What such a notice does to the exit status is left to cli.
import type { Notice, Shard, Tally } from "./model/index.js";
import type { Scope } from "./sources/read-target.js";
import type { Target } from "./sources/targets.js";

/** A path was given and not one byte was looked at: that is no clean bill. */
export function nothingRead(
  targets: readonly Target[],
  scope: Scope,
  { files, objects, bytes }: Tally,
  part: Shard | null,
): Notice[] {
  // Of little work there may be nothing left for one of many parts; a commit, a push or a range
  // may well bring nothing.
  const mayBeEmpty = !["audit", "tree", "history", "everything"].includes(scope.kind);
  if (mayBeEmpty || part !== null || files + objects + bytes > 0) return [];
  if (targets.some(({ kind }) => kind === "standard-input")) return [];
  return [
    {
      kind: "notice",
      code: "nothing-read",
      message: "Nothing was looked at: no file and no git object is left by the paths and filters.",
      incomplete: true,
    },
  ];
}

// Whether the filters leave any path of a history. What lies at the paths is left to other sources.
import type { Repository } from "../model/source.js";
import { GitError, gitStream } from "./git.js";
import type { GitOptions } from "./git-options.js";
import type { PathFilter } from "./path-filter.js";

/** With so many paths looked at, a filter that keeps none of them may still mean a rare one. */
const mostPaths = 20_000;

/**
 * Looks at the paths that the commits of all refs change, youngest first, up to some thousands.
 * @returns `kept`: one that the filter keeps, or too many to know; `left-out`: there are some, and it
 *   keeps none; `none`: there is none
 */
export async function keptPaths(
  { gitDirectory }: Pick<Repository, "gitDirectory">,
  keeps: PathFilter,
  environment: NonNullable<GitOptions["environment"]> = {},
): Promise<"kept" | "left-out" | "none"> {
  // prettier-ignore
  const args = ["-c", "log.showRoot=true", "log", "--all", "--format=", "--name-only", "-z",
    "--no-renames", "--no-relative"];
  let seen = 0;
  let rest = "";
  try {
    for await (const piece of gitStream(gitDirectory, args, { environment })) {
      const names = (rest + piece.toString("latin1")).split("\0");
      rest = names.pop() ?? "";
      const paths = names.filter((name) => name !== "");
      seen += paths.length;
      if (seen > mostPaths) return "kept";
      if (paths.some((path) => keeps(Buffer.from(path, "latin1").toString("utf8")))) return "kept";
    }
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return "kept"; // what is broken there is told by whoever reads it
  }
  return seen === 0 ? "none" : "left-out";
}

// Where the indexes of all worktrees hold given objects.
// Whether that is news compared with a worktree's HEAD is left to attribution.
import type { Repository } from "../../model/source.js";
import { git } from "../git.js";

/** An index entry with one of the objects. */
export interface IndexEntry {
  readonly path: string;
  readonly oid: string;
  /** Top folder of the linked worktree, or null for the main one. */
  readonly worktree: string | null;
  /** The commit that this worktree has checked out; null when there is none yet. */
  readonly head: string | null;
}

export async function readIndexes(
  repository: Repository,
  objects: ReadonlySet<string>,
): Promise<readonly IndexEntry[]> {
  const entries: IndexEntry[] = [];
  for (const { path: top, gitDirectory } of repository.worktrees) {
    const found = await entriesIn(gitDirectory, objects);
    if (found.length === 0) continue;
    const worktree = gitDirectory === repository.commonDirectory ? null : top;
    const head = await headOf(gitDirectory);
    for (const entry of found) entries.push({ ...entry, worktree, head });
  }
  return entries;
}

/** Reads an index by its git directory alone: the worktree's folder may be gone. */
async function entriesIn(
  gitDirectory: string,
  objects: ReadonlySet<string>,
): Promise<readonly { readonly path: string; readonly oid: string }[]> {
  const environment = { GIT_DIR: gitDirectory };
  const listing = await git(gitDirectory, ["ls-files", "-s", "-z"], { environment });
  return listing
    .toString("utf8")
    .split("\0")
    .flatMap((record) => {
      const [, oid = ""] = record.split(" ", 2);
      return objects.has(oid) ? [{ path: record.slice(record.indexOf("\t") + 1), oid }] : [];
    });
}

async function headOf(gitDirectory: string): Promise<string | null> {
  const args = ["rev-parse", "-q", "--verify", "HEAD"];
  const head = await git(gitDirectory, args, { allowStatus: [0, 1, 128] });
  const oid = head.toString("latin1").trim();
  return /^[0-9a-f]{40,64}$/u.test(oid) ? oid : null;
}

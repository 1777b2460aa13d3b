// What `git commit` would record: the index's blobs (not the files on disk) and new path names.
// Whether a parent held a key already is left to held-before.
import type { Notice, Repository, SourceItem } from "../model/index.js";
import type { CatFileOptions } from "./cat-file.js";
import { git } from "./git.js";
import type { GitOptions } from "./git-options.js";
import { listedObjects, type ListedObject } from "./listed-objects.js";
import { leftOutReason, pathFilter, type PathGlobs } from "./path-filter.js";

/** The facts that this source needs of a repository. */
export type StagedRepository = Pick<Repository, "worktree" | "gitDirectory" | "commonDirectory">;

/**
 * A hook's variables (GIT_INDEX_FILE and the like), a way to stop, a way to leave out documents that
 * need not be looked at more closely, and the paths that are wanted.
 */
export type StagedOptions = Pick<GitOptions, "environment" | "signal"> &
  Partial<Pick<CatFileOptions, "wanted">> & { readonly filter?: PathGlobs };

/** One difference between a commit (or the empty tree) and the index. */
export interface StagedChange {
  readonly path: string;
  /** `A`dded, `D`eleted, `M`odified, `T`ype changed, `U`nmerged. */
  readonly status: string;
  /** The blob on each side, or null where there is none to read (absent, or a submodule). */
  readonly before: string | null;
  readonly index: string | null;
}

const submodule = "160000";

/**
 * Lists what would be committed, as compared to a commit: by default to HEAD (during a merge, the
 * side that was checked out) or, on an unborn branch, to the empty tree. Paths added by `git add --intent-to-add` are not
 * part of the commit and so not of the list. GIT_INDEX_FILE, which git sets for `git commit -a` and
 * `git commit <path>`, is honoured when it is in `environment`.
 *
 * Source: git-diff(1) "RAW OUTPUT FORMAT", git 2.39. Renames are left as a deletion and an addition.
 */
export async function stagedChanges(
  repository: StagedRepository,
  { environment, signal }: StagedOptions = {},
  commit: string | null = null,
): Promise<StagedChange[]> {
  if (repository.worktree === null) return [];
  const output = await git(
    repository.worktree,
    [...stagedArguments, ...(commit === null ? [] : [commit]), "--"],
    { ...(environment ? { environment } : {}), ...(signal ? { signal } : {}) },
  );
  const fields = output.toString("utf8").split("\0");
  const changes: StagedChange[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [from = "", to = "", before = "", index = "", status = ""] = (fields[at] ?? "")
      .slice(1)
      .split(" ");
    changes.push({
      path: fields[at + 1] ?? "",
      status,
      before: blobOf(from, before),
      index: blobOf(to, index),
    });
  }
  return changes;
}

const stagedArguments = [
  "diff",
  "--cached",
  "--raw",
  "-z",
  "--no-abbrev",
  "--no-renames",
  "--no-relative", // diff.relative would hide what is outside of the current folder
  "--ignore-submodules=all",
  "-O/dev/null", // diff.orderFile may name a file that is not there
] as const;

function blobOf(mode: string, oid: string): string | null {
  return mode === submodule || /^0+$/u.test(oid) ? null : oid;
}

/**
 * What would be committed: every blob that the index has and HEAD has not at that path, and every
 * path name that HEAD has not. Symlinks give their target. An unmerged path is a notice, because it
 * has no blob to commit yet. Paths that are not wanted are counted.
 */
export async function* staged(
  repository: StagedRepository,
  options: StagedOptions = {},
): AsyncGenerator<SourceItem> {
  const worktree =
    repository.gitDirectory === repository.commonDirectory ? null : repository.worktree;
  // The process that reads starts at once and waits for the list: that hides its start.
  const keeps = pathFilter(options.filter ?? {}) ?? (() => true);
  const listing = stagedChanges(repository, options);
  listing.catch(() => undefined); // awaited below; must not count as unhandled until then
  async function* blobs(): AsyncGenerator<ListedObject> {
    for (const { path, index, status } of await listing) {
      if (index === null || status === "U" || !keeps(path)) continue;
      yield [index, { kind: "index", path, oid: index, worktree }];
    }
  }
  yield* listedObjects(repository, blobs(), options);
  let leftOut = 0;
  for (const { status, path } of await listing) {
    if (!keeps(path)) {
      if (status !== "D") leftOut += 1;
      continue;
    }
    if (status === "A") {
      const bytes = Buffer.from(path);
      yield { kind: "chunk", origin: { kind: "path-name", path }, bytes, first: true, last: true };
    }
    if (status === "U") yield unmerged(path);
  }
  if (leftOut > 0) {
    yield { kind: "skip", what: "staged files", reason: leftOutReason, count: leftOut };
  }
}

function unmerged(path: string): Notice {
  return {
    kind: "notice",
    code: "nothing-read",
    message: `${path} has merge conflicts and no staged version that could be looked at.`,
    subject: path,
    incomplete: true,
  };
}

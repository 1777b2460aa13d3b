// The names of refs as documents: a branch can be called after a key.
// What the refs point at is left to history and attribution.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Notice } from "../model/notice.js";
import type { Repository, SourceItem, SourceOptions } from "../model/source.js";
import { GitError, gitText } from "./git.js";
import { searchFor } from "./kernel/kernel-search.js";

/** Names of all refs, those of linked worktrees included, in which a witness occurs. */
export async function* refNames(
  repository: Pick<Repository, "gitDirectory" | "commonDirectory" | "worktrees">,
  { witnesses }: SourceOptions,
): AsyncGenerator<SourceItem> {
  const search = searchFor(witnesses);
  const names = new Set<string>();
  const directories = [
    repository.commonDirectory,
    repository.gitDirectory,
    ...repository.worktrees.map(({ gitDirectory }) => gitDirectory),
  ];
  for (const directory of new Set(directories)) {
    try {
      const listing = await gitText(directory, ["for-each-ref", "--format=%(refname)"]);
      for (const name of listing.split("\n")) if (name !== "") names.add(name);
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      yield unknownRefs(directory, error.message);
    }
    yield* unreadableFolders(directory);
    // HEAD can name a branch that is not born yet.
    const head = await gitText(directory, ["symbolic-ref", "-q", "HEAD"], {
      allowStatus: [0, 1, 128],
    });
    if (head !== "") names.add(head);
  }
  for (const ref of names) {
    const bytes = Buffer.from(ref);
    if (!search(bytes)) continue;
    yield { kind: "chunk", origin: { kind: "ref-name", ref }, bytes, first: true, last: true };
  }
  yield { kind: "progress", refs: names.size };
}

/** git passes over folders of refs that it may not read, and says nothing. */
async function* unreadableFolders(directory: string): AsyncGenerator<Notice> {
  const folders = [join(directory, "refs")];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    try {
      for (const entry of await readdir(folder, { withFileTypes: true })) {
        if (entry.isDirectory()) folders.push(join(folder, entry.name));
      }
    } catch (error) {
      const { code = "unknown error" } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT") yield unknownRefs(folder, code);
    }
  }
}

function unknownRefs(subject: string, why: string): Notice {
  return {
    kind: "notice",
    code: "git-failed",
    message: `The refs in ${subject} cannot all be read (${why}): their names were not looked at, and how far keys got is not certain. Run git fsck, or scan a fresh clone.`,
    subject,
    incomplete: true,
  };
}

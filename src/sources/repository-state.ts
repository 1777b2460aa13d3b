// The state that a proof or a purge plan speaks about: refs, HEAD, stash, what was never pushed.
// What follows from it is left to findings.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { compareText } from "../model/compare-text.js";
import type { RepositoryState } from "../model/proof.js";
import type { Repository } from "../model/source.js";
import { gitClient } from "./git-client.js";
import { git, gitText } from "./git.js";

/**
 * Reads the state of a repository.
 * @throws GitError when git cannot read it
 */
export async function repositoryState(repository: Repository): Promise<RepositoryState> {
  const directory = repository.gitDirectory;
  const ask = await gitClient(directory);
  const [refs, head, branch, stashes, alternates, keptPacks] = await Promise.all([
    refsOf(directory),
    ask("rev-parse", "-q", "--verify", "HEAD^{commit}"),
    ask("symbolic-ref", "-q", "HEAD"),
    stashesOf(directory),
    alternatesOf(join(repository.commonDirectory, "objects")),
    keptPacksOf(join(repository.commonDirectory, "objects", "pack")),
  ]);
  return {
    repository: repository.worktree ?? directory,
    worktrees: repository.worktrees.map(({ path }) => path),
    head: head || null,
    branch: branch || null,
    refs,
    stashes,
    ownCommits: head === null || head === "" ? [] : await ownCommitsOf(directory),
    remotes: repository.remotes,
    alternates,
    keptPacks,
  };
}

async function refsOf(directory: string): Promise<RepositoryState["refs"]> {
  const lines = await git(directory, ["for-each-ref", "--format=%(objectname) %(refname)"]);
  const count = lines.reduce((sum, byte) => sum + (byte === 0x0a ? 1 : 0), 0);
  return { count, digest: createHash("sha256").update(lines).digest("hex") };
}

/** A stash entry is a commit whose further parents hold the index and untracked files. */
async function stashesOf(directory: string): Promise<RepositoryState["stashes"]> {
  const log = await gitText(directory, ["log", "-g", "--format=%H %P", "refs/stash", "--"], {
    allowStatus: [0, 128],
  });
  return log.split("\n").flatMap((line, index) => {
    const [commit, , ...parts] = line.split(" ");
    return commit ? [{ name: `stash@{${index}}`, commits: [commit, ...parts] }] : [];
  });
}

/** Rewriting by amend or rebase stops to be simple at a merge. */
async function ownCommitsOf(directory: string): Promise<RepositoryState["ownCommits"]> {
  const args = [
    "rev-list",
    "--parents",
    "--max-count=1000",
    "HEAD",
    "--not",
    "--remotes",
    "--tags",
    "--", // with core.worktree set, as in a submodule, HEAD is a file beside it as well
  ];
  const own: { commit: string; isRoot: boolean }[] = [];
  for (const line of (await gitText(directory, args)).split("\n")) {
    const [commit, ...parents] = line.split(" ");
    if (!commit || parents.length > 1) break;
    own.push({ commit, isRoot: parents.length === 0 });
  }
  return own;
}

/** Source: gitrepository-layout(5), `objects/info/alternates`; relative to the objects folder. */
async function alternatesOf(objects: string): Promise<string[]> {
  const found = new Set<string>();
  const waiting = [objects];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const text = await readFile(join(next, "info", "alternates"), "utf8").catch(absent);
    for (const line of text?.split("\n") ?? []) {
      if (line === "" || line.startsWith("#")) continue;
      const folder = resolve(next, line);
      if (folder === objects || found.has(folder)) continue;
      found.add(folder);
      waiting.push(folder);
    }
  }
  return [...found].sort(compareText);
}

async function keptPacksOf(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(absent)) ?? [];
  return names
    .filter((name) => name.endsWith(".keep"))
    .map((name) => join(folder, name))
    .sort(compareText);
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
  throw error;
}

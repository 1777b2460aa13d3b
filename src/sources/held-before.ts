// What was there before a commit or a push: the places to look for keys that it does not add.
// Reading what it adds is left to staged and outgoing; whether a key counts, to the caller.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Secret, SourceItem } from "../model/index.js";
import { git, gitText } from "./git.js";
import type { GitOptions } from "./git-options.js";
import { listedObjects } from "./listed-objects.js";
import { select, type Outgoing } from "./outgoing.js";
import type { Before } from "./before.js";
import { stagedChanges, type StagedRepository } from "./staged.js";

type Options = Pick<GitOptions, "environment" | "signal">;

/** More commits are not asked: then a key counts as new, which is the safer mistake. */
const mostCommits = 64;

/**
 * Gives the files that may hold some keys already: earlier versions of what changes, whole, so that
 * encoded keys are found too; then every file in which a key's text occurs, wherever it lies.
 */
export async function* heldBefore(
  repository: StagedRepository,
  before: Before,
  secrets: readonly Secret[],
  { environment, signal }: Options = {},
): AsyncGenerator<SourceItem> {
  const options = { ...(environment ? { environment } : {}), ...(signal ? { signal } : {}) };
  const commits = await commitsOf(repository, before, options);
  const blobs = new Set<string>();
  for (const commit of commits) {
    if (before.kind === "known") {
      for (const { path, oid } of await filesAt(repository, commit, before.paths, options)) {
        blobs.add(oid);
        const bytes = Buffer.from(path);
        yield {
          kind: "chunk",
          origin: { kind: "path-name", path },
          bytes,
          first: true,
          last: true,
        };
      }
    } else {
      for (const oid of await earlierVersions(repository, commit, options)) blobs.add(oid);
    }
  }
  for (const oid of await blobsHolding(repository, commits, secrets, options)) blobs.add(oid);
  yield* listedObjects(
    repository,
    [...blobs].map((oid) => [oid, null] as const),
    options,
  );
}

async function commitsOf(
  repository: StagedRepository,
  before: Before,
  options: Options,
): Promise<readonly string[]> {
  switch (before.kind) {
    case "head": {
      const head = await gitText(folderOf(repository), ["rev-parse", "-q", "--verify", "HEAD^0"], {
        ...options,
        allowStatus: [0, 1],
      });
      return head === "" ? [] : [head];
    }
    case "merged":
      return mergeHeads(repository);
    case "known":
      return boundary(repository, before.outgoing, options);
  }
}

/** Each worktree has its own. Source: gitrevisions(7), MERGE_HEAD; an octopus has a line for each. */
async function mergeHeads({ gitDirectory }: StagedRepository): Promise<readonly string[]> {
  const text = await readFile(join(gitDirectory, "MERGE_HEAD"), "utf8").catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    },
  );
  return text.split("\n").filter((line) => line !== "");
}

/** Known commits that have a new one for a child, youngest first. */
async function boundary(
  repository: StagedRepository,
  outgoing: Outgoing,
  options: Options,
): Promise<readonly string[]> {
  const selection = await select(repository, outgoing, options);
  if (selection === null) return [];
  const { args, input } = selection;
  const text = await gitText(
    repository.gitDirectory,
    ["log", "--boundary", "--no-patch", "--format=%m%H", ...args],
    { ...options, input },
  );
  const commits = text.split("\n").filter((line) => line.startsWith("-"));
  return commits.slice(0, mostCommits).map((line) => line.slice(1));
}

/** A commit's side of every path that the index changes, deleted ones (a rename's source) included. */
async function earlierVersions(
  repository: StagedRepository,
  commit: string,
  options: Options,
): Promise<readonly string[]> {
  const changes = await stagedChanges(repository, options, commit);
  const changed = new Set(changes.map(({ path }) => path));
  // What differs from HEAD and not from this commit comes from it as it is.
  const taken = (await stagedChanges(repository, options)).flatMap(({ path, index }) =>
    changed.has(path) ? [] : (index ?? []),
  );
  return [...changes.flatMap(({ before }) => before ?? []), ...taken];
}

async function filesAt(
  repository: StagedRepository,
  commit: string,
  paths: readonly string[],
  options: Options,
): Promise<readonly { readonly oid: string; readonly path: string }[]> {
  if (paths.length === 0) return [];
  const listing = await git(
    folderOf(repository),
    ["ls-tree", "-r", "-z", "--full-tree", commit, "--", ...paths],
    options,
  );
  return listing
    .toString("utf8")
    .split("\0")
    .flatMap((entry) => {
      const [, oid, path] = /^\d{6} blob ([0-9a-f]+)\t(.+)$/su.exec(entry) ?? [];
      return oid === undefined || path === undefined ? [] : [{ oid, path }];
    });
}

/** The texts go to git through a pipe, never as an argument that others could read in the process list. */
async function blobsHolding(
  repository: StagedRepository,
  commits: readonly string[],
  secrets: readonly Secret[],
  options: Options,
): Promise<readonly string[]> {
  if (commits.length === 0 || secrets.length === 0) return [];
  const input = secrets.map((secret) => `${secret.reveal()}\n`).join("");
  // prettier-ignore
  const found = await gitText(
    folderOf(repository),
    ["grep", "-a", "-F", "-l", "-z", "--full-name", "--no-textconv", "--no-recurse-submodules",
      "-f", "-", ...commits],
    { ...options, input, allowStatus: [0, 1] },
  );
  const names = found.split("\0").filter((name) => name !== "");
  const lists = commits.map((commit) => {
    const start = `${commit}:`;
    const paths = names.filter((name) => name.startsWith(start));
    const inTree = paths.map((name) => name.slice(start.length));
    return filesAt(repository, commit, inTree, options);
  });
  return (await Promise.all(lists)).flat().map(({ oid }) => oid);
}

function folderOf({ worktree, gitDirectory }: StagedRepository): string {
  return worktree ?? gitDirectory;
}

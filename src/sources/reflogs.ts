// The reflogs of a repository and of all its worktrees: which there are, and their text as documents.
// What their commits mean is left to attribution.
import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { compareText } from "../model/compare-text.js";
import type { Repository, SourceItem, SourceOptions } from "../model/source.js";
import { searchFor } from "./kernel/kernel-search.js";

/** One reflog. */
export interface Reflog {
  /** The ref as git names it from the main worktree: `refs/stash`, `worktrees/x/HEAD`. */
  readonly ref: string;
  /** The file below the common git directory, with forward slashes. */
  readonly path: string;
  readonly text: Buffer;
}

/**
 * Reads all reflogs.
 * Source: gitrepository-layout(5), `logs` and `worktrees/<id>/logs`, git 2.39. (A repository with
 * reftables keeps none of these files.)
 */
export async function* reflogs(
  repository: Pick<Repository, "commonDirectory">,
): AsyncGenerator<Reflog> {
  const common = repository.commonDirectory;
  yield* below(common, "logs", "");
  for (const id of await namesIn(join(common, "worktrees"))) {
    yield* below(common, posix.join("worktrees", id, "logs"), `worktrees/${id}/`);
  }
}

/**
 * The reflogs in which a witness occurs, as documents: a message repeats the subject of a commit that
 * may be gone.
 */
export async function* reflogTexts(
  repository: Pick<Repository, "commonDirectory">,
  { witnesses }: Pick<SourceOptions, "witnesses">,
): AsyncGenerator<SourceItem> {
  const search = searchFor(witnesses);
  for await (const { ref, path, text } of reflogs(repository)) {
    const origin = { kind: "reflog", ref, path } as const;
    if (search(text)) yield { kind: "chunk", origin, bytes: text, first: true, last: true };
    yield { kind: "progress", bytes: text.length };
  }
}

async function* below(common: string, folder: string, prefix: string): AsyncGenerator<Reflog> {
  const entries = await readdir(join(common, folder), {
    recursive: true,
    withFileTypes: true,
  }).catch(noneIfAbsent);
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => posix.join(entry.parentPath.replaceAll("\\", "/"), entry.name))
    .sort(compareText);
  const root = join(common, folder).replaceAll("\\", "/");
  for (const path of paths) {
    const name = path.slice(root.length + 1);
    const text = await readFile(path);
    yield { ref: prefix + name, path: `${folder}/${name}`, text };
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return [...(await readdir(folder).catch(noneIfAbsent))].sort(compareText);
}

function noneIfAbsent(error: NodeJS.ErrnoException): never[] {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
  throw error;
}

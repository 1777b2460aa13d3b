// The reflogs of a repository and of all its worktrees: which there are, and their text as documents.
// What their commits mean is left to attribution.
import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { compareText } from "../model/compare-text.js";
import type { Notice } from "../model/notice.js";
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
 * Reads all reflogs; gives a notice for those that cannot be read.
 * Source: gitrepository-layout(5), `logs` and `worktrees/<id>/logs`, git 2.39. (A repository with
 * reftables keeps none of these files.)
 */
export async function* reflogs(
  repository: Pick<Repository, "commonDirectory">,
): AsyncGenerator<Reflog | Notice> {
  const common = repository.commonDirectory;
  yield* below(common, "logs", "");
  // Where the list itself cannot be read, that was told when the repository was opened.
  const linked = await readdir(join(common, "worktrees"), { withFileTypes: true }).catch(() => []);
  const ids = linked.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  for (const id of ids.sort(compareText)) {
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
  for await (const item of reflogs(repository)) {
    if ("kind" in item) {
      yield item;
      continue;
    }
    const { ref, path, text } = item;
    const origin = { kind: "reflog", ref, path } as const;
    if (search(text)) yield { kind: "chunk", origin, bytes: text, first: true, last: true };
    yield { kind: "progress", bytes: text.length };
  }
}

/** @param folder below the common git directory, with forward slashes; it need not be there */
async function* below(
  common: string,
  folder: string,
  prefix: string,
): AsyncGenerator<Reflog | Notice> {
  const entries = await readdir(join(common, folder), { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? [] : unreadable(folder, error)),
  );
  if ("kind" in entries) {
    yield entries;
    return;
  }
  for (const entry of entries.toSorted((a, b) => compareText(a.name, b.name))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* below(common, path, `${prefix}${entry.name}/`);
    if (!entry.isFile()) continue;
    const text = await readFile(join(common, path)).catch((error: NodeJS.ErrnoException) =>
      unreadable(path, error),
    );
    yield "kind" in text ? text : { ref: prefix + entry.name, path, text };
  }
}

function unreadable(path: string, error: NodeJS.ErrnoException): Notice {
  return {
    kind: "notice",
    code: "unreadable-file",
    message: `The reflogs in ${path} of the git directory cannot be read (${error.code ?? error.message}). Make them readable, or scan a fresh clone.`,
    subject: path,
    incomplete: true,
  };
}

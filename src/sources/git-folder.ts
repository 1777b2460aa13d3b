// Files in a git directory that are no objects, refs or reflogs: what unfinished and past commands
// leave there (rerere's images, patches of a rebase, messages, LFS objects, editor backups).
// Objects, refs, reflogs and the index are left to their own sources.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Notice } from "../model/notice.js";
import type { Repository } from "../model/source.js";

/** Objects are read as such; a submodule's git directory is a repository of its own. */
const otherSources = new Set(["objects", "modules", "worktrees", "logs", "refs"]);

/** Read as what they are, by the sources of refs and of the index. */
const otherFiles = new Set(["index", "packed-refs"]);

/**
 * Absolute paths of the leftover files of a repository and of its linked worktrees' own git
 * directories, sorted. Source: gitrepository-layout(5).
 */
export async function leftoverFiles(
  repository: Pick<Repository, "commonDirectory" | "worktrees" | "gitDirectory">,
): Promise<{ readonly paths: readonly string[]; readonly notices: readonly Notice[] }> {
  const directories = new Set([
    repository.commonDirectory,
    repository.gitDirectory,
    ...repository.worktrees.map(({ gitDirectory }) => gitDirectory),
  ]);
  const paths: string[] = [];
  const notices: Notice[] = [];
  for (const directory of directories) await collect(directory, true, paths, notices);
  return { paths: [...new Set(paths)].sort(), notices };
}

async function collect(
  folder: string,
  top: boolean,
  paths: string[],
  notices: Notice[],
): Promise<void> {
  try {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !(top && otherSources.has(entry.name))) {
        await collect(path, false, paths, notices);
      } else if (entry.isFile() && !(top && otherFiles.has(entry.name))) {
        paths.push(path);
      }
    }
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return; // a command that runs meanwhile took it away
    notices.push({
      kind: "notice",
      code: "unreadable-file",
      message: `The folder ${folder} cannot be read (${code}): files in it were not looked at.`,
      subject: folder,
      incomplete: true,
    });
  }
}

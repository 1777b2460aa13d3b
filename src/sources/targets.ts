// What was typed as paths -> what is to be read: repositories, folders, files, standard input.
// How each is read is left to read-target.
import { lstat, realpath, stat } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { UserError } from "../model/errors.js";
import type { Notice, Repository } from "../model/index.js";
import { discoverRepositories } from "./discover.js";
import { openRepository } from "./repository.js";

/** A repository, or paths in it. */
export interface RepositoryTarget {
  readonly kind: "repository";
  readonly repository: Repository;
  /** Paths below the root, with forward slashes, that narrow it; empty: all of it. */
  readonly within: readonly string[];
  /** Such paths that were named besides the root: read even when git ignores them. */
  readonly besides?: readonly string[];
  /** Git's variables that led to it, for every git command about it; none for one that was named. */
  readonly environment?: Readonly<Record<string, string>>;
}

export type Target =
  | RepositoryTarget
  /** Single files that are in no repository, or in what git keeps for itself. */
  | {
      readonly kind: "files";
      readonly root: string;
      readonly repository: Repository | null;
      /** Absolute. */
      readonly paths: readonly string[];
    }
  /** A folder that is in no repository. */
  | { readonly kind: "folder"; readonly root: string }
  | { readonly kind: "standard-input" };

/** What is to be read, and what could not be found out. */
export interface Resolved {
  readonly targets: readonly Target[];
  readonly notices: readonly Notice[];
}

/** The name of a target in a report: a path, or null for standard input. */
export function nameOfTarget(target: Target): string | null {
  switch (target.kind) {
    case "repository":
      return target.repository.worktree ?? target.repository.gitDirectory;
    case "files":
    case "folder":
      return target.root;
    case "standard-input":
      return null;
  }
}

/**
 * Resolves paths; those of one repository become one target.
 * @param paths as typed; none means the repository that holds the current directory, or the
 *   current directory itself
 * @throws UserError for a path that does not exist
 */
export async function resolveTargets(
  paths: readonly string[],
  currentDirectory: string,
  options: {
    readonly discover?: boolean;
    readonly signal?: AbortSignal;
    /** Git's variables: they tell where the repository of the current directory is, and no other. */
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
): Promise<Resolved> {
  if (options.discover) return discoverTargets(paths, currentDirectory, options);
  if (paths.length === 0) {
    const repository = await openRepository(currentDirectory, options.environment);
    const environment = repository ? variablesOf(repository, options.environment) : {};
    const target: Target = repository
      ? { kind: "repository", repository, within: [], environment }
      : { kind: "folder", root: currentDirectory };
    return { targets: [target], notices: [] };
  }
  const targets: Target[] = [];
  for (const path of new Set(paths)) {
    addTarget(targets, await resolveTarget(path, currentDirectory));
  }
  return { targets, notices: [] };
}

/** From its worktree, git would look for the repository of a given worktree in another place. */
function variablesOf(
  { gitDirectory }: Repository,
  environment: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return environment["GIT_WORK_TREE"] === undefined
    ? environment
    : { ...environment, GIT_DIR: gitDirectory };
}

/** Every repository below the paths, as a target of its own. */
async function discoverTargets(
  paths: readonly string[],
  currentDirectory: string,
  { signal }: { readonly signal?: AbortSignal },
): Promise<Resolved> {
  const targets: Target[] = [];
  const notices: Notice[] = [];
  for (const path of paths.length === 0 ? ["."] : new Set(paths)) {
    const folder = await existingFolder(path, currentDirectory);
    const found = await discoverRepositories(folder, signal ? { signal } : {});
    notices.push(...found.notices);
    for (const repository of found.repositories) {
      addTarget(targets, await resolveTarget(repository, currentDirectory));
    }
  }
  if (targets.length === 0) {
    throw new UserError(
      `no repository was found below ${paths.length === 0 ? currentDirectory : paths.join(", ")}`,
      "Name folders that hold git repositories, or leave out --discover to scan plain files.",
    );
  }
  return { targets, notices };
}

async function existingFolder(path: string, currentDirectory: string): Promise<string> {
  const absolute = resolve(currentDirectory, path);
  const stats = await stat(absolute).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${path} cannot be opened (${error.code})`, "Name a folder that exists.");
  });
  if (!stats.isDirectory()) {
    throw new UserError(`${path} is no folder`, "With --discover, name folders to search.");
  }
  return absolute;
}

async function resolveTarget(path: string, currentDirectory: string): Promise<Target> {
  if (path === "-") return { kind: "standard-input" };
  const absolute = resolve(currentDirectory, path);
  const stats = await lstat(absolute).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      error.code === "ENOENT" || error.code === "ENOTDIR"
        ? `there is no file or folder ${path}`
        : `${path} cannot be read (${error.code})`,
      "Check the path; a command's name must stand first.",
    );
  });
  // A named link to a folder means the folder; links inside it are not followed.
  const real = await realpath(absolute);
  const isFolder = stats.isSymbolicLink() ? (await lstat(real)).isDirectory() : stats.isDirectory();
  const repository = await openRepository(isFolder ? real : resolve(absolute, ".."));
  const root = repository?.worktree ?? null;
  if (!isFolder) {
    if (!repository || root === null) {
      return { kind: "files", root: currentDirectory, repository: null, paths: [absolute] };
    }
    const file = await realFile(absolute);
    const below = pathBelow(root, file);
    return below === ".git" || isInside(file, repository.commonDirectory)
      ? { kind: "files", root, repository, paths: [file] }
      : { kind: "repository", repository, within: [below] };
  }
  if (!repository) return { kind: "folder", root: real };
  const below =
    root === null || isInside(real, repository.gitDirectory) ? "" : pathBelow(root, real);
  return { kind: "repository", repository, within: below === "" ? [] : [below] };
}

/** The real path of a file's folder, with the file's own name (it may be a link). */
async function realFile(absolute: string): Promise<string> {
  return resolve(await realpath(resolve(absolute, "..")), absolute.split(sep).at(-1) ?? "");
}

function pathBelow(root: string, path: string): string {
  return relative(root, path).split(sep).join("/");
}

function isInside(path: string, folder: string): boolean {
  const below = relative(folder, path);
  return below !== ".." && !below.startsWith(`..${sep}`) && !isAbsolute(below);
}

/** Joins a target with one of the same repository; the whole swallows its parts. */
export function addTarget(targets: Target[], added: Target): void {
  const index = targets.findIndex((known) => sameRoot(known, added));
  const known = targets[index];
  if (known?.kind === "repository" && added.kind === "repository") {
    const whole = known.within.length === 0 || added.within.length === 0;
    const within = [...new Set([...known.within, ...added.within])];
    const besides = [...new Set([...(known.besides ?? []), ...within])];
    targets[index] = { ...known, ...(whole ? { within: [], besides } : { within }) };
  } else if (known?.kind === "files" && added.kind === "files") {
    targets[index] = { ...known, paths: [...new Set([...known.paths, ...added.paths])] };
  } else if (!known) {
    targets.push(added);
  }
}

function sameRoot(a: Target, b: Target): boolean {
  if (a.kind === "repository" && b.kind === "repository") {
    return (
      a.repository.commonDirectory === b.repository.commonDirectory &&
      a.repository.worktree === b.repository.worktree
    );
  }
  if ((a.kind === "files" && b.kind === "files") || (a.kind === "folder" && b.kind === "folder")) {
    return a.root === b.root;
  }
  return a.kind === b.kind && a.kind === "standard-input";
}

// Finds the repository that a path belongs to and reads, once, the facts that sources need of it.
// What is in it is left to the sources.
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { UserError } from "../model/errors.js";
import type { Notice } from "../model/notice.js";
import type { Repository } from "../model/source.js";
import { compareText } from "../model/compare-text.js";
import { GitError, gitText } from "./git.js";
import type { GitOptions } from "./git-options.js";

/**
 * Opens the repository that holds a path: a worktree or a folder or file in it, a linked worktree,
 * a submodule, a bare repository, or a `.git` folder.
 * @param path must exist
 * @param environment variables of a hook (GIT_DIR and the like); others are not inherited
 * @returns null when the path lies in no repository
 * @throws UserError when the path does not exist, or git refuses or cannot read the repository
 */
export async function openRepository(
  path: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Repository | null> {
  // Asked while git is still locating it: settings are found from any folder in the same way.
  const facts = remoteFacts(await folderOf(resolve(path)), environment);
  facts.catch(() => undefined); // awaited below; must not count as unhandled until then
  const located = await locateRepository(path, environment);
  if (!located) return null;
  return { ...located, ...(await facts), ...(await worktreesOf(located)) };
}

/** What a hook needs to know of a repository; costs one or two git processes. */
export type LocatedRepository = Omit<Repository, "partial" | "remotes" | "worktrees" | "notices">;

async function folderOf(path: string): Promise<string> {
  try {
    return (await stat(path)).isDirectory() ? path : dirname(path);
  } catch (error) {
    throw new UserError(
      `${path} cannot be opened (${(error as NodeJS.ErrnoException).code ?? "unknown error"})`,
      "Name a file, a folder or a repository that exists and that you may read.",
      { cause: error },
    );
  }
}

/** `openRepository` without the facts that cost time. */
export async function locateRepository(
  path: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<LocatedRepository | null> {
  const named = resolve(path);
  const folder = await folderOf(named);
  const answer = await revParse(folder, environment, [
    "--show-object-format",
    "--is-bare-repository",
    "--is-inside-work-tree",
    "--is-shallow-repository",
    "--path-format=absolute",
    "--absolute-git-dir",
    "--git-common-dir",
    "--show-toplevel", // fails outside of a worktree, when all else has been printed
  ]);
  if (answer === null) return null;
  // Directories come last, so that only a name with a line end in it could be misread.
  const [format, bare, inside, shallow, gitDirectory = "", commonDirectory = "", top = ""] =
    answer.split("\n");
  return {
    named,
    worktree:
      inside === "true" ? top : await worktreeOf(gitDirectory, commonDirectory, bare === "true"),
    gitDirectory,
    commonDirectory,
    objectFormat: format === "sha256" ? "sha256" : "sha1",
    bare: bare === "true",
    shallow: shallow === "true",
  };
}

async function revParse(
  folder: string,
  environment: Readonly<Record<string, string>>,
  flags: readonly string[],
): Promise<string | null> {
  try {
    const printed = await gitText(folder, ["rev-parse", ...flags], {
      environment,
      allowStatus: [0, 128],
    });
    // As many lines as flags, but for the last one and for the word about the paths' format.
    if (printed.split("\n").length >= flags.length - 2) return printed;
    return await gitText(folder, ["rev-parse", ...flags], { environment });
  } catch (error) {
    if (error instanceof GitError) return refusal(folder, error);
    throw error;
  }
}

/** Null when there simply is no repository; else throws what is wrong and what to do. */
function refusal(folder: string, error: GitError): null {
  const { stderr } = error;
  // The words of git/setup.c, the same from 2.31 to 2.50 under LC_ALL=C. "not a git repository"
  // without them means a .git file that points to nowhere.
  if (/not a git repository \(or any/u.test(stderr)) return null;
  if (stderr.includes("dubious ownership") || stderr.includes("unsafe repository")) {
    throw new UserError(
      `git refuses to read the repository at ${folder}, because another user owns it`,
      `If you trust it: git config --global --add safe.directory ${folder}`,
      { cause: error },
    );
  }
  if (stderr.includes("safe.bareRepository")) {
    throw new UserError(
      `git refuses to read the bare repository at ${folder} (safe.bareRepository is "explicit")`,
      "If you trust it, set safe.bareRepository to all for this run.",
      { cause: error },
    );
  }
  throw new UserError(
    `git cannot read the repository at ${folder}: ${stderr.trim().split("\n")[0] ?? ""}`,
    "Repair the repository (git fsck tells more), or scan a fresh clone.",
    { cause: error },
  );
}

/** The worktree that a git directory belongs to when git was asked from inside that directory. */
async function worktreeOf(
  gitDirectory: string,
  commonDirectory: string,
  bare: boolean,
): Promise<string | null> {
  if (gitDirectory !== commonDirectory) return linkedWorktree(gitDirectory);
  if (bare) return null;
  const set = await gitText(gitDirectory, ["config", "--local", "core.worktree"], {
    allowStatus: [0, 1],
  });
  if (set !== "") return resolve(gitDirectory, set);
  return basename(gitDirectory) === ".git" ? dirname(gitDirectory) : null;
}

/** The top folder of a linked worktree: its `gitdir` file names the `.git` file in it. */
async function linkedWorktree(gitDirectory: string): Promise<string | null> {
  try {
    const content = await readFile(join(gitDirectory, "gitdir"), "utf8");
    return dirname(resolve(gitDirectory, content.replace(/\r?\n$/u, "")));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
}

/**
 * All worktrees, those whose folder is gone included: their index and HEAD still hold objects.
 * Source: gitrepository-layout(5), `worktrees/`.
 */
async function worktreesOf(
  located: LocatedRepository,
): Promise<Required<Pick<Repository, "worktrees" | "notices">>> {
  const notices: Notice[] = [];
  const unreadable = (error: NodeJS.ErrnoException): never[] => {
    if (error.code !== "ENOENT") notices.push(unknownWorktrees(located.commonDirectory, error));
    return [];
  };
  const common = located.commonDirectory;
  const main =
    common === located.gitDirectory
      ? located.worktree
      : await worktreeOf(common, common, await isBare(common));
  const names = await readdir(join(common, "worktrees")).catch(unreadable);
  const linked = await Promise.all(
    names.sort(compareText).map(async (name) => {
      const gitDirectory = join(common, "worktrees", name);
      const path = await linkedWorktree(gitDirectory).catch(unreadable);
      return typeof path === "string" ? [{ path, gitDirectory }] : [];
    }),
  );
  const known = main === null ? [] : [{ path: main, gitDirectory: common }];
  return { worktrees: [...known, ...linked.flat()], notices };
}

function unknownWorktrees(commonDirectory: string, error: NodeJS.ErrnoException): Notice {
  const subject = join(commonDirectory, "worktrees");
  return {
    kind: "notice",
    code: "unreadable-file",
    message: `The list of linked worktrees in ${subject} cannot be read (${error.code ?? error.message}): their indexes and reflogs were not looked at. Run git worktree repair, or scan a fresh clone.`,
    subject,
    incomplete: true,
  };
}

async function isBare(directory: string): Promise<boolean> {
  return (await gitText(directory, ["rev-parse", "--is-bare-repository"])) === "true";
}

/**
 * Remotes, and whether objects are left on them.
 * Source: git-config(1), `remote.<name>.promisor` and `extensions.partialClone`.
 */
async function remoteFacts(
  directory: string,
  environment: NonNullable<GitOptions["environment"]>,
): Promise<{ remotes: readonly string[]; partial: boolean }> {
  const pattern = String.raw`^(remote\..*|extensions\.partialclone)$`;
  const settings = await gitText(directory, ["config", "-z", "--get-regexp", pattern], {
    environment,
    allowStatus: [0, 1], // 1: there is none
  });
  const remotes = new Set<string>();
  let partial = false;
  for (const setting of settings.split("\0")) {
    const end = setting.indexOf("\n");
    const [name, value] =
      end < 0 ? [setting, "true"] : [setting.slice(0, end), setting.slice(end + 1)];
    const remote = /^remote\.(?<name>.+)\.(?<key>[^.]+)$/su.exec(name)?.groups;
    if (remote?.["name"] !== undefined) remotes.add(remote["name"]);
    if (name === "extensions.partialclone") partial = true;
    if (remote?.["key"] === "promisor" && value !== "false") partial = true;
  }
  return { remotes: [...remotes], partial };
}

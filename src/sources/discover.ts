// Finds every repository below a folder, each once, in the same order on every run.
// Reading a repository's facts is left to repository, and what is in it to the other sources.
import type { Dirent } from "node:fs";
import { readdir, readFile, realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Notice } from "../model/notice.js";

export interface Discovered {
  /** Absolute paths to name to a scan, sorted: a worktree's top folder, or a bare git directory. */
  readonly repositories: readonly string[];
  /** Folders that could not be read and bounds that were reached; each makes a run incomplete. */
  readonly notices: readonly Notice[];
}

export interface DiscoverOptions {
  /** Folders below folders; deeper ones are told, not looked into. */
  readonly maximumDepth?: number;
  /** Folders to look into, in all. */
  readonly maximumFolders?: number;
  readonly signal?: AbortSignal;
}

/** A way to name a repository; the lowest rank names it best. */
interface Candidate {
  readonly path: string;
  /** The git directory that all its worktrees share: what makes two candidates one repository. */
  readonly commonDirectory: string;
  readonly rank: number;
}

const ranks = { worktree: 0, linkedWorktree: 1, gitDirectory: 2 } as const;

/**
 * Looks for repositories in a folder and everything below it: worktrees, linked worktrees (the
 * repository that they belong to counts once), submodules, bare repositories, and the git
 * directories below `.git/modules` whose worktree is gone. Links to folders are not followed.
 * Layout: gitrepository-layout(5), gitsubmodules(7).
 * @param folder must exist and be a folder
 */
export async function discoverRepositories(
  folder: string,
  options: DiscoverOptions = {},
): Promise<Discovered> {
  const { maximumDepth = 64, maximumFolders = 2_000_000, signal } = options;
  const candidates: Candidate[] = [];
  const notices: Notice[] = [];
  const waiting = [{ path: await realpath(folder), depth: 0 }];
  let folders = 0;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    signal?.throwIfAborted();
    const { path, depth } = next;
    if (folders >= maximumFolders) {
      notices.push(limitReached(path, `${maximumFolders} folders were looked into`));
      break;
    }
    if (depth > maximumDepth) {
      notices.push(limitReached(path, `it is ${depth} folders deep`));
      continue;
    }
    folders++;
    const entries = await entriesOf(path, notices);
    const bare = isGitDirectory(entries);
    const candidate = bare
      ? await gitDirectoryCandidate(path)
      : await worktreeCandidate(path, entries, notices);
    if (candidate) candidates.push(candidate);
    for (const name of entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)) {
      if (bare ? name === "modules" : name !== ".git") {
        waiting.push({ path: join(path, name), depth: depth + 1 });
      }
    }
    if (candidate?.rank === ranks.worktree) {
      const modules = join(path, ".git", "modules");
      if ((await quietEntries(modules)) !== null) waiting.push({ path: modules, depth: depth + 1 });
    }
  }
  return { repositories: onePerRepository(candidates), notices };
}

function onePerRepository(candidates: readonly Candidate[]): string[] {
  const best = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const known = best.get(candidate.commonDirectory);
    if (!known || compareCandidates(candidate, known) < 0) {
      best.set(candidate.commonDirectory, candidate);
    }
  }
  return [...best.values()].map(({ path }) => path).sort(compareText);
}

function compareCandidates(a: Candidate, b: Candidate): number {
  return a.rank - b.rank || compareText(a.path, b.path);
}

/** By UTF-16 code units: the same on every machine, unlike a locale's order. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Source: is_git_directory() in git's setup.c: HEAD, and objects and refs or a link to them. */
function isGitDirectory(entries: readonly Dirent[]): boolean {
  const names = new Set(entries.map(({ name }) => name));
  return (
    names.has("HEAD") && ((names.has("objects") && names.has("refs")) || names.has("commondir"))
  );
}

async function gitDirectoryCandidate(path: string): Promise<Candidate> {
  return { path, commonDirectory: await commonDirectoryOf(path), rank: ranks.gitDirectory };
}

/** A folder with a `.git` folder, or with a `.git` file or link that leads to one. */
async function worktreeCandidate(
  path: string,
  entries: readonly Dirent[],
  notices: Notice[],
): Promise<Candidate | null> {
  const dotGit = entries.find(({ name }) => name === ".git");
  if (!dotGit) return null;
  const gitDirectory = await gitDirectoryAt(join(path, ".git"), dotGit);
  if (gitDirectory === null) return null;
  const inside = await quietEntries(gitDirectory);
  if (inside === null || !isGitDirectory(inside)) {
    // git passes over a folder of that name that is no repository, but not over a file.
    if (!dotGit.isDirectory()) notices.push(leadsNowhere(path));
    return null;
  }
  const commonDirectory = await commonDirectoryOf(gitDirectory);
  const linked = commonDirectory !== (await realpath(gitDirectory));
  return { path, commonDirectory, rank: linked ? ranks.linkedWorktree : ranks.worktree };
}

/** Null for a `.git` file that is something else. */
async function gitDirectoryAt(dotGit: string, entry: Dirent): Promise<string | null> {
  if (!entry.isFile()) return dotGit;
  const [, target] = /^gitdir: (.+?)\r?\n?$/su.exec(await readFile(dotGit, "utf8")) ?? [];
  return target === undefined ? null : resolve(dotGit, "..", target);
}

async function commonDirectoryOf(gitDirectory: string): Promise<string> {
  const link = await readFile(join(gitDirectory, "commondir"), "utf8").catch(absent);
  const common = link === null ? gitDirectory : resolve(gitDirectory, link.trim());
  return realpath(common).catch((error: NodeJS.ErrnoException) => absent(error) ?? common);
}

async function entriesOf(path: string, notices: Notice[]): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    notices.push({
      kind: "notice",
      code: "unreadable-file",
      message: `The folder ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown error"}): repositories in it are not known. Make it readable, or leave it out.`,
      subject: path,
      incomplete: true,
    });
    return [];
  }
}

async function quietEntries(path: string): Promise<Dirent[] | null> {
  return readdir(path, { withFileTypes: true }).catch(absent);
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
  throw error;
}

function limitReached(path: string, why: string): Notice {
  return {
    kind: "notice",
    code: "discovery-limit",
    message: `The search for repositories stopped at ${path}: ${why}. Name the folders below it one by one.`,
    subject: path,
    incomplete: true,
  };
}

function leadsNowhere(path: string): Notice {
  return {
    kind: "notice",
    code: "git-failed",
    message: `${join(path, ".git")} leads to a git directory that is not there: this repository was not scanned. Repair it (git worktree repair) or remove the folder.`,
    subject: path,
    incomplete: true,
  };
}

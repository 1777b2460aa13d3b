// Which files to read: what git tracks and what it does not ignore, or a folder's walk.
// Reading them is left to read-files.
import { isUtf8 } from "node:buffer";
import { realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { UserError } from "../model/errors.js";
import type { Notice } from "../model/notice.js";
import type { Progress, Repository, Skip } from "../model/source.js";
import { git, GitError, gitStream } from "./git.js";
import type { GitOptions } from "./git-options.js";
import { shownName, systemName } from "./file-names.js";
import { walkFolder } from "./folder-walk.js";
import { pathFilter, type PathGlobs } from "./path-filter.js";

/** A file to read. */
export interface ListedFile {
  readonly kind: "file";
  /** As reports name it: below the root, with forward slashes. */
  readonly path: string;
  /** What to open; bytes when the name is not valid UTF-8. */
  readonly location: string | Buffer;
  /** Somebody named this very file: it must be there, and a link is followed. */
  readonly named: boolean;
}

export type Listed = ListedFile | Notice | Skip | Progress;

export interface ListOptions extends Partial<PathGlobs> {
  /** The repository whose worktree holds the targets; null for a plain walk. */
  readonly repository: Repository | null;
  /** List what git (or an ignore file) ignores, too. */
  readonly ignored?: boolean;
  /** Paths are reported relative to it: the worktree's top, or the (first) folder that was named. */
  readonly root?: string;
  /** Tracked files of which the content was read as a blob: counted, not listed. */
  readonly unchanged?: ((path: string) => boolean) | null;
  /** Git's variables that led to the repository. */
  readonly environment?: NonNullable<GitOptions["environment"]>;
  readonly signal?: AbortSignal;
}

/** Many at a time: one by one, passing a hundred thousand names on takes longer than listing them. */
type Listing = AsyncGenerator<readonly Listed[]>;

/**
 * Lists each file once: tracked ones in the index's order, then the others by name.
 * @param targets folders and files that exist; in a repository all below its worktree
 * @throws UserError when a target does not exist
 */
export async function* listFiles(targets: readonly string[], options: ListOptions): Listing {
  const wanted = pathFilter(options);
  // What lies below one target is listed once by itself.
  const seen = targets.length > 1 ? new Set<string>() : null;
  let leftOut = 0;
  const isWanted = (listed: Listed): boolean => {
    if (listed.kind !== "file") return true;
    if (!listed.named && wanted !== null && !wanted(listed.path)) {
      leftOut += 1;
      return false;
    }
    if (seen === null) return true;
    const before = seen.size;
    return seen.add(exactName(listed)).size > before;
  };
  for (const target of targets) {
    const folder = await isFolder(target);
    const { repository } = options;
    let listing: Listing;
    if (repository !== null) {
      if (repository.worktree === null) continue;
      const root = await realpath(repository.worktree);
      const place = await placeOf(target, folder);
      const below = toSlashes(relative(root, place));
      if (!folder) listing = single(place, below);
      else listing = inWorktree(root, isBelow(below) ? below : "", options);
    } else {
      const root = resolve(options.root ?? (folder ? target : dirname(target)));
      const place = resolve(target);
      const below = toSlashes(relative(root, place));
      listing = folder ? inFolder(place, below, options) : single(place, below);
    }
    for await (const batch of listing) yield batch.filter(isWanted);
  }
  if (leftOut > 0) yield [{ kind: "progress", leftOut }];
}

/** Names that are not valid UTF-8 may look the same in a report, and are different files. */
function exactName({ location }: ListedFile): string {
  return typeof location === "string" ? location : `bytes ${location.toString("latin1")}`;
}

/** Follows links that were named; says what is wrong with a name that leads nowhere. */
async function isFolder(target: string): Promise<boolean> {
  try {
    return (await stat(target)).isDirectory();
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw new UserError(
      code === "ENOENT" ? `${target} does not exist` : `${target} cannot be opened (${code})`,
      "Name files and folders that exist and that you may read.",
      { cause: error },
    );
  }
}

/** The real place of a target; of a named link to a file, the link's. */
async function placeOf(target: string, folder: boolean): Promise<string> {
  if (folder) return realpath(target);
  return join(await realpath(dirname(resolve(target))), basename(target));
}

function isBelow(path: string): boolean {
  return path !== ".." && !path.startsWith("../") && !isAbsolute(path) && path !== ".git";
}

async function* single(location: string, path: string): Listing {
  const shown = isBelow(path) ? path : basename(location);
  yield [{ kind: "file", path: shown, location, named: true }];
}

async function* inFolder(folder: string, below: string, { ignored = false }: ListOptions): Listing {
  const { paths, notices } = await walkFolder(folder, ignored);
  const prefix = below === "" ? "" : `${below}/`;
  yield notices;
  yield paths.map((path) => {
    const location = systemName(join(folder, path));
    return { kind: "file", path: prefix + shownName(path), location, named: false };
  });
}

/** A damaged index loses no file: then they are listed as in a folder without a repository. */
async function* inWorktree(root: string, below: string, options: ListOptions): Listing {
  let listed = false;
  try {
    for await (const batch of byIndex(root, below, options)) {
      listed = true;
      yield batch;
    }
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    yield [unlisted(error)];
    if (listed) return;
    for await (const batch of inFolder(join(root, below), below, options)) {
      yield batch.filter((item) => item.kind !== "notice" || item.code !== "broken-repository");
    }
  }
}

function unlisted(error: GitError): Notice {
  return {
    kind: "notice",
    code: "git-failed",
    message: `Which files git tracks cannot be told: ${error.message}. Files that it does not ignore were looked at, but nothing that is only in the index; repair it (git reset, after a backup), or scan a fresh clone.`,
    incomplete: true,
  };
}

async function* byIndex(root: string, below: string, options: ListOptions): Listing {
  const pathspec = below === "" ? [] : ["--", below];
  const { environment, signal } = options;
  const gitOptions: GitOptions = {
    ...(environment ? { environment } : {}),
    ...(signal ? { signal } : {}),
  };
  const all = options.ignored === true || (await isIgnoredByGit(root, below, gitOptions));
  // Untracked files take git much longer to find than tracked ones: look for both at once.
  const others = git(
    root,
    ["ls-files", "-z", "-o", ...(all ? [] : ["--exclude-standard"]), ...pathspec],
    gitOptions,
  );
  others.catch(() => undefined); // awaited below; must not count as unhandled until then
  let previous: Name = "";
  let left = 0;
  const tracked = gitStream(root, ["ls-files", "-z", "-s", ...pathspec], gitOptions);
  for await (const entries of records(tracked)) {
    const batch: Listed[] = [];
    for (const entry of entries) {
      const name = nameIn(entry);
      if (isSame(name, previous)) continue; // the stages of a conflict
      previous = name;
      if (isSubmodule(entry)) batch.push(foreign(name, "submodule"));
      else if (options.unchanged?.(textOf(name))) left += 1;
      else batch.push(listedFile(root, name));
    }
    yield batch;
  }
  if (left > 0) yield [{ kind: "progress", files: left }];
  const ofGit = await folderOfGit(root, options.repository);
  const untracked = nullSeparated(await others).filter(
    (name) => ofGit === null || !textOf(name).startsWith(ofGit),
  );
  yield untracked.map((name) => {
    const folder = nameOfFolder(name);
    return folder === null ? listedFile(root, name) : foreign(folder, "git repository");
  });
}

/** The git directory in its own worktree under another name than `.git`, which git would not skip. */
async function folderOfGit(
  root: string,
  repository: ListOptions["repository"],
): Promise<string | null> {
  if (repository === null) return null;
  const below = toSlashes(relative(root, await realpath(repository.commonDirectory)));
  return below !== "" && isBelow(below) ? `${below}/` : null;
}

/** A name as git gives it: as bytes when it is not valid UTF-8. */
type Name = string | Buffer;

/** The name in a line of `ls-files -s`, behind mode, object and stage. */
function nameIn(entry: Name): Name {
  return typeof entry === "string"
    ? entry.slice(entry.indexOf("\t") + 1)
    : entry.subarray(entry.indexOf(9) + 1);
}

function isSubmodule(entry: Name): boolean {
  return textOf(entry.slice(0, 6)) === "160000";
}

function nameOfFolder(name: Name): Name | null {
  if (typeof name === "string") return name.endsWith("/") ? name.slice(0, -1) : null;
  return name.at(-1) === 47 ? name.subarray(0, -1) : null;
}

function isSame(one: Name, other: Name): boolean {
  return typeof one === "string" || typeof other === "string" ? one === other : one.equals(other);
}

function textOf(name: Name): string {
  return typeof name === "string" ? name : name.toString("utf8");
}

/** A folder that was named is wanted even when git ignores it. */
async function isIgnoredByGit(root: string, below: string, options: GitOptions): Promise<boolean> {
  if (below === "") return false;
  const args = ["check-ignore", "-z", "--no-index", "--stdin"];
  const input = `./${below}\0`;
  return (await git(root, args, { ...options, input, allowStatus: [0, 1] })).length > 0;
}

function listedFile(root: string, name: Name): ListedFile {
  const location =
    typeof name === "string"
      ? inFolderOf(root, name)
      : Buffer.concat([Buffer.from(root + sep), name]);
  return { kind: "file", path: textOf(name), location, named: false };
}

/** Names in git's index need no normalizing. */
function inFolderOf(root: string, path: string): string {
  return sep === "/" && root !== "/" ? `${root}/${path}` : join(root, path);
}

function foreign(name: Name, what: string): Skip {
  const reason = `a ${what} of its own: name it to have it scanned`;
  return { kind: "skip", what: textOf(name), reason, count: 1, nested: true };
}

async function* records(stream: AsyncIterable<Buffer>): AsyncGenerator<readonly Name[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of stream) {
    const text = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const end = text.lastIndexOf(0) + 1;
    if (end > 0) yield nullSeparated(text.subarray(0, end));
    rest = text.subarray(end);
  }
}

/** Names that a NUL ends each: read as one text where all are valid UTF-8. */
function nullSeparated(text: Buffer): readonly Name[] {
  if (isUtf8(text)) return text.toString("utf8").split("\0").slice(0, -1);
  const names: Name[] = [];
  for (let start = 0; start < text.length;) {
    const end = text.indexOf(0, start);
    const name = text.subarray(start, end);
    names.push(isUtf8(name) ? name.toString("utf8") : name);
    start = end + 1;
  }
  return names;
}

function toSlashes(path: string): string {
  return sep === "/" ? path : path.split(sep).join("/");
}

// Which files to read: what git tracks and what it does not ignore, or a folder's walk.
// Reading them is left to read-files.
import { realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { UserError } from "../model/errors.js";
import type { Notice } from "../model/notice.js";
import type { Progress, Repository, Skip } from "../model/source.js";
import { git, gitStream } from "./git.js";
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
  /** Tracked files of which the history's reader has the content: counted, not listed. */
  readonly unchanged?: ((path: string) => boolean) | null;
  readonly signal?: AbortSignal;
}

/**
 * Lists each file once: tracked ones in the index's order, then the others by name.
 * @param targets folders and files that exist; in a repository all below its worktree
 * @throws UserError when a target does not exist
 */
export async function* listFiles(
  targets: readonly string[],
  options: ListOptions,
): AsyncGenerator<Listed> {
  const wanted = pathFilter(options);
  const seen = new Set<string>();
  for (const target of targets) {
    const folder = await isFolder(target);
    const { repository } = options;
    let listing: AsyncIterable<Listed>;
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
    for await (const listed of listing) {
      if (listed.kind !== "file") {
        yield listed;
      } else if (
        !seen.has(exactName(listed)) &&
        (listed.named || wanted === null || wanted(listed.path))
      ) {
        seen.add(exactName(listed));
        yield listed;
      }
    }
  }
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

async function* single(location: string, path: string): AsyncGenerator<Listed> {
  const shown = isBelow(path) ? path : basename(location);
  yield { kind: "file", path: shown, location, named: true };
}

async function* inFolder(
  folder: string,
  below: string,
  { ignored = false }: ListOptions,
): AsyncGenerator<Listed> {
  const { paths, notices } = await walkFolder(folder, ignored);
  const prefix = below === "" ? "" : `${below}/`;
  yield* notices;
  for (const path of paths) {
    const location = systemName(join(folder, path));
    yield { kind: "file", path: prefix + shownName(path), location, named: false };
  }
}

async function* inWorktree(
  root: string,
  below: string,
  options: ListOptions,
): AsyncGenerator<Listed> {
  const pathspec = below === "" ? [] : ["--", below];
  const gitOptions: GitOptions = options.signal ? { signal: options.signal } : {};
  const all = options.ignored === true || (await isIgnoredByGit(root, below, gitOptions));
  // Untracked files take git much longer to find than tracked ones: look for both at once.
  const others = git(
    root,
    ["ls-files", "-z", "-o", ...(all ? [] : ["--exclude-standard"]), ...pathspec],
    gitOptions,
  );
  others.catch(() => undefined); // awaited below; must not count as unhandled until then
  let previous: Buffer | null = null;
  let left = 0;
  for await (const entry of records(gitStream(root, ["ls-files", "-z", "-s", ...pathspec]))) {
    const tab = entry.indexOf(9);
    const name = entry.subarray(tab + 1);
    if (previous?.equals(name)) continue; // the stages of a conflict
    previous = name;
    if (entry.toString("latin1", 0, 6) === "160000") yield foreign(name, "submodule");
    else if (options.unchanged?.(name.toString("utf8"))) left += 1;
    else yield listedFile(root, name);
  }
  if (left > 0) yield { kind: "progress", files: left };
  for (const name of nullSeparated(await others)) {
    if (name.at(-1) === 47) yield foreign(name.subarray(0, -1), "git repository");
    else yield listedFile(root, name);
  }
}

/** A folder that was named is wanted even when git ignores it. */
async function isIgnoredByGit(root: string, below: string, options: GitOptions): Promise<boolean> {
  if (below === "") return false;
  const args = ["check-ignore", "-z", "--no-index", "--stdin"];
  const input = `./${below}\0`;
  return (await git(root, args, { ...options, input, allowStatus: [0, 1] })).length > 0;
}

function listedFile(root: string, name: Buffer): ListedFile {
  const path = name.toString("utf8");
  const exact = Buffer.from(path, "utf8").equals(name);
  const location = exact ? join(root, path) : Buffer.concat([Buffer.from(root + sep), name]);
  return { kind: "file", path, location, named: false };
}

function foreign(name: Buffer, what: string): Skip {
  const reason = `a ${what} of its own: name it to have it scanned`;
  return { kind: "skip", what: name.toString("utf8"), reason, count: 1 };
}

async function* records(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of stream) {
    const text = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const end = text.lastIndexOf(0) + 1;
    yield* nullSeparated(text.subarray(0, end));
    rest = text.subarray(end);
  }
}

function* nullSeparated(text: Buffer): Generator<Buffer> {
  for (let start = 0; start < text.length;) {
    const end = text.indexOf(0, start);
    yield text.subarray(start, end);
    start = end + 1;
  }
}

function toSlashes(path: string): string {
  return sep === "/" ? path : path.split(sep).join("/");
}

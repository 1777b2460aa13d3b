// Which sources a target and a scope need, in which order, and how their hits are attributed.
// Reading is left to the sources themselves.
import type {
  CleanRecord,
  Chunk,
  Repository,
  Secret,
  SourceItem,
  SourceOptions,
} from "../model/index.js";
import { existsSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { Readable } from "node:stream";
import { isPartOfAnAudit } from "./attribute-target.js";
import { files } from "./files.js";
import { leftoverFiles } from "./git-folder.js";
import type { Before } from "./before.js";
import { heldBefore } from "./held-before.js";
import { historyReadElsewhere } from "./count-objects.js";
import { incompleteness } from "./completeness.js";
import { GitError } from "./git.js";
import { fastHistory } from "./packs/fast-history.js";
import { outgoing, rangeOf, type Outgoing } from "./outgoing.js";
import type { PathGlobs } from "./path-filter.js";
import { readFiles } from "./read-files.js";
import { openRepository } from "./repository.js";
import { refNames } from "./ref-names.js";
import { reflogTexts } from "./reflogs.js";
import { historyOfOthers, historyOfShard } from "./shard-history.js";
import { itemsOfShard, withoutCounts } from "./shard-items.js";
import { staged } from "./staged.js";
import { standardInput } from "./standard-input.js";
import type { RepositoryTarget, Target } from "./targets.js";
import { unchangedFiles } from "./unchanged-files.js";

/** How much of a repository is read. */
export type Scope =
  /** Files, index and every git object. */
  | { readonly kind: "audit" }
  /** Files only. */
  | { readonly kind: "tree" }
  /** Git objects only. */
  | { readonly kind: "history" }
  /** All that the machine holds of it: also other worktrees, ignored files, leftovers of commands. */
  | {
      readonly kind: "everything";
      /** Files that git ignores, too: they are part of no repository. Default: yes. */
      readonly ignored?: boolean;
    }
  /** What would be committed. */
  | { readonly kind: "staged" }
  /** Where keys may be that were found in what is new, but were there before. */
  | { readonly kind: "before"; readonly before: Before; readonly secrets: readonly Secret[] }
  /** What the commits of `to` that are not in `from` bring. */
  | { readonly kind: "range"; readonly from: string; readonly to: string }
  /** What is new to somebody else, as hooks and CI systems know it. */
  | { readonly kind: "outgoing"; readonly outgoing: Outgoing };

export interface FileFilter extends PathGlobs {
  /** Also files that git ignores. */
  readonly ignored: boolean;
}

export interface ReadOptions extends SourceOptions {
  readonly scope: Scope;
  readonly filter: FileFilter;
  /** What is known to be clean in the target's history; null or left out: nothing. */
  readonly record?: CleanRecord | null;
  /** Whether all that the record left out was read by this run in another repository. */
  readonly readElsewhere?: () => boolean;
  /** Top folders of repositories that the same run scans by themselves. */
  readonly alsoScanned?: ReadonlySet<string>;
  /** Whether nothing was found in an object that was read; left out: every file is read as well. */
  readonly isClean?: (oid: string) => boolean;
  readonly standardInput?: AsyncIterable<Uint8Array>;
  /**
   * The clone was made for a job that looks at what was pushed. Default: no, and what is outgoing is
   * yet to be.
   */
  readonly cameFromRemote?: boolean;
}

/** For one repository: also git's variables that led to it. */
interface RepositoryOptions extends ReadOptions {
  readonly environment: Readonly<Record<string, string>>;
}

/** Everything that is to be looked at in a target, or this part of it. */
export async function* readTarget(
  target: Target,
  options: ReadOptions,
): AsyncGenerator<SourceItem> {
  const { shard } = options;
  const items = readWhole(target, options);
  yield* shard ? itemsOfShard(items, shard) : items;
}

/**
 * The git objects of a target that tell more of keys than what was read does: those that are for
 * other parts to look at, or that a range does not bring. Without counts and notices.
 */
export async function* readOthers(
  target: Target,
  options: ReadOptions,
): AsyncGenerator<SourceItem> {
  const { scope, shard } = options;
  const hasHistory = ["audit", "history", "everything"].includes(scope.kind);
  if (target.kind !== "repository") return;
  const given = optionsFor(target, options);
  if (hasHistory && shard) yield* historyOfOthers(target.repository, shard, given);
  if (!isPartOfAnAudit(options)) return;
  for await (const item of fastHistory(target.repository, given)) {
    if (item.kind === "chunk") yield item;
  }
}

async function* readWhole(target: Target, options: ReadOptions): AsyncGenerator<SourceItem> {
  const { filter, scope } = options;
  switch (target.kind) {
    case "standard-input":
      if (options.standardInput) yield* standardInput(options.standardInput);
      return;
    case "folder":
      yield* files([target.root], { ...options, ...filter, repository: null, root: target.root });
      return;
    case "files":
      yield* files(target.paths, { ...options, ...filter, ...target });
      return;
    case "repository":
      yield* readRepository(target.repository, pathsOf(target), scope, optionsFor(target, options));
  }
}

/** The paths below the root of which the files are read; none: all that git does not ignore. */
function pathsOf({ within, besides = [] }: RepositoryTarget): readonly string[] {
  return besides.length === 0 ? within : ["", ...besides];
}

function optionsFor(
  { environment = {} }: RepositoryTarget,
  options: ReadOptions,
): RepositoryOptions {
  return { ...options, environment };
}

async function* readRepository(
  repository: Repository,
  within: readonly string[],
  scope: Scope,
  options: RepositoryOptions,
): AsyncGenerator<SourceItem> {
  const { notices = [] } = repository;
  switch (scope.kind) {
    case "audit":
      yield* notices;
      if (mayRestOnBlobs(repository, within, options)) yield* historyAndFiles(repository, options);
      else {
        yield* worktreeFiles(repository, within, options);
        yield* history(repository, options);
      }
      return;
    case "tree":
      yield* worktreeFiles(repository, within, options);
      return;
    case "history":
      yield* notices;
      yield* history(repository, options);
      return;
    case "everything":
      yield* notices;
      yield* allWorktrees(repository, scope.ignored ?? true, options);
      yield* leftovers(repository);
      yield* history(repository, options);
      return;
    case "staged":
      yield* staged(repository, options);
      return;
    case "before":
      yield* heldBefore(repository, scope.before, scope.secrets, options);
      return;
    case "range":
      yield* outgoing(repository, rangeOf(scope), options);
      return;
    case "outgoing":
      yield* outgoing(repository, scope.outgoing, options);
  }
}

/** An index of about so many bytes: fewer files are sooner read than asked about. */
const worthAsking = 1 << 20;

/** Is it worth it, and surely right, to leave tracked files that are unchanged to their blobs? */
function mayRestOnBlobs(
  { gitDirectory, worktree, partial }: Repository,
  within: readonly string[],
  { isClean, shard, filter: { include, exclude } }: ReadOptions,
): boolean {
  if (worktree === null || isClean === undefined || shard || partial) return false;
  if (within.length + include.length + exclude.length > 0) return false;
  const index = statSync(join(gitDirectory, "index"), { throwIfNoEntry: false });
  return index !== undefined && index.size >= worthAsking;
}

/** All objects, and then the files, less those of which the blob was read and is clean. */
async function* historyAndFiles(
  repository: Repository,
  options: RepositoryOptions,
): AsyncGenerator<SourceItem> {
  const asked = unchangedFiles(repository, options.environment);
  asked.catch(() => undefined); // awaited below; must not count as unhandled until then
  yield* history(repository, options);
  const blobs = await asked.catch(noneIfGitFails);
  const unchanged = (path: string): boolean => {
    const oid = blobs.get(path);
    return oid !== undefined && options.isClean?.(oid) === true;
  };
  yield* worktreeFiles(repository, [], options, unchanged);
}

/** What is wrong is told where the files are listed; until then none counts as unchanged. */
function noneIfGitFails(error: unknown): ReadonlyMap<string, string> {
  if (error instanceof GitError) return new Map();
  throw error;
}

async function* worktreeFiles(
  repository: Repository,
  within: readonly string[],
  options: RepositoryOptions,
  unchanged: ((path: string) => boolean) | null = null,
): AsyncGenerator<SourceItem> {
  const { worktree: root } = repository;
  if (root === null) return;
  const targets = within.length === 0 ? [root] : within.map((path) => join(root, path));
  yield* files(targets, { ...options, ...options.filter, repository, root, unchanged });
}

/** Files of every worktree; those of other worktrees by their whole path. */
async function* allWorktrees(
  repository: Repository,
  ignored: boolean,
  options: RepositoryOptions,
): AsyncGenerator<SourceItem> {
  const filter = { include: [], exclude: [], ignored };
  yield* worktreeFiles(repository, [], { ...options, filter });
  for (const { path } of repository.worktrees) {
    if (path === repository.worktree) continue;
    const linked = existsSync(path) ? await openRepository(path) : null;
    if (linked === null) continue; // only its git directory is left, and that is read below
    const items = worktreeFiles(linked, [], { ...options, filter, environment: {} });
    for await (const item of items) yield item.kind === "chunk" ? movedTo(path, item) : item;
  }
}

function movedTo(folder: string, chunk: Chunk): Chunk {
  const { origin } = chunk;
  return origin.kind === "file" || origin.kind === "path-name"
    ? { ...chunk, origin: { ...origin, path: `${folder}/${origin.path}` } }
    : chunk;
}

async function* leftovers(repository: Repository): AsyncGenerator<SourceItem> {
  const { paths, notices } = await leftoverFiles(repository);
  yield* notices;
  const top = repository.worktree ?? repository.gitDirectory;
  const listed = paths.map((location) => {
    const below = relative(top, location).split(sep).join("/");
    const path = below.startsWith("../") ? location : below;
    return { kind: "file", path, location, named: false } as const;
  });
  yield* readFiles(Readable.from([listed]));
}

async function* history(
  repository: Repository,
  options: RepositoryOptions,
): AsyncGenerator<SourceItem> {
  const { shard, readElsewhere } = options;
  // Found out while the objects are read, and told behind them.
  const lacking = incompleteness(repository);
  lacking.catch(() => undefined); // awaited below; must not count as unhandled until then
  if (shard) {
    yield* historyOfShard(repository, shard, options);
  } else {
    const all = fastHistory(repository, options);
    yield* readElsewhere ? historyReadElsewhere(repository, all, readElsewhere, options) : all;
  }
  yield* await lacking;
  const counts = !shard || shard.index === 1;
  for (const names of [refNames(repository, options), reflogTexts(repository, options)]) {
    yield* counts ? names : withoutCounts(names);
  }
}

// The objects that a push, a received pack or a range of commits brings, and which commit of it
// brought a key. Git's hook protocols and the CI platforms' variables are left to hooks.
import { UserError } from "../model/errors.js";
import type {
  AttributedPlace,
  GitObjectType,
  HitObject,
  Repository,
  SourceItem,
} from "../model/index.js";
import type { CatFileOptions } from "./cat-file.js";
import { git, gitStream, type GitOptions } from "./git.js";
import { listedObjects, type ListedObject } from "./listed-objects.js";

/** What is new: everything reachable from `tips` and not from what is known already. */
export interface Outgoing {
  /** Object ids or revisions of commits or tags. */
  readonly tips: readonly string[];
  /**
   * What the other side has: object ids (those not in this repository are left out, which only makes
   * more count as new), and whole groups of refs.
   */
  readonly known: {
    readonly revisions: readonly string[];
    readonly refs:
      | { readonly kind: "none" }
      /** `--remotes=<name>`: the remote-tracking refs of one remote. */
      | { readonly kind: "remote"; readonly name: string }
      /** Every ref; in pre-receive no ref has been updated yet. */
      | { readonly kind: "all" };
  };
}

/** The facts that this source needs of a repository. */
export type OutgoingRepository = Pick<Repository, "gitDirectory">;

/** A hook's variables (the quarantine of pre-receive) and a way to stop. */
export type OutgoingOptions = Pick<GitOptions, "environment" | "signal">;

/** Arguments and standard input of `git rev-list` or `git log` for a selection. */
interface Selection {
  readonly args: readonly string[];
  readonly input: string;
}

/**
 * Gives every object that is new: blobs, commits, tags and trees (for their path names). Trees of
 * commits already known are left out as far as git can tell by looking at the boundary alone.
 * @throws {UserError} when a tip is not in this repository
 */
export async function* outgoing(
  repository: OutgoingRepository,
  range: Outgoing,
  options: OutgoingOptions & Partial<Pick<CatFileOptions, "wanted">> = {},
): AsyncGenerator<SourceItem> {
  const { wanted: _wanted, ...gitOptions } = options;
  const selection = await select(repository, range, gitOptions);
  if (selection === null) return;
  yield* listedObjects(repository, listed(repository, selection, gitOptions), options);
}

async function* listed(
  repository: OutgoingRepository,
  { args, input }: Selection,
  options: OutgoingOptions,
): AsyncGenerator<ListedObject> {
  const stream = gitStream(
    repository.gitDirectory,
    ["rev-list", "--objects", "--no-object-names", "--in-commit-order", ...args],
    { ...options, input },
  );
  let rest = "";
  for await (const piece of stream) {
    const lines = (rest + piece.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    for (const oid of lines) yield [oid, null];
  }
}

/**
 * Says for each object with a key which new commit brought it, oldest first: that commit is the one
 * to rewrite. Merges count when the key is in none of their parents.
 */
export async function introducedBy(
  repository: OutgoingRepository,
  range: Outgoing,
  hits: readonly HitObject[],
  options: OutgoingOptions = {},
): Promise<AttributedPlace[]> {
  const selection = await select(repository, range, options);
  if (selection === null || hits.length === 0) return [];
  const byOid = new Map(hits.map((hit) => [hit.oid, hit]));
  const inTrees = hits.filter(({ type }) => type === "blob" || type === "tree");
  const changed = [
    ...(inTrees.length > 0 ? await changes(repository, selection, inTrees, options) : []),
    ...(inTrees.some(({ type }) => type === "tree")
      ? await rootTrees(repository, selection, new Set(byOid.keys()), options)
      : []),
  ];
  const places = changed.flatMap(({ stamp, oid, path }) => {
    const hit = byOid.get(oid);
    if (hit === undefined) return [];
    if (hit.type !== "tree") return placesOf(hit, stamp, "commit", path);
    const names = [...(hit.names ?? [])].map((name) => (path === "" ? name : `${path}/${name}`));
    return (names.length > 0 ? names : [path]).flatMap((full) =>
      placesOf(hit, stamp, "path-name", full),
    );
  });
  for (const hit of hits) {
    if (hit.type !== "commit" && hit.type !== "tag") continue;
    const kind = hit.type === "tag" ? "tag-message" : "commit-message";
    places.push(
      ...placesOf(hit, await stampOf(repository, hit.oid, hit.type, options), kind, null),
    );
  }
  return places;
}

/**
 * Which of some files the new commits change.
 * @param paths absolute
 * @returns paths below the worktree's top, with forward slashes
 */
export async function changedFiles(
  repository: OutgoingRepository & { readonly worktree: string },
  range: Outgoing,
  paths: readonly string[],
  options: OutgoingOptions = {},
): Promise<string[]> {
  const selection = await select(repository, range, options);
  if (selection === null || paths.length === 0) return [];
  // prettier-ignore
  const log = ["log", "--format=", "--name-only", "-z", "-c", "--no-renames", "--no-relative",
    ...selection.args, "--", ...paths];
  const output = await git(repository.worktree, log, { ...options, input: selection.input });
  return [
    ...new Set(
      output
        .toString("utf8")
        .split("\0")
        .filter((path) => path.trim() !== ""),
    ),
  ].sort();
}

interface Stamp {
  readonly commit: string | null;
  readonly date: string | null;
  readonly author: string | null;
}

/** One place for each key in an object. */
export function placesOf(
  hit: HitObject,
  stamp: Stamp,
  kind: AttributedPlace["kind"],
  path: string | null,
): AttributedPlace[] {
  return [...hit.fingerprints].map((fingerprint) => ({
    ...stamp,
    kind,
    exposure: "committed",
    path,
    refs: [],
    removed: null,
    worktree: null,
    object: hit.oid,
    fingerprint,
  }));
}

interface Change {
  readonly stamp: Stamp;
  readonly oid: string;
  readonly path: string;
}

const recordStart = "\u0001";
const recordFormat = `--format=${recordStart}%H%n%cI%n%an <%ae>%n%T`;

/** Splits what `git log` printed into commits and the lines that follow each. */
function records(
  output: Buffer,
): { readonly stamp: Stamp; readonly tree: string; readonly lines: readonly string[] }[] {
  const found = output.toString("utf8").split(recordStart).slice(1);
  return found.map((record) => {
    const [commit = "", date = "", author = "", tree = "", ...lines] = record.split("\n");
    return { stamp: { commit, date: date === "" ? null : date, author }, tree, lines };
  });
}

/** Commits whose root folder is one of some trees: diffs name folders, but never the root. */
async function rootTrees(
  repository: OutgoingRepository,
  { args, input }: Selection,
  wanted: ReadonlySet<string>,
  options: OutgoingOptions = {},
): Promise<Change[]> {
  const log = ["log", "--reverse", "--no-patch", recordFormat, ...args];
  const output = await git(repository.gitDirectory, log, { ...options, input });
  return records(output)
    .filter(({ tree }) => wanted.has(tree))
    .map(({ stamp, tree }) => ({ stamp, oid: tree, path: "" }));
}

/** One pass of `git log` for any number of objects; merges by `-c`, which shows evil merges. */
async function changes(
  repository: OutgoingRepository,
  { args, input }: Selection,
  hits: readonly HitObject[],
  options: OutgoingOptions = {},
): Promise<Change[]> {
  // prettier-ignore
  const output = await git(
    repository.gitDirectory,
    ["-c", "log.showRoot=true", "-c", "core.quotePath=true", "log", "--raw", "-c", "-t", "--no-abbrev",
      "--no-renames", "--reverse", "--no-relative", "-O/dev/null", "--no-ext-diff", "--no-textconv",
      recordFormat,
      ...hits.map(({ oid }) => `--find-object=${oid}`), ...args],
    { ...options, input },
  );
  const wanted = new Set(hits.map(({ oid }) => oid));
  const found: Change[] = [];
  for (const { stamp, lines } of records(output)) {
    for (const line of lines) {
      const [fields = "", path = ""] = line.split("\t");
      // `:mode mode oid oid status`, with one more mode and oid (and colon) for each more parent.
      const words = fields.split(" ");
      const oid = words.at(-2) ?? "";
      if (line.startsWith(":") && wanted.has(oid)) found.push({ stamp, oid, path: unquoted(path) });
    }
  }
  return found;
}

/** Undoes git's C-style quoting of a path. Source: git-config(1) core.quotePath. */
function unquoted(path: string): string {
  if (!path.startsWith('"')) return path;
  const bytes: number[] = [];
  const named: Readonly<Record<string, number>> = {
    a: 7,
    b: 8,
    t: 9,
    n: 10,
    v: 11,
    f: 12,
    r: 13,
  };
  for (const [, octal, letter, plain] of path
    .slice(1, -1)
    .matchAll(/\\([0-7]{3})|\\(.)|([^\\])/gu)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else if (letter !== undefined) bytes.push(named[letter] ?? letter.charCodeAt(0));
    else bytes.push(...Buffer.from(plain ?? ""));
  }
  return Buffer.from(bytes).toString("utf8");
}

async function stampOf(
  repository: OutgoingRepository,
  oid: string,
  type: GitObjectType,
  options: OutgoingOptions = {},
): Promise<Stamp> {
  const text = (await git(repository.gitDirectory, ["cat-file", type, oid], options)).toString(
    "utf8",
  );
  const line = /^(?:committer|tagger) (.*>) (\d+) [+-]\d{4}$/mu.exec(text);
  const seconds = Number(line?.[2] ?? Number.NaN);
  return {
    commit: type === "commit" ? oid : null,
    date: Number.isFinite(seconds) ? new Date(seconds * 1000).toISOString() : null,
    author: line?.[1] ?? null,
  };
}

/** Makes git's arguments, or null when there is nothing to select. */
async function select(
  repository: OutgoingRepository,
  { tips, known }: Outgoing,
  options: OutgoingOptions = {},
): Promise<Selection | null> {
  if (tips.length === 0) return null;
  const names = [...tips, ...known.revisions];
  const answers = (
    await git(repository.gitDirectory, ["cat-file", "--batch-check=%(objectname)"], {
      input: names.map((name) => `${name}\n`).join(""),
      ...options,
    })
  )
    .toString("utf8")
    .split("\n");
  const present = names.map((_, at) => /^[0-9a-f]{40,64}$/u.test(answers[at] ?? ""));
  const lost = tips.find((_, at) => present[at] === false);
  if (lost !== undefined) {
    throw new UserError(
      `revision ${lost} is not in this repository`,
      "Fetch it first, or name one that is here.",
    );
  }
  const excluded = known.revisions.filter((_, at) => present[tips.length + at] === true);
  return {
    args: [...refArguments(known.refs), "--stdin"],
    input: [...tips, ...excluded.map((name) => `^${name}`)].map((name) => `${name}\n`).join(""),
  };
}

function refArguments(refs: Outgoing["known"]["refs"]): readonly string[] {
  switch (refs.kind) {
    case "none":
      return [];
    case "remote":
      return ["--not", `--remotes=${refs.name}`, "--not"];
    case "all":
      return ["--not", "--all", "--not"];
  }
}

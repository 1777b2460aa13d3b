// Which of the new commits brought a key: the one to rewrite. And which files they change.
// Reading the new objects is left to outgoing.
import type { AttributedPlace, GitObjectType, HitObject } from "../model/index.js";
import type { CommitStamp } from "../model/place.js";
import { datesOf, taggerStamp } from "./attribution/stamps.js";
import { annotated } from "./attribution/path-places.js";
import { git } from "./git.js";
import {
  select,
  type Outgoing,
  type OutgoingOptions,
  type OutgoingRepository,
  type Selection,
} from "./outgoing.js";

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
  return notesAmong(repository, places, options);
}

/**
 * Calls files of commits notes where they are: git keeps a note at the id of what it annotates, in
 * commits that no branch has.
 */
async function notesAmong(
  repository: OutgoingRepository,
  places: readonly AttributedPlace[],
  options: OutgoingOptions,
): Promise<AttributedPlace[]> {
  const told: AttributedPlace[] = [];
  for (const place of places) {
    const { kind, commit, path } = place;
    const object = path === null ? "" : annotated(path);
    if (kind !== "commit" || commit === null || !/^[0-9a-f]{40,64}$/u.test(object)) {
      told.push(place);
      continue;
    }
    const list = ["for-each-ref", "--format=%(refname)", `--contains=${commit}`];
    const output = await git(repository.gitDirectory, list, options);
    const refs = output
      .toString("utf8")
      .split("\n")
      .filter((ref) => ref !== "");
    const inNotes = refs.length > 0 && refs.every((ref) => ref.startsWith("refs/notes/"));
    told.push(inNotes ? { ...place, kind: "note", path: object, refs } : place);
  }
  return told;
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

interface Stamp extends Omit<CommitStamp, "commit"> {
  readonly commit: string | null;
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
const recordFormat = `--format=${recordStart}%H%n%aI%n%cI%n%an <%ae>%n%T`;

/** Splits what `git log` printed into commits and the lines that follow each. */
function records(
  output: Buffer,
): { readonly stamp: Stamp; readonly tree: string; readonly lines: readonly string[] }[] {
  const found = output.toString("utf8").split(recordStart).slice(1);
  return found.map((record) => {
    const [commit = "", date = "", committed = "", author = "", tree = "", ...lines] =
      record.split("\n");
    return { stamp: { commit, ...datesOf(date, committed), author }, tree, lines };
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
  const header = (name: string): ReturnType<typeof taggerStamp> =>
    taggerStamp(new RegExp(`^${name} (.*)$`, "mu").exec(text)?.[1] ?? null);
  if (type !== "commit") return { commit: null, ...header("tagger") };
  const { date, author } = header("author");
  return { commit: oid, ...datesOf(date ?? "", header("committer").date ?? ""), author };
}

// The objects that a push, a received pack or a range of commits brings. Which commit brought a key
// is left to introduced-by, git's hook protocols and the CI platforms' variables to hooks.
import { UserError } from "../model/errors.js";
import type { Repository, SourceItem, SourceOptions } from "../model/index.js";
import { git, gitStream, gitText } from "./git.js";
import type { GitOptions } from "./git-options.js";
import { searchFor } from "./kernel/kernel-search.js";
import { listedObjects, type ListedObject } from "./listed-objects.js";
import { fastHistory } from "./packs/fast-history.js";
import type { WitnessSearch } from "./witness-search.js";

/** What is new: everything reachable from `tips` and not from what is known already. */
export interface Outgoing {
  /** Object ids or revisions of commits or tags. */
  readonly tips: readonly string[];
  /**
   * Full names of refs that are new on the other side: they are published themselves. A tip that is
   * the name of a ref need not be repeated.
   */
  readonly names?: readonly string[];
  /**
   * What the other side has: object ids (those not in this repository are left out, which only makes
   * more count as new), and whole groups of refs.
   */
  readonly known: {
    readonly revisions: readonly string[];
    /** Somebody typed the revisions: one that is not here is an error. */
    readonly mustExist?: boolean;
    readonly refs:
      | { readonly kind: "none" }
      /** `--remotes=<name>`: the remote-tracking refs of one remote. */
      | { readonly kind: "remote"; readonly name: string }
      /** Every ref; in pre-receive no ref has been updated yet. */
      | { readonly kind: "all" };
  };
}

/** A typed range as what is new. */
export function rangeOf(range: { readonly from: string; readonly to: string }): Outgoing {
  return {
    tips: [range.to],
    known: { revisions: [range.from], mustExist: true, refs: { kind: "none" } },
  };
}

/** The facts that this source needs of a repository. */
export type OutgoingRepository = Pick<Repository, "gitDirectory">;

/** A hook's variables (the quarantine of pre-receive) and a way to stop. */
export type OutgoingOptions = Pick<GitOptions, "environment" | "signal">;

/** Arguments and standard input of `git rev-list` or `git log` for a selection. */
export interface Selection {
  readonly args: readonly string[];
  readonly input: string;
}

/** With more objects than this, reading all packs directly takes less time than having git expand them. */
const manyObjects = 5000;

/**
 * Gives the objects that are new and in which a witness occurs: blobs, commits, tags and trees (for
 * their path names); and the names of new refs, which may point at what is known already.
 * @throws {UserError} when a tip is not in this repository
 */
export async function* outgoing(
  repository: Repository,
  range: Outgoing,
  options: SourceOptions & OutgoingOptions,
): AsyncGenerator<SourceItem> {
  for (const ref of new Set([
    ...(range.names ?? []),
    ...(await refsAmong(repository, range, options)),
  ])) {
    const bytes = Buffer.from(ref);
    yield { kind: "chunk", origin: { kind: "ref-name", ref }, bytes, first: true, last: true };
  }
  const ids = newObjects(repository, range, options);
  const few: string[] = [];
  for (let next = await ids.next(); next.done !== true; next = await ids.next()) {
    few.push(next.value);
    if (few.length > manyObjects) {
      yield* amongMany(repository, collected(few, ids), options);
      return;
    }
  }
  if (few.length === 0) return;
  const listed = few.map((oid): ListedObject => [oid, null]);
  yield* listedObjects(repository, listed, { ...options, ...searched(options) });
}

/** Full names of the refs that are tips by their name. */
async function refsAmong(
  { gitDirectory }: OutgoingRepository,
  { tips }: Outgoing,
  { environment, signal }: OutgoingOptions,
): Promise<readonly string[]> {
  const names = tips.filter((tip) => !tip.startsWith("-") && !objectId.test(tip));
  if (names.length === 0) return [];
  const answer = await gitText(gitDirectory, ["rev-parse", "--symbolic-full-name", ...names], {
    allowStatus: [0, 128], // one that is not there is told below
    ...(environment ? { environment } : {}),
    ...(signal ? { signal } : {}),
  });
  return answer.split("\n").filter((line) => line.startsWith("refs/"));
}

const objectId = /^[0-9a-f]{40,64}$/u;

/** Reads the whole history, and gives of it what is new. */
async function* amongMany(
  repository: Repository,
  ids: Promise<ReadonlySet<string>>,
  options: SourceOptions & OutgoingOptions,
): AsyncGenerator<SourceItem> {
  ids.catch(() => undefined); // awaited below; must not count as unhandled until then
  for await (const item of fastHistory(repository, options)) {
    const other =
      item.kind === "chunk" && item.origin.kind === "object" && !(await ids).has(item.origin.oid);
    if (!other) yield item;
  }
  await ids;
}

async function collected(
  first: readonly string[],
  rest: AsyncIterable<string>,
): Promise<ReadonlySet<string>> {
  const all = new Set(first);
  for await (const oid of rest) all.add(oid);
  return all;
}

/** Leaves out documents without a witness, where witnesses can tell. */
function searched({ witnesses }: SourceOptions): { readonly wanted?: WitnessSearch } {
  if (witnesses === null || witnesses.rulesWithout.length > 0) return {};
  return { wanted: searchFor(witnesses) };
}

/**
 * Ids of everything that is new. Trees and blobs of commits already known are left out as far as git
 * can tell by looking at the boundary alone.
 */
async function* newObjects(
  repository: OutgoingRepository,
  range: Outgoing,
  { environment, signal }: OutgoingOptions,
): AsyncGenerator<string, void> {
  const options = { ...(environment ? { environment } : {}), ...(signal ? { signal } : {}) };
  const selection = await select(repository, range, options);
  if (selection === null) return;
  const args = ["rev-list", "--objects", "--no-object-names", ...selection.args];
  const { input } = selection;
  let rest = "";
  for await (const piece of gitStream(repository.gitDirectory, args, { ...options, input })) {
    const lines = (rest + piece.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

/** Makes git's arguments, or null when there is nothing to select. */
export async function select(
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
  const present = names.map((_, at) => objectId.test(answers[at] ?? ""));
  const needed = known.mustExist === true ? names : tips;
  const lost = needed.find((_, at) => present[at] === false);
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

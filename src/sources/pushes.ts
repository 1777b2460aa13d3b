// When commits were first on a remote, as far as the reflogs of this clone tell.
// What that means for a key is left to findings (timeline).
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Notice } from "../model/notice.js";
import type { Repository } from "../model/source.js";
import type { PushRecord } from "../model/timeline.js";
import { GitError, gitStream } from "./git.js";

export interface Pushes {
  readonly records: readonly Omit<PushRecord, "repository">[];
  readonly notices: readonly Notice[];
}

/** One line of a reflog: a commit of which it shows that it was on a remote at that time. */
interface Sighting {
  readonly seconds: number;
  readonly date: string;
  /** `before`: what the ref held already when the log's oldest line was written. */
  readonly how: "before" | "fetched" | "pushed";
  readonly ref: string;
}

/**
 * Finds for each commit the oldest entry of a remote-tracking ref's reflog by which the remote had
 * it. Commits of which no reflog tells are left out: reflogs are local, and git drops entries after
 * 90 days (gc.reflogExpire in git-config(1)).
 */
export async function firstPushes(
  repository: Pick<Repository, "commonDirectory" | "gitDirectory">,
  commits: ReadonlySet<string>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Pushes> {
  if (commits.size === 0) return { records: [], notices: [] };
  const logs = join(repository.commonDirectory, "logs", "refs", "remotes");
  const sightings = new Map<string, Sighting>();
  for (const file of (await filesBelow(logs)).sort()) {
    const ref = `refs/remotes/${relative(logs, file).split(sep).join("/")}`;
    for (const [oid, sighting] of sightingsIn(await readFile(file, "latin1"), ref)) {
      keepEarlier(sightings, oid, sighting);
    }
  }
  if (sightings.size === 0) return { records: [], notices: [] };
  const records: Omit<PushRecord, "repository">[] = [];
  try {
    await spread(repository.gitDirectory, sightings, commits, records, options.signal);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return { records, notices: [cannotTell(error)] };
  }
  return { records, notices: [] };
}

/** Source of the messages: builtin/fetch.c, builtin/clone.c and transport.c, git 2.31 to 2.50. */
function* sightingsIn(log: string, ref: string): Generator<readonly [string, Sighting]> {
  let oldest = true;
  for (const line of log.split("\n")) {
    const entry = /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) .*> (\d+) ([+-]\d{4})\t?(.*)$/u.exec(line);
    const [, before = "", after = "", seconds = "", zone = "", message = ""] = entry ?? [];
    if (!entry) continue;
    const when = { seconds: Number(seconds), date: isoDate(Number(seconds), zone), ref };
    if (oldest && !/^0+$/u.test(before)) yield [before, { ...when, how: "before" }];
    oldest = false;
    if (message === "update by push") yield [after, { ...when, how: "pushed" }];
    else if (/^(?:fetch|pull|clone)\b/u.test(message)) yield [after, { ...when, how: "fetched" }];
  }
}

/**
 * Hands each sighting down to the ancestors of its commit. git lists children before parents, so
 * that a commit's earliest sighting is known when its turn comes; only the frontier is kept.
 */
async function spread(
  directory: string,
  sightings: ReadonlyMap<string, Sighting>,
  commits: ReadonlySet<string>,
  records: Omit<PushRecord, "repository">[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const frontier = new Map(sightings);
  const wanted = new Set(commits);
  const stream = gitStream(
    directory,
    ["rev-list", "--topo-order", "--parents", "--ignore-missing", "--stdin"],
    { input: `${[...sightings.keys()].join("\n")}\n`, ...(signal ? { signal } : {}) },
  );
  for await (const line of linesOf(stream)) {
    const [commit = "", ...parents] = line.split(" ");
    const sighting = frontier.get(commit);
    frontier.delete(commit);
    if (!sighting) continue;
    for (const parent of parents) keepEarlier(frontier, parent, sighting);
    if (!wanted.delete(commit)) continue;
    const { date, how, ref } = sighting;
    records.push({ commit, date, ref, bound: how === "pushed" ? "exact" : "not-after" });
    if (wanted.size === 0) return;
  }
}

async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of stream) {
    const lines = (rest + piece.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

const howRank = { before: 0, fetched: 1, pushed: 2 } as const satisfies Record<
  Sighting["how"],
  number
>;

/** At the same second the weaker claim stays: what was there before was not pushed then. */
function keepEarlier(all: Map<string, Sighting>, oid: string, sighting: Sighting): void {
  const known = all.get(oid);
  const difference = known
    ? sighting.seconds - known.seconds || howRank[sighting.how] - howRank[known.how]
    : -1;
  if (difference < 0) all.set(oid, sighting);
}

/** ISO 8601 with the offset that git states. */
function isoDate(seconds: number, zone: string): string {
  const minutes =
    (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3))) * (zone[0] === "-" ? -1 : 1);
  const local = new Date((seconds + minutes * 60) * 1000);
  return `${local.toISOString().slice(0, 19)}${zone.slice(0, 3)}:${zone.slice(3)}`;
}

async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function cannotTell(error: GitError): Notice {
  return {
    kind: "notice",
    code: "attribution-failed",
    message: `When keys were pushed cannot be told from the reflogs: ${error.message}`,
    incomplete: false,
  };
}

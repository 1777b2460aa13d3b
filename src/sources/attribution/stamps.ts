// Who made a commit, and when, for the few commits that a report names.
import type { CommitStamp } from "../../model/place.js";
import type { Repository } from "../../model/source.js";
import { git } from "../git.js";
import type { CommitGraph } from "./commit-graph.js";

/** By commit id. Commits that git cannot read have a stamp without date and author. */
export async function readStamps(
  repository: Repository,
  { numberOf, generations }: CommitGraph,
  commits: Iterable<string>,
): Promise<(commit: string) => CommitStamp> {
  const asked = [...new Set(commits)];
  const stamps = new Map<string, CommitStamp>();
  if (asked.length > 0) {
    const text = await git(
      repository.gitDirectory,
      ["log", "--no-walk=unsorted", "--stdin", "-s", "-z", "--format=%H%n%aI%n%cI%n%an <%ae>"],
      { input: asked.map((oid) => `${oid}\n`).join("") },
    );
    for (const record of text.toString("utf8").split("\0")) {
      const [commit = "", date = "", committed = "", author = ""] = record.trim().split("\n");
      stamps.set(commit, { commit, ...datesOf(date, committed), author });
    }
  }
  return (commit) => {
    const number = numberOf.get(commit);
    return {
      ...(stamps.get(commit) ?? { commit, date: null, author: null }),
      ...(number === undefined ? {} : { generation: generations[number] ?? 0 }),
    };
  };
}

/** The author's date, and the committer's where it is another time; dates that can be read. */
export function datesOf(date: string, committed: string): Pick<CommitStamp, "date" | "committed"> {
  const [mine, theirs] = [Date.parse(date), Date.parse(committed)];
  const other = !Number.isNaN(theirs) && theirs !== mine;
  return { date: Number.isNaN(mine) ? null : date, ...(other ? { committed } : {}) };
}

/**
 * The date and name of a `tagger` header.
 * @param header `Name <mail> 1700000000 +0100`
 */
export function taggerStamp(header: string | null): Pick<CommitStamp, "date" | "author"> {
  const hit = /^(.*>) (-?\d+) ([+-])(\d\d)(\d\d)$/u.exec(header ?? "");
  if (!hit) return { date: null, author: header };
  const [, author = "", seconds, sign, hours, minutes] = hit;
  const offset = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const local = new Date((Number(seconds) + offset * 60) * 1000);
  const readable = !Number.isNaN(local.getTime());
  const date = readable ? `${local.toISOString().slice(0, 19)}${sign}${hours}:${minutes}` : null;
  return { date, author };
}

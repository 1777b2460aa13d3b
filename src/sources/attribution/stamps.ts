// Who made a commit, and when, for the few commits that a report names.
import type { CommitStamp } from "../../model/place.js";
import type { Repository } from "../../model/source.js";
import { git } from "../git.js";

/** By commit id. Commits that git cannot read have a stamp without date and author. */
export async function readStamps(
  repository: Repository,
  commits: Iterable<string>,
): Promise<(commit: string) => CommitStamp> {
  const asked = [...new Set(commits)];
  const stamps = new Map<string, CommitStamp>();
  if (asked.length > 0) {
    const text = await git(
      repository.gitDirectory,
      ["log", "--no-walk=unsorted", "--stdin", "-s", "-z", "--format=%H%n%cI%n%an <%ae>"],
      { input: asked.map((oid) => `${oid}\n`).join("") },
    );
    for (const record of text.toString("utf8").split("\0")) {
      const [commit = "", date = "", author = ""] = record.trim().split("\n");
      const readable = !Number.isNaN(Date.parse(date));
      stamps.set(commit, { commit, date: readable ? date : null, author });
    }
  }
  return (commit) => stamps.get(commit) ?? { commit, date: null, author: null };
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

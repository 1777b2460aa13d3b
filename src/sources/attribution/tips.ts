// Where walks through a history begin: refs, heads of worktrees, reflogs, and what each says about
// how far a commit got. Walking is left to reach.
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Repository } from "../../model/source.js";
import { git, gitText } from "../git.js";
import { reflogs } from "../reflogs.js";

/** How a commit can be reached; several apply at once. */
export const via = {
  pushed: 1,
  tag: 2,
  /** A branch, the head of a worktree, or any other ref but the ones below. */
  branch: 4,
  notes: 8,
  stash: 16,
  reflog: 32,
  /** The HEAD of the worktree that is scanned. */
  head: 64,
} as const;

/** A ref, or another name, that points at an object. */
export interface Tip {
  /** Full name, or null when it is none that a report should show (a reflog's older entries). */
  readonly ref: string | null;
  readonly oid: string;
  /** An or of `via`. */
  readonly via: number;
}

/** Namespaces that hold what came from a remote, however the clone was configured. */
const remoteNamespaces = [
  "refs/remotes/",
  "refs/pull/", // GitHub, Gitea
  "refs/merge-requests/", // GitLab
  "refs/pipelines/", // GitLab: what its runners fetch
  "refs/pull-requests/", // Bitbucket
  "refs/changes/", // Gerrit
  "refs/prefetch/", // git maintenance
] as const;

/**
 * Everything that points at an object.
 * @param cameFromRemote the clone was made for a job: whatever its refs and HEAD reach was pushed
 */
export async function readTips(
  repository: Repository,
  cameFromRemote: boolean,
): Promise<readonly Tip[]> {
  const fromRemote = cameFromRemote
    ? (ref: string) => ref.startsWith("refs/") && ref !== "refs/stash"
    : await remoteRefs(repository);
  const tips: Tip[] = [];
  const refs = await git(repository.gitDirectory, [
    "for-each-ref",
    "--format=%(objectname) %(refname)",
  ]);
  for (const [oid, ref] of pairs(refs)) tips.push({ ref, oid, via: viaRef(ref, fromRemote) });
  for (const worktree of await gitDirectories(repository)) {
    const heads = await headOf(repository, worktree);
    tips.push(
      ...heads.map((head) => (cameFromRemote ? { ...head, via: head.via | via.pushed } : head)),
    );
    tips.push(...(await pseudoRefs(worktree)));
    if (worktree !== repository.gitDirectory) tips.push(...(await privateRefs(worktree)));
  }
  for await (const log of reflogs(repository)) {
    // One that cannot be read is told where reflogs are read as documents.
    if (!("kind" in log))
      tips.push(...reflogTips(log.ref, log.text.toString("latin1"), fromRemote));
  }
  return tips;
}

function viaRef(ref: string, fromRemote: (ref: string) => boolean): number {
  const pushed = fromRemote(ref) ? via.pushed : 0;
  if (ref === "refs/stash") return via.stash | pushed;
  if (ref.startsWith("refs/notes/")) return via.notes | pushed;
  if (ref.startsWith("refs/tags/")) return via.tag | pushed;
  return via.branch | pushed;
}

/** Refs that a fetch writes: those that a remote's refspecs name as destination. */
async function remoteRefs({
  gitDirectory,
  bare,
  remotes,
}: Repository): Promise<(ref: string) => boolean> {
  const args = ["config", "-z", "--get-regexp", String.raw`^remote\..*\.(fetch|mirror)$`];
  const settings = await gitText(gitDirectory, args, { allowStatus: [0, 1] });
  const patterns: string[] = [];
  for (const setting of settings.split("\0")) {
    const [name = "", value = ""] = setting.split("\n", 2);
    if (name.endsWith(".mirror") && value !== "false") patterns.push("refs/*");
    const destination = value.includes(":") ? value.slice(value.indexOf(":") + 1) : "";
    if (name.endsWith(".fetch") && destination !== "") patterns.push(destination);
  }
  // `git clone --bare` leaves a remote without refspecs: all its refs are the remote's.
  if (bare && remotes.length > 0 && patterns.length === 0) patterns.push("refs/*");
  return (ref) =>
    remoteNamespaces.some((space) => ref.startsWith(space)) ||
    patterns.some((pattern) => {
      const [before = "", after] = pattern.split("*", 2);
      return after === undefined
        ? ref === pattern
        : ref.length >= before.length + after.length &&
            ref.startsWith(before) &&
            ref.endsWith(after);
    });
}

async function gitDirectories({
  commonDirectory,
  gitDirectory,
  worktrees,
}: Repository): Promise<readonly string[]> {
  return [
    ...new Set([commonDirectory, gitDirectory, ...worktrees.map((linked) => linked.gitDirectory)]),
  ];
}

/** A worktree's HEAD; it is named in reports only when it is detached. */
async function headOf(repository: Repository, gitDirectory: string): Promise<readonly Tip[]> {
  const oid = await gitText(gitDirectory, ["rev-parse", "-q", "--verify", "HEAD"], {
    allowStatus: [0, 1, 128],
  });
  if (!/^[0-9a-f]{40,64}$/u.test(oid)) return []; // unborn
  const detached =
    (await gitText(gitDirectory, ["symbolic-ref", "-q", "HEAD"], { allowStatus: [0, 1, 128] })) ===
    "";
  const name = gitDirectory === repository.commonDirectory ? "" : worktreeName(gitDirectory);
  const own = gitDirectory === repository.gitDirectory ? via.head : 0;
  return [{ ref: detached ? `${name}HEAD` : null, oid, via: via.branch | own }];
}

function worktreeName(gitDirectory: string): string {
  return `worktrees/${basename(gitDirectory)}/`;
}

/** Refs that each worktree has for itself; source: git-worktree(1), "REFS". */
async function privateRefs(gitDirectory: string): Promise<readonly Tip[]> {
  const args = ["for-each-ref", "--format=%(objectname) %(refname)"];
  const namespaces = ["refs/bisect", "refs/worktree", "refs/rewritten"];
  return pairs(await git(gitDirectory, [...args, ...namespaces])).map(([oid, ref]) => ({
    ref: worktreeName(gitDirectory) + ref,
    oid,
    via: via.branch,
  }));
}

/**
 * ORIG_HEAD and the like are leftovers of commands, as reflogs are; what FETCH_HEAD names came from
 * a remote, unless it was fetched from this repository itself (` of .`).
 */
async function pseudoRefs(gitDirectory: string): Promise<readonly Tip[]> {
  const names = (await readdir(gitDirectory)).filter((name) => /^[A-Z_]+_HEAD$/u.test(name));
  const tips: Tip[] = [];
  for (const name of names) {
    for (const line of (await readFile(join(gitDirectory, name), "latin1")).split("\n")) {
      const oid = /^[0-9a-f]{40,64}/u.exec(line)?.[0];
      if (oid === undefined) continue;
      const fetched = name === "FETCH_HEAD" && !line.endsWith(" of .");
      tips.push({ ref: null, oid, via: via.reflog | (fetched ? via.pushed : 0) });
    }
  }
  return tips;
}

/** What a remote-tracking ref once pointed at was on the remote, even if it is no longer. */
function reflogTips(
  ref: string,
  text: string,
  fromRemote: (ref: string) => boolean,
): readonly Tip[] {
  const lines = text.split("\n").filter((line) => line !== "");
  const kind = ref === "refs/stash" ? via.stash : via.reflog;
  const mask = kind | (fromRemote(ref) ? via.pushed : 0);
  return lines.flatMap((line, index) => {
    const [before = "", after = ""] = line.split(" ", 2);
    const age = lines.length - 1 - index;
    const name = ref === "refs/stash" && age > 0 ? `${ref}@{${age}}` : null;
    const tips = [{ ref: name, oid: after, via: mask }];
    // An older value is the line before, except in the oldest line. Of the stash it is no stash.
    if (index === 0 && ref !== "refs/stash") tips.unshift({ ref: null, oid: before, via: mask });
    return tips;
  });
}

function pairs(text: Buffer): readonly (readonly [oid: string, ref: string])[] {
  return text
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const space = line.indexOf(" ");
      return [line.slice(0, space), line.slice(space + 1)] as const;
    });
}

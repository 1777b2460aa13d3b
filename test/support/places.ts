// Plants keys in every place where git can hide one, each place its own key, and says how a scan must
// report it. Used at the level of the sources and through the command line alike.
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Exposure, PlaceKind } from "../../src/model/index.js";
import { mint } from "./mint.js";
import { openRepository, type TestRepository } from "./repository.js";

/** What a scan must say of a planted key. */
interface Expected {
  /** The kind of place that the key must be reported at; there may be others besides. */
  readonly kind: PlaceKind;
  /** The key's exposure over all its places. */
  readonly exposure: Exposure;
  /** The path that must be told; the key itself may be part of it. */
  readonly path?: string | ((key: string) => string);
  /** A commit must be named that took the key out again. */
  readonly removed?: boolean;
  /** A full ref name that must be told. */
  readonly ref?: string | ((key: string) => string);
}

export interface PlantedPlace extends Omit<Expected, "path" | "ref"> {
  /** What somebody would call the place. */
  readonly name: string;
  readonly key: string;
  readonly path?: string;
  readonly ref?: string;
}

export interface Planted {
  readonly repository: TestRepository;
  /** A linked worktree with a detached HEAD. */
  readonly linked: string;
  readonly places: readonly PlantedPlace[];
}

interface Garden {
  readonly repository: TestRepository;
  /** Mints a key for a place and remembers what must be reported. */
  readonly plant: (name: string, expected: Expected) => string;
}

/**
 * Plants about forty keys in one fresh repository.
 * @param folder an empty folder under the system's temporary one; removing it is the caller's
 */
export function plantEveryPlace(folder: string): Planted {
  const path = join(folder, "repository");
  mkdirSync(path);
  const repository = openRepository(path);
  repository.git("init", "-q", "-b", "main");
  const places: PlantedPlace[] = [];
  const plant: Garden["plant"] = (name, { path: told, ref, ...expected }) => {
    const key = mint("payg-legacy");
    places.push({
      ...expected,
      name,
      key,
      ...(told === undefined ? {} : { path: typeof told === "function" ? told(key) : told }),
      ...(ref === undefined ? {} : { ref: typeof ref === "function" ? ref(key) : ref }),
    });
    return key;
  };
  const garden = { repository, plant };
  repository.commit({ "README.md": "A garden.\n", "tracked.txt": "clean\n" }, "begin");
  plantDeltas(garden);
  plantFiles(garden);
  plantMerge(garden);
  repository.git("repack", "-adq", "--depth=50");
  plantMessages(garden);
  plantNames(garden);
  plantRefs(garden);
  plantResidue(garden);
  plantStashes(garden);
  const linked = plantLinkedWorktree(garden);
  plantUncommitted(garden);
  return { repository, linked, places };
}

/** A line as people write it. */
function line(key: string): string {
  return `DASHSCOPE_API_KEY=${key}\n`;
}

const committed = { kind: "commit", exposure: "committed" } as const;

/**
 * fast-import stores each version as a delta against the one before, down to depth fifty: there the
 * key is. And a key whose first half the version before has, too, so that the delta copies that half
 * and inserts the other.
 */
function plantDeltas({ repository, plant }: Garden): void {
  const deepPath = { ...committed, path: "deep.log", removed: true };
  const deep = plant("packed as a delta at depth 50", deepPath);
  const splitPath = { ...committed, path: "split.log", removed: true };
  const split = plant("split between delta copy and insert", splitPath);
  const noise = randomBytes(2000).toString("hex").replaceAll(/.{80}/gu, "$&\n");
  const half = `${line(split.slice(0, 19)).trimEnd()}${"z".repeat(40)}\n`;
  const contents = [
    ...Array.from({ length: 50 }, (_, n) => ["deep.log", `${noise}version ${n}\n`] as const),
    ["deep.log", noise + line(deep)] as const,
    ["split.log", `${noise}${half}${noise}`] as const,
    ["split.log", `${noise}${line(split)}${noise}`] as const,
    ["split.log", "clean\n"] as const,
    ["deep.log", "clean\n"] as const,
  ];
  const commits = contents.map(([file, content], index) =>
    [
      "commit refs/heads/main",
      `committer Carl Committer <carl@example.com> ${1_600_000_000 + index} +0000`,
      "data 7",
      "change\n",
      ...(index === 0 ? ["from refs/heads/main^0"] : []),
      `M 100644 inline ${file}`,
      `data ${content.length}`,
      content,
    ].join("\n"),
  );
  const packed = ["-c", "fastimport.unpackLimit=1"];
  repository.gitWithInput(commits.join("\n"), ...packed, "fast-import", "--quiet");
  repository.git("reset", "-q", "--hard");
}

function plantFiles({ repository, plant }: Garden): void {
  const { git, commit } = repository;
  const gone = plant("removed file", { ...committed, path: "gone.env", removed: true });
  commit({ "gone.env": line(gone) }, "add");
  git("rm", "-q", "gone.env");
  git("commit", "-q", "-m", "remove");

  const overwritten = plant("overwritten line", {
    ...committed,
    path: "settings.ini",
    removed: true,
  });
  commit({ "settings.ini": `a=1\n${line(overwritten)}b=2\n` });
  commit({ "settings.ini": "a=1\nDASHSCOPE_API_KEY=\nb=2\n" });

  const renamed = plant("rename", { ...committed, path: "new-name.txt" });
  commit({ "old-name.txt": line(renamed) });
  git("mv", "old-name.txt", "new-name.txt");
  git("commit", "-q", "-m", "rename");

  const hidden = plant("-diff file", { ...committed, path: "data.locked" });
  commit({ ".gitattributes": "*.locked binary\n", "data.locked": line(hidden) });

  const target = plant("symlink target", { ...committed, path: "link" });
  symlinkSync(`/keys/${target}`, join(repository.path, "link"));
  commit({}, "a link");
}

function plantMerge({ repository, plant }: Garden): void {
  const { git, commit, write } = repository;
  git("checkout", "-q", "-b", "side");
  commit({ "side.txt": "side\n" }, "on the side");
  git("checkout", "-q", "main");
  commit({ "main.txt": "main\n" }, "on main");
  git("merge", "-q", "--no-commit", "--no-ff", "side");
  write("main.txt", line(plant("merge-only line", { ...committed, path: "main.txt" })));
  git("add", "main.txt");
  git("commit", "-q", "-m", "merge");
  git("branch", "-q", "-D", "side");
}

function plantMessages({ repository, plant }: Garden): void {
  const { git, commit } = repository;
  const inCommit = { kind: "commit-message", exposure: "committed" } as const;
  commit({}, `try\n\n${line(plant("commit message", inCommit))}`);
  const inTag = { kind: "tag-message", exposure: "tagged", ref: "refs/tags/v1" } as const;
  const release = `release ${line(plant("tag message", inTag))}`;
  git("tag", "-a", "v1", "-m", release, beginning(repository));
  const path = git("rev-parse", "HEAD~1");
  const inNote = { kind: "note", exposure: "committed", path, ref: "refs/notes/commits" } as const;
  git("notes", "add", "-m", line(plant("note", inNote)), path);
}

function plantNames({ repository, plant }: Garden): void {
  const { git, commit } = repository;
  const named = { kind: "path-name", exposure: "committed" } as const;
  const file = (key: string): string => `deep/er/${key}.txt`;
  commit({ [file(plant("path name", { ...named, path: file }))]: "nothing inside\n" });
  const key = plant("path name of a folder at the top", { ...named, path: (name) => name });
  commit({ [`${key}/inner.txt`]: "nothing inside\n" });
  const branch = { kind: "ref-name", exposure: "committed" } as const;
  git("branch", plant("branch name", { ...branch, ref: (name) => `refs/heads/${name}` }));
}

/** The first commit, which holds no key: what is pushed or tagged beside it must not reach others. */
function beginning({ git }: TestRepository): string {
  return git("rev-list", "--max-parents=0", "main");
}

/** Commits beside main, each held by one ref. */
function plantRefs({ repository, plant }: Garden): void {
  const { git, commit } = repository;
  const beside = (name: string, ref: string, exposure: Exposure): void => {
    const path = `${name.replaceAll(" ", "-")}.txt`;
    git("checkout", "-q", "--detach", beginning(repository));
    commit({ [path]: line(plant(name, { kind: "commit", exposure, path, ref })) });
    git("update-ref", ref, "HEAD");
  };
  beside("other branch", "refs/heads/other", "committed");
  beside("remote-tracking ref", "refs/remotes/origin/feature", "pushed");
  beside("pull ref", "refs/pull/7/head", "pushed");
  beside("merge request ref", "refs/merge-requests/7/head", "pushed");
  beside("tagged commit", "refs/tags/lightweight", "tagged");
  git("checkout", "-q", "--orphan", "orphan");
  const path = "orphan.txt";
  const ref = "refs/heads/orphan";
  commit({ [path]: line(plant("orphan branch", { ...committed, path, ref })) });
  git("checkout", "-q", "main");
}

/** What only a reflog, or nothing at all, still holds. */
function plantResidue({ repository, plant }: Garden): void {
  const { git, gitWithInput, commit, write } = repository;
  const reflog = { kind: "reflog", exposure: "reflog" } as const;
  git("checkout", "-q", "-b", "doomed");
  commit({ "doomed.txt": line(plant("deleted branch", { ...reflog, path: "doomed.txt" })) });
  git("checkout", "-q", "main");
  git("branch", "-q", "-D", "doomed");

  commit({ "hasty.txt": line(plant("amended commit", { ...reflog, path: "hasty.txt" })) });
  write("hasty.txt", "better\n");
  git("commit", "-q", "-a", "--amend", "-m", "amended");

  const nowhere = { kind: "unreachable", exposure: "unreachable" } as const;
  write("staged-once.txt", line(plant("replaced index blob", nowhere)));
  git("add", "staged-once.txt");
  write("staged-once.txt", "clean\n");
  git("add", "staged-once.txt");
  git("commit", "-q", "-m", "the second thought");

  const path = "dangling.txt";
  const dangling = line(plant("dangling commit", { ...nowhere, path }));
  const blob = gitWithInput(dangling, "hash-object", "-w", "--stdin");
  const tree = gitWithInput(`100644 blob ${blob}\t${path}\n`, "mktree");
  git("commit-tree", "-p", "HEAD", "-m", "nobody's", tree);

  const forced = { kind: "reflog", exposure: "pushed", path: "forced.txt" } as const;
  git("checkout", "-q", "--detach", beginning(repository));
  commit({ "forced.txt": line(plant("overwritten on the remote", forced)) });
  git("update-ref", "--create-reflog", "-m", "push", "refs/remotes/origin/main", "HEAD");
  git("update-ref", "-m", "forced push", "refs/remotes/origin/main", "HEAD~1");
  git("checkout", "-q", "main");
}

function plantStashes({ repository, plant }: Garden): void {
  const { git, write } = repository;
  const stash = { kind: "stash", exposure: "stashed" } as const;
  const older = { ...stash, path: "tracked.txt", ref: "refs/stash@{2}" };
  write("tracked.txt", line(plant("older stash", older)));
  git("stash", "-q");
  const untracked = { ...stash, path: "untracked.env", ref: "refs/stash@{1}" };
  write("untracked.env", line(plant("stashed untracked file", untracked)));
  git("stash", "push", "-q", "-u");
  const top = { ...stash, path: "tracked.txt", ref: "refs/stash" };
  write("tracked.txt", line(plant("top stash", top)));
  git("stash", "-q");
}

function plantLinkedWorktree({ repository, plant }: Garden): string {
  const path = `${repository.path}-linked`;
  repository.git("worktree", "add", "-q", "--detach", path);
  const linked = openRepository(path);
  linked.commit({
    "detached.txt": line(plant("detached linked worktree", { ...committed, path: "detached.txt" })),
  });
  const staged = { kind: "index", exposure: "staged", path: "linked.env" } as const;
  linked.write("linked.env", line(plant("index of a linked worktree", staged)));
  linked.git("add", "linked.env");
  rmSync(join(path, "linked.env"));
  return path;
}

function plantUncommitted({ repository, plant }: Garden): void {
  const { git, commit, write } = repository;
  commit({ "loose.txt": line(plant("loose", { ...committed, path: "loose.txt" })) });
  write(
    "staged.env",
    line(plant("staged only", { kind: "index", exposure: "staged", path: "staged.env" })),
  );
  git("add", "staged.env");
  const file = { kind: "file", exposure: "working-tree" } as const;
  write("untracked.txt", line(plant("untracked", { ...file, path: "untracked.txt" })));
  write("README.md", line(plant("modified", { ...file, path: "README.md" })));
  const named = (key: string): string => `new/${key}`;
  const name = plant("untracked path name", { ...file, kind: "path-name", path: named });
  write(named(name), "nothing inside\n");
}

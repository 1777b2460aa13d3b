// The recipes of a purge plan, executed: nothing of the key is left, and nothing else is lost.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fingerprintOf, type PurgePlan } from "../../src/model/index.js";
import { prove } from "../../src/prove.js";
import { dashleaks } from "../support/dashleaks.js";
import { mint } from "../support/mint.js";
import {
  freshRepository,
  openRepository,
  temporaryFolder,
  type TestRepository,
} from "../support/repository.js";

const key = mint("payg-v2");
const leak = `DASHSCOPE_API_KEY=${key}\nother\n`;

async function planOf(repository: TestRepository, ...args: string[]): Promise<PurgePlan> {
  const ran = await dashleaks(["purge-plan", "--json", ...args], { cwd: repository.path });
  expect([ran.stderr, ran.stdout.includes(key)]).toEqual(["", false]);
  return JSON.parse(ran.stdout) as PurgePlan;
}

/**
 * Stands in for git filter-repo with what it does in a repository that is not a fresh clone (2.47,
 * looked at with the real one): rewrites all refs or those of --refs, the stash among them, and then
 * resets every tracked file.
 */
const filterRepo = `#!/usr/bin/env node
const { execFileSync } = require("node:child_process");
const { readFileSync } = require("node:fs");
const git = (args, input) => execFileSync("git", args, { input, encoding: "latin1" });
const args = process.argv.slice(2);
if (!args.includes("--force")) throw new Error("not a fresh clone");
const [, pattern] = /^regex:(.*)==>/.exec(readFileSync(args[args.indexOf("--replace-text") + 1], "utf8"));
const at = args.indexOf("--refs");
const rest = at === -1 ? [] : args.slice(at + 1);
const end = rest.findIndex((arg) => arg.startsWith("--"));
const refs = at === -1 ? ["--all"] : rest.slice(0, end === -1 ? undefined : end);
const history = git(["fast-export", "--reencode=no", "--signed-tags=strip", "--reference-excluded-parents", ...refs]);
const replaced = history.replace(new RegExp(pattern, "g"), (hit) => "*".repeat(hit.length));
git(["fast-import", "--quiet", "--force"], Buffer.from(replaced, "latin1"));
git(["reset", "-q", "--hard"]);
if (at === -1) {
  git(["reflog", "expire", "--expire=now", "--all"]);
  git(["gc", "-q", "--prune=now"]);
}
`;

/** Runs the commands one by one, as they stand there. */
function run(repository: TestRepository, plan: PurgePlan): void {
  const programs = temporaryFolder();
  writeFileSync(join(programs, "git-filter-repo"), filterRepo, { mode: 0o755 });
  repository.write("expressions.txt", plan.expressions.map((line) => `${line}\n`).join(""));
  for (const { command } of plan.steps) {
    if (command === undefined || command.startsWith("dashleaks")) continue;
    execFileSync("sh", ["-c", command], {
      cwd: repository.path,
      stdio: "pipe",
      env: {
        ...process.env,
        PATH: `${programs}:${process.env["PATH"] ?? ""}`,
        GIT_AUTHOR_NAME: "Ada",
        GIT_AUTHOR_EMAIL: "ada@example.com",
        GIT_COMMITTER_NAME: "Carl",
        GIT_COMMITTER_EMAIL: "carl@example.com",
      },
    });
  }
}

async function isGone(repository: TestRepository): Promise<void> {
  const keys = [{ fingerprint: fingerprintOf(key), masked: null }];
  const { statement, keys: proven } = await prove({ path: repository.path, threads: 1, keys });
  expect([statement, proven[0]?.places]).toEqual(["gone", []]);
}

/** Merged history with a key, an untracked file, and uncommitted work in the index and in files. */
function working(): TestRepository {
  const repository = freshRepository();
  repository.commit({ "readme.md": "first\n" });
  repository.git("branch", "start");
  repository.git("switch", "-q", "-c", "topic");
  repository.commit({ ".env": leak, "x.txt": "x\n" });
  repository.git("switch", "-q", "main");
  repository.git("merge", "-q", "--no-ff", "-m", "merge", "topic");
  return repository;
}

function edit(repository: TestRepository): string {
  repository.write(".env", "DASHSCOPE_API_KEY=\nother\n");
  repository.write("x.txt", "x\nstaged\n");
  repository.git("add", "x.txt");
  repository.write("x.txt", "x\nstaged\nnot staged\n");
  repository.write("untracked.txt", "mine\n");
  return state(repository);
}

function state(repository: TestRepository): string {
  const read = (path: string): string => readFileSync(join(repository.path, path), "utf8");
  const staged = repository.git("show", ":x.txt");
  return JSON.stringify([read(".env"), read("x.txt"), read("untracked.txt"), staged]);
}

describe("a rewrite in this clone", () => {
  it("takes the key out of merged history and loses no uncommitted work", async () => {
    const repository = working();
    const before = edit(repository);
    const plan = await planOf(repository);
    expect(plan.recipe).toBe("filter-repo");
    run(repository, plan);
    expect(state(repository)).toBe(before);
    expect(repository.git("branch", "--format=%(refname:short)").split("\n")).toEqual([
      "main",
      "start",
      "topic",
    ]);
    await isGone(repository);
  });

  it("goes the same way when nothing is uncommitted", async () => {
    const repository = working();
    repository.write(".env", "DASHSCOPE_API_KEY=\n");
    repository.git("commit", "-qam", "out");
    run(repository, await planOf(repository));
    expect(repository.git("status", "--porcelain", "--untracked-files=no")).toBe("");
    await isGone(repository);
  });

  it("leaves alone what a remote has, while the key never got there", async () => {
    const repository = working();
    const remote = join(temporaryFolder(), "remote.git");
    repository.git("init", "-q", "--bare", "-b", "main", remote);
    repository.git("remote", "add", "origin", remote);
    repository.git("push", "-q", "origin", "start:main");
    const before = edit(repository);
    const plan = await planOf(repository);
    const commands = plan.steps.map(({ command }) => command ?? "").join("\n");
    expect(commands).not.toMatch(/push|clone/u);
    run(repository, plan);
    expect(state(repository)).toBe(before);
    expect(repository.git("merge-base", "main", "origin/main")).toBe(
      repository.git("rev-parse", "start"),
    );
    await isGone(repository);
  });
});

describe("a key in the name of a path", () => {
  it("is renamed in a mirror, and nothing is deleted or asked twice before that", async () => {
    const repository = freshRepository();
    repository.commit({ [`notes-${key}.txt`]: "1\n" });
    const remote = join(temporaryFolder(), "remote.git");
    repository.git("init", "-q", "--bare", "-b", "main", remote);
    repository.git("remote", "add", "origin", remote);
    repository.git("push", "-q", "origin", "main");
    const { steps, recipe, expressions } = await planOf(repository);
    expect(recipe).toBe("filter-repo");
    const commands = steps.flatMap(({ command }) => command ?? []);
    expect(commands.filter((command) => command.includes("--delete"))).toEqual([]);
    expect(commands).not.toContain("dashleaks purge-plan");
    expect(commands[0]).toMatch(/^git clone --mirror/u);
    expect(commands[1]).toBe(
      "git filter-repo --sensitive-data-removal --force --path-rename OLD:NEW",
    );
    expect(commands.join("\n")).not.toContain("--replace-text");
    expect(expressions).toEqual([]);
  });
});

describe("a key that only one ref holds", () => {
  it("is taken out of a note without a rewrite of history", async () => {
    const repository = freshRepository();
    const head = repository.commit({ "readme.md": "first\n" });
    repository.git("notes", "add", "-m", `use ${leak}`, "HEAD");
    repository.commit({ "readme.md": "second\n" });
    repository.git("notes", "add", "-m", "harmless", "HEAD");
    const plan = await planOf(repository);
    expect(plan.recipe).toBe("delete-ref");
    expect(JSON.stringify(plan)).not.toContain("filter-repo");
    expect(plan.steps.some(({ command = "" }) => command.includes(head))).toBe(true);
    run(repository, plan);
    expect(repository.git("notes", "show", "HEAD")).toBe("harmless");
    await isGone(repository);
  });

  it("is deleted with a tag of a blob, and with a tag's message", async () => {
    const repository = freshRepository();
    repository.commit({ "readme.md": "first\n" });
    repository.git("tag", "blob", repository.gitWithInput(leak, "hash-object", "-w", "--stdin"));
    repository.git("tag", "-a", "v1", "-m", `release ${leak}`);
    const head = repository.git("rev-parse", "HEAD");
    const plan = await planOf(repository);
    expect(plan.recipe).toBe("delete-ref");
    run(repository, plan);
    expect([repository.git("rev-parse", "HEAD"), repository.git("tag")]).toEqual([head, ""]);
    await isGone(repository);
  });

  it("is the name of a branch: that is to be renamed, and history stays", async () => {
    const repository = freshRepository();
    repository.commit({ "readme.md": "first\n" });
    repository.git("branch", `try-${key}`);
    const plan = await planOf(repository);
    expect(plan.recipe).toBe("delete-ref");
    expect(plan.steps.map(({ text }) => text).join(" ")).toContain("git branch -m OLD NEW");
    repository.git("branch", "-m", `try-${key}`, "try");
    run(repository, plan);
    await isGone(repository);
  });
});

describe("a key in a linked worktree", () => {
  it("is found where it is not tracked, and where git ignores it when it is asked about", async () => {
    const repository = freshRepository();
    repository.commit({ ".gitignore": ".env\n" });
    const linked = join(temporaryFolder(), "linked");
    repository.git("worktree", "add", "-q", linked);
    mkdirSync(join(linked, "d"));
    openRepository(linked).write("d/notes.txt", leak);
    const plan = await planOf(repository);
    expect(plan.recipe).toBe("edit");
    expect(plan.steps.map(({ text }) => text).join(" ")).toContain("d/notes.txt");
    openRepository(linked).write("d/notes.txt", "clean\n");
    openRepository(linked).write(".env", leak);
    expect((await planOf(repository)).recipe).toBe("nothing");
    expect((await planOf(repository, fingerprintOf(key))).recipe).toBe("edit");
  });
});

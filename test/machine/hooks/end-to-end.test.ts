// The real hooks in fresh repositories, by real git: a key is refused and nothing is lost; without
// the key the same passes.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dashleaks } from "../../support/dashleaks.js";
import { mint } from "../../support/mint.js";
import {
  freshRepository,
  openRepository,
  temporaryFolder,
  type TestRepository,
} from "../../support/repository.js";

const project = join(import.meta.dirname, "../../..");

/** A repository with one commit and our hooks, made once and copied: that starts no process. */
let template = "";

beforeAll(async () => {
  template = mkdtempSync(join(realpathSync(tmpdir()), "dashleaks-test-template-"));
  const repository = openRepository(template);
  repository.git("init", "-q", "-b", "main");
  repository.commit({ "a.txt": "one\ntwo\nthree\n" });
  await install(template);
});

afterAll(() => rmSync(template, { recursive: true, force: true }));

function guarded(): TestRepository {
  const path = join(temporaryFolder(), "repository");
  cpSync(template, path, { recursive: true });
  return openRepository(path);
}

async function install(path: string, ...more: string[]): Promise<void> {
  const ran = await dashleaks(["hook", "install", ...more], { cwd: path });
  expect(ran).toMatchObject({ status: 0, stderr: "" });
}

interface Tried {
  readonly done: boolean;
  readonly said: string;
}

/** Runs git; it may fail. */
function attempt(
  { path }: Pick<TestRepository, "path">,
  args: readonly string[],
  environment = {},
): Tried {
  const ran = spawnSync("git", args, {
    cwd: path,
    encoding: "utf8",
    env: {
      ...process.env,
      HOME: path,
      XDG_CONFIG_HOME: "",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_NAME: "A",
      GIT_AUTHOR_EMAIL: "a@example.com",
      GIT_COMMITTER_NAME: "C",
      GIT_COMMITTER_EMAIL: "c@example.com",
      ...environment,
    },
  });
  return { done: ran.status === 0, said: ran.stdout + ran.stderr };
}

/** All that a refused commit must leave as it was. */
function state(repository: TestRepository): string {
  const read = (...args: string[]): string => attempt(repository, args).said;
  return [
    read("for-each-ref"),
    read("ls-files", "--stage"),
    read("diff", "--no-ext-diff", "--binary"),
    read("status", "--porcelain", "-uall"),
  ].join("\n---\n");
}

interface Situation {
  readonly name: string;
  /** Brings the repository to the point at which it is committed. */
  readonly prepare: (repository: TestRepository, line: string) => void;
  readonly commit?: readonly string[];
}

const situations: readonly Situation[] = [
  {
    name: "a staged file",
    prepare: (repository, line) => {
      repository.write("b.env", line);
      repository.git("add", "b.env");
    },
  },
  {
    name: "a part of a file that is staged, beside one that is not",
    prepare: (repository, line) => {
      repository.write("a.txt", `one\n${line}two\nthree\n`);
      repository.git("add", "a.txt");
      repository.write("a.txt", "one\ntwo\nthree\nnot staged\n");
    },
  },
  {
    name: "a renamed and changed file",
    prepare: (repository, line) => {
      repository.git("mv", "a.txt", "renamed.txt");
      repository.write("renamed.txt", `one\ntwo\nthree\n${line}`);
      repository.git("add", "-A");
    },
  },
  {
    name: "`git commit -a`",
    prepare: (repository, line) => repository.write("a.txt", line),
    commit: ["commit", "-a", "-m", "m"],
  },
  {
    name: "`git commit PATH`, which passes over what else is staged",
    prepare: (repository, line) => {
      repository.write("other.txt", "staged before\n");
      repository.git("add", "other.txt");
      repository.write("a.txt", line);
    },
    commit: ["commit", "-m", "m", "a.txt"],
  },
  {
    name: "a file that was announced by --intent-to-add, then added",
    prepare: (repository, line) => {
      repository.write("b.env", line);
      repository.git("add", "-N", "b.env");
      repository.git("add", "b.env");
    },
  },
  {
    name: "a file that became a link, which points to the key",
    prepare: (repository, line) => {
      unlinkSync(join(repository.path, "a.txt"));
      symlinkSync(line.trim(), join(repository.path, "a.txt"));
      repository.git("add", "-A");
    },
  },
  {
    name: "the name of a file",
    prepare: (repository, line) => {
      repository.write(`notes ${line.trim()}.txt`, "nothing\n");
      repository.git("add", "-A");
    },
  },
  {
    name: "a merge with conflicts",
    prepare: (repository, line) => {
      repository.git("checkout", "-q", "-b", "topic");
      repository.git("commit", "-q", "--no-verify", "--allow-empty", "-m", "t");
      repository.write("a.txt", "theirs\n");
      repository.git("commit", "-q", "--no-verify", "-a", "-m", "theirs");
      repository.git("checkout", "-q", "main");
      repository.write("a.txt", "ours\n");
      repository.git("commit", "-q", "--no-verify", "-a", "-m", "ours");
      expect(() => repository.git("merge", "-q", "topic")).toThrow("Command failed");
      repository.write("a.txt", `both\n${line}`);
      repository.git("add", "a.txt");
    },
    commit: ["commit", "--no-edit"],
  },
  {
    name: "an amended commit",
    prepare: (repository, line) => {
      repository.write("b.env", line);
      repository.git("add", "b.env");
    },
    commit: ["commit", "--amend", "--no-edit"],
  },
  {
    name: "a commit from a sub-folder",
    prepare: (repository, line) => {
      repository.write("sub/b.env", line);
      repository.git("add", "-A");
    },
    commit: ["-C", "sub", "commit", "-m", "m"],
  },
];

describe("a commit through the real hook", () => {
  it.each(situations)(
    "refuses a key, loses nothing, and passes without it: $name",
    ({ prepare, commit }) => {
      const args = commit ?? ["commit", "-m", "m"];
      const [dirty, clean] = [guarded(), guarded()];
      const key = mint("payg-compact");
      prepare(dirty, `${key}\n`);
      prepare(clean, "no key at all\n");
      const before = state(dirty);
      const refused = attempt(dirty, args);
      expect(refused.done).toBe(false);
      expect(refused.said).toContain("refused: this commit would add 1 key");
      expect(refused.said).not.toContain(key.slice(12, 40));
      expect(refused.said.trim().split("\n").length).toBeLessThanOrEqual(6);
      expect(state(dirty)).toBe(before);
      expect(attempt(clean, args)).toMatchObject({ done: true });
    },
  );

  it("guards the first commit of all", async () => {
    const repository = freshRepository();
    await install(repository.path);
    repository.write("b.env", `K=${mint("coding-plan")}\nDASHSCOPE\n`);
    repository.git("add", "-A");
    expect(attempt(repository, ["commit", "-m", "m"]).said).toContain("would add 1 key");
    repository.write("b.env", "K=\n");
    repository.git("add", "-A");
    expect(attempt(repository, ["commit", "-m", "m"]).done).toBe(true);
  });

  it("tells of a key that HEAD holds already, in this file or another, and does not refuse", async () => {
    const repository = guarded();
    const line = `DASHSCOPE_API_KEY=${mint("payg-legacy")}\n`;
    repository.write("b.env", line);
    repository.git("add", "-A");
    repository.git("commit", "-q", "--no-verify", "-m", "forced");
    repository.write("b.env", `${line}# changed\n`);
    repository.git("add", "-A");
    const changed = attempt(repository, ["commit", "-m", "m"]);
    expect(changed).toMatchObject({ done: true });
    expect(changed.said).toContain("HEAD holds it already");
    repository.write("copy.env", line);
    repository.git("add", "-A");
    expect(attempt(repository, ["commit", "-m", "m"])).toMatchObject({ done: true });
    repository.write("copy.env", `${line}OTHER=${mint("payg-compact")}\n`);
    repository.git("add", "-A");
    expect(attempt(repository, ["commit", "-m", "m"])).toMatchObject({ done: false });
  });

  it("lets pass what is allowed inline, and what the baseline lists", async () => {
    const repository = guarded();
    repository.write("b.env", `K=${mint("payg-compact")} # dashleaks:allow a test key of ours\n`);
    repository.git("add", "-A");
    expect(attempt(repository, ["commit", "-m", "m"])).toMatchObject({ done: true });
    repository.write("c.env", `K=${mint("payg-compact")}\n`);
    repository.git("add", "-A");
    const { said } = attempt(repository, ["commit", "-m", "m"]);
    const fingerprint = /sha256:[0-9a-f]{64}/u.exec(said)?.[0] ?? "none";
    const added = await dashleaks(["baseline", "add", "--reason", "reset", fingerprint], {
      cwd: repository.path,
    });
    expect(added.status).toBe(0);
    expect(attempt(repository, ["commit", "-m", "m"])).toMatchObject({ done: true });
  });

  it("looks at the message, keeps it when it refuses, and not at a diff that only removes", async () => {
    const repository = guarded();
    const key = mint("token-plan-compact");
    const refused = attempt(repository, ["commit", "--allow-empty", "-m", `use ${key}`]);
    expect(refused).toMatchObject({ done: false });
    expect(refused.said).toContain("this commit's message holds 1 key");
    const kept = readFileSync(join(repository.path, ".git/COMMIT_EDITMSG"), "utf8");
    expect(kept.trim()).toBe(`use ${key}`);
    repository.write("b.env", `K=${key}\n`);
    repository.git("add", "-A");
    repository.git("commit", "-q", "--no-verify", "-m", "forced");
    repository.git("rm", "-q", "b.env");
    const editor = join(temporaryFolder(), "editor");
    writeFileSync(editor, '#!/bin/sh\n{ echo subject; cat "$1"; } >"$1.new" && mv "$1.new" "$1"\n');
    chmodSync(editor, 0o755);
    const removal = attempt(repository, ["commit", "-v"], { GIT_EDITOR: editor });
    expect(removal).toMatchObject({ done: true });
  });
});

describe("wherever hooks live", () => {
  function refusesAndPasses(repository: Pick<TestRepository, "path">): void {
    const { path } = repository;
    writeFileSync(join(path, "guarded.env"), `K=${mint("payg-compact")}\n`);
    attempt(repository, ["add", "guarded.env"]);
    expect(attempt(repository, ["commit", "-m", "m"]).said).toContain("would add 1 key");
    writeFileSync(join(path, "guarded.env"), "K=\n");
    attempt(repository, ["add", "guarded.env"]);
    expect(attempt(repository, ["commit", "-m", "m"])).toMatchObject({ done: true });
  }

  it("guards by core.hooksPath", async () => {
    const repository = freshRepository();
    const hooks = join(temporaryFolder(), "my hooks");
    repository.git("config", "core.hooksPath", hooks);
    await install(repository.path);
    expect(existsSync(join(hooks, "pre-commit"))).toBe(true);
    refusesAndPasses(repository);
  });

  it("guards through husky", async () => {
    const repository = freshRepository();
    spawnSync(process.execPath, [join(project, "node_modules/husky/bin.js")], {
      cwd: repository.path,
    });
    mkdirSync(join(repository.path, "node_modules/.bin"), { recursive: true });
    symlinkSync(
      join(project, "bin/dashleaks-hook"),
      join(repository.path, "node_modules/.bin/dashleaks-hook"),
    );
    await install(repository.path);
    refusesAndPasses(repository);
    expect(existsSync(join(repository.path, ".husky/pre-commit"))).toBe(true);
  });

  it("guards beside another hook, which runs too", async () => {
    const repository = freshRepository();
    repository.write(".git/hooks/pre-commit", "#!/bin/sh\necho the other one ran\n");
    chmodSync(join(repository.path, ".git/hooks/pre-commit"), 0o755);
    await install(repository.path);
    refusesAndPasses(repository);
    expect(attempt(repository, ["commit", "--allow-empty", "-m", "m"]).said).toContain(
      "the other one ran",
    );
  });

  it("guards linked worktrees and submodules", async () => {
    const repository = guarded();
    const linked = join(temporaryFolder(), "linked");
    repository.git("worktree", "add", "-q", linked);
    refusesAndPasses(openRepository(linked));
    const outer = freshRepository();
    outer.git(
      "-c",
      "protocol.file.allow=always",
      "submodule",
      "-q",
      "add",
      repository.path,
      "inner",
    );
    await install(join(outer.path, "inner"));
    refusesAndPasses({ path: join(outer.path, "inner") });
    await install(outer.path);
    expect(attempt(outer, ["commit", "-m", "with a submodule"])).toMatchObject({ done: true });
  });
});

describe("a push through the real hook", () => {
  function withRemote(): TestRepository {
    const repository = guarded();
    const remote = join(temporaryFolder(), "origin.git");
    repository.git("init", "-q", "--bare", remote);
    repository.git("remote", "add", "origin", remote);
    expect(attempt(repository, ["push", "-q", "origin", "main"])).toMatchObject({ done: true });
    return repository;
  }

  function force(repository: TestRepository, files: Record<string, string>): string {
    for (const [path, text] of Object.entries(files)) repository.write(path, text);
    repository.git("add", "-A");
    repository.git("commit", "-q", "--no-verify", "-m", "forced");
    return repository.git("rev-parse", "--short=8", "HEAD");
  }

  it("names the commit that brought the key, though a later one took it out", async () => {
    const repository = withRemote();
    const culprit = force(repository, { "b.env": `K=${mint("payg-compact")}\n` });
    force(repository, { "b.env": "K=\n" });
    const refs = repository.git("ls-remote", "origin");
    const pushed = attempt(repository, ["push", "origin", "main"]);
    expect(pushed).toMatchObject({ done: false });
    expect(pushed.said).toContain(`rewrite commit ${culprit}`);
    expect(repository.git("ls-remote", "origin")).toBe(refs);
    repository.git("reset", "-q", "--hard", "HEAD~2");
    force(repository, { "b.env": "K=\n" });
    expect(attempt(repository, ["push", "origin", "main"])).toMatchObject({ done: true });
  });

  it("looks at new branches, forced pushes, tags and several refs, and lets deletions be", async () => {
    const repository = withRemote();
    repository.git("branch", "-q", "old");
    expect(attempt(repository, ["push", "-q", "origin", "old"])).toMatchObject({ done: true });
    repository.git("tag", "-a", "v1", "-m", `made with ${mint("payg-compact")}`);
    expect(attempt(repository, ["push", "origin", "v1"])).toMatchObject({ done: false });
    repository.git("checkout", "-q", "-b", "topic");
    force(repository, { "b.env": `K=${mint("payg-compact")}\n` });
    expect(attempt(repository, ["push", "origin", "topic"])).toMatchObject({ done: false });
    expect(attempt(repository, ["push", "origin", "main", "topic"])).toMatchObject({ done: false });
    expect(attempt(repository, ["push", "--force", "origin", "topic:main"])).toMatchObject({
      done: false,
    });
    expect(attempt(repository, ["push", "-q", "origin", ":old"])).toMatchObject({ done: true });
  });
});

describe("under the pre-commit framework, which reads standard input itself", () => {
  it("looks at what a push brings, told a range or not", () => {
    const repository = guarded();
    repository.git("tag", "base");
    repository.write("b.env", `K=${mint("payg-compact")}\n`);
    repository.git("add", "-A");
    repository.git("commit", "-q", "--no-verify", "-m", "forced");
    const push = (environment: Record<string, string>): number | null =>
      spawnSync(join(project, "bin/dashleaks-hook"), ["pre-push"], {
        cwd: repository.path,
        input: "",
        env: { ...process.env, HOME: repository.path, PRE_COMMIT: "1", ...environment },
      }).status;
    expect(push({ PRE_COMMIT_FROM_REF: "base", PRE_COMMIT_TO_REF: "HEAD" })).toBe(1);
    expect(push({ PRE_COMMIT_FROM_REF: "HEAD", PRE_COMMIT_TO_REF: "HEAD" })).toBe(0);
    expect(push({ PRE_COMMIT_LOCAL_BRANCH: "refs/heads/main" })).toBe(1);
    expect(push({ PRE_COMMIT_LOCAL_BRANCH: "base" })).toBe(0);
  });
});

describe("a server through the real hook", () => {
  it("refuses a push with a key, keeps nothing of it, and takes one without", async () => {
    const server = freshRepository("--bare");
    await install(server.path);
    const client = freshRepository();
    client.git("remote", "add", "origin", server.path);
    const first = client.commit({ a: "clean" });
    expect(attempt(client, ["push", "-q", "origin", "main"])).toMatchObject({ done: true });
    const second = client.commit({ "b.env": `K=${mint("payg-compact")}\n` });
    const refused = attempt(client, ["push", "origin", "main", "main:refs/heads/other"]);
    expect(refused).toMatchObject({ done: false });
    expect(refused.said).toContain("this push would publish 1 key");
    expect(server.git("for-each-ref", "--format=%(objectname)")).toBe(first);
    expect(attempt(server, ["cat-file", "-e", second]).done).toBe(false);
  });

  it("refuses what it could not look at in time", async () => {
    const server = freshRepository("--bare");
    await install(server.path);
    const client = freshRepository();
    client.commit({ a: "clean" });
    const late = attempt(client, ["push", server.path, "main"], { DASHLEAKS_TIME_BUDGET: "0.001" });
    expect(late).toMatchObject({ done: false });
    expect(late.said).toContain("did not end within 0.001 seconds");
  });
});

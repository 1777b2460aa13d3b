// What git says by variables: to the hooks it runs, and for a repository that lies elsewhere. Real git,
// real hooks that somebody wrote by hand, the real program.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dashleaks, dashleaksJson } from "../support/dashleaks.js";
import { mint } from "../support/mint.js";
import {
  freshRepository,
  openRepository,
  temporaryFolder,
  type TestRepository,
} from "../support/repository.js";

const bin = join(import.meta.dirname, "../../bin/dashleaks.js");
const assignment = (key: string): string => `DASHSCOPE_API_KEY=${key}\n`;

/** A repository with a commit, whose pre-commit hook somebody wrote by hand. */
function handMade(call = "scan --staged"): TestRepository {
  const repository = freshRepository();
  repository.commit({ "a.txt": "one\n", "b.txt": "two\n" });
  const hook = join(repository.path, ".git/hooks/pre-commit");
  repository.write(
    ".git/hooks/pre-commit",
    `#!/bin/sh\nexec '${process.execPath}' '${bin}' ${call}\n`,
  );
  chmodSync(hook, 0o755);
  return repository;
}

/** Commits; gives git's status. */
function commit({ path }: TestRepository, ...args: string[]): number | null {
  const { NODE_EXTRA_CA_CERTS: _ca, ...inherited } = process.env;
  return spawnSync(
    "git",
    ["-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "-m", "m", ...args],
    {
      cwd: path,
      env: { ...inherited, HOME: path, GIT_CONFIG_GLOBAL: "/dev/null" },
    },
  ).status;
}

describe("scan --staged in a hook that somebody wrote", () => {
  it.each([
    { name: "git commit -a", args: ["-a"] },
    { name: "git commit PATH", args: ["a.txt"] },
  ])("refuses a key that $name would commit", ({ args }) => {
    const repository = handMade();
    repository.write("a.txt", assignment(mint("payg-legacy")));
    expect(commit(repository, ...args)).not.toBe(0);
    expect(repository.git("rev-list", "--count", "HEAD")).toBe("1");
  });

  it("lets a clean path be committed while a key is staged elsewhere", () => {
    const repository = handMade();
    repository.write("b.txt", assignment(mint("payg-legacy")));
    repository.git("add", "b.txt");
    repository.write("a.txt", "clean\n");
    expect(commit(repository, "a.txt")).toBe(0);
    expect(commit(repository)).not.toBe(0);
  });

  it("refuses a key in a linked worktree", () => {
    const repository = handMade();
    const linked = join(temporaryFolder(), "linked");
    repository.git("worktree", "add", "-q", linked, "-b", "side");
    const worktree = openRepository(linked);
    worktree.write("a.txt", assignment(mint("payg-legacy")));
    expect(commit(worktree, "-a")).not.toBe(0);
  });

  it("audits another repository that is named by its own index, whatever the hook is about", async () => {
    const [own, other] = [handMade(), freshRepository()];
    const key = mint("payg-legacy");
    other.write("c.txt", assignment(key));
    other.git("add", "c.txt");
    const { report } = await dashleaksJson(["scan", "--staged", other.path], {
      cwd: own.path,
      environment: {
        GIT_DIR: join(own.path, ".git"),
        GIT_INDEX_FILE: join(own.path, ".git/index"),
      },
    });
    expect(report.keys.map(({ masked }) => masked.slice(-4))).toEqual([key.slice(-4)]);
  });
});

/** A bare repository whose worktree lies elsewhere, as people keep their dotfiles. */
function dotfiles(): {
  readonly home: TestRepository;
  readonly environment: Readonly<Record<string, string>>;
} {
  const folder = temporaryFolder();
  const [path, bare] = [join(folder, "home"), join(folder, "dotfiles.git")];
  mkdirSync(path);
  const home = openRepository(path);
  home.git("init", "-q", "--bare", "-b", "main", bare);
  return { home, environment: { GIT_DIR: bare, GIT_WORK_TREE: path } };
}

describe("a repository that GIT_DIR and GIT_WORK_TREE name", () => {
  function git({ home, environment }: ReturnType<typeof dotfiles>, ...args: string[]): void {
    const { GIT_DIR: directory = "", GIT_WORK_TREE: worktree = "" } = environment;
    home.git(`--git-dir=${directory}`, `--work-tree=${worktree}`, ...args);
  }

  it("is audited: files, index and history, from any of its folders", async () => {
    const dots = dotfiles();
    const [past, staged, untracked] = [
      mint("payg-legacy"),
      mint("coding-plan"),
      mint("payg-compact"),
    ];
    dots.home.write("deep/.zshrc", assignment(past));
    git(dots, "add", "deep/.zshrc");
    git(dots, "commit", "-q", "-m", "first");
    dots.home.write("deep/.zshrc", assignment(staged));
    git(dots, "add", "deep/.zshrc");
    dots.home.write("deep/.zshrc", "clean again\n");
    dots.home.write("notes", assignment(untracked));
    const { ran, report } = await dashleaksJson([], {
      cwd: join(dots.home.path, "deep"),
      environment: dots.environment,
    });
    expect(ran.status).toBe(1);
    expect(
      report.keys.map(({ masked, exposure }) => `${masked.slice(-4)} ${exposure}`).toSorted(),
    ).toEqual(
      [
        `${past.slice(-4)} committed`,
        `${staged.slice(-4)} staged`,
        `${untracked.slice(-4)} working-tree`,
      ].toSorted(),
    );
  });

  it("may lie in its worktree: its own files are read as what they are, and once", async () => {
    const path = join(temporaryFolder(), "home");
    const bare = join(path, ".dotfiles");
    mkdirSync(path);
    const dots = {
      home: openRepository(path),
      environment: { GIT_DIR: bare, GIT_WORK_TREE: path },
    };
    dots.home.git("init", "-q", "--bare", bare);
    const key = mint("payg-compact");
    git(dots, "commit", "-q", "--allow-empty", "-m", assignment(key));
    dots.home.write("notes", "clean\n");
    const { report } = await dashleaksJson([], {
      cwd: path,
      environment: { ...dots.environment, HOME: temporaryFolder() },
    });
    const [found] = report.keys;
    expect(found?.places.map(({ kind }) => kind)).not.toContain("file");
    expect(report.coverage.files).toBe(1);
  });

  it("is no business of a folder that is named", async () => {
    const dots = dotfiles();
    const other = freshRepository();
    const key = mint("payg-legacy");
    other.commit({ ".env": assignment(key) });
    const { report } = await dashleaksJson(["scan", other.path], {
      cwd: dots.home.path,
      environment: dots.environment,
    });
    expect(report.keys.map(({ masked }) => masked.slice(-4))).toEqual([key.slice(-4)]);
    const found = await dashleaks(["scan", "--discover", other.path], {
      cwd: dots.home.path,
      environment: dots.environment,
    });
    expect(found.status).toBe(1);
  });
});

// Real git in a fresh folder that is removed when the test ends.
// Refuses to run anywhere else, so that no test can touch a repository of the developer's.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { onTestFinished } from "vitest";

const root = realpathSync(tmpdir());

/** A folder of the test's own; gone when the test is. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(root, "dashleaks-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

export interface TestRepository {
  readonly path: string;
  /** Runs git here and gives what it printed, without the last line end. */
  readonly git: (...args: string[]) => string;
  /** Like `git`, with something on standard input. */
  readonly gitWithInput: (input: string | Uint8Array, ...args: string[]) => string;
  /** Writes a file below the repository, making folders as needed. */
  readonly write: (path: string, content: string | Uint8Array) => void;
  /** Writes, adds and commits; gives the commit's id. */
  readonly commit: (
    files: Readonly<Record<string, string | Uint8Array>>,
    message?: string,
  ) => string;
}

/** A fresh repository with one branch `main` and no commits. */
export function freshRepository(...initArguments: string[]): TestRepository {
  const path = join(temporaryFolder(), "repository");
  mkdirSync(path);
  const repository = openRepository(path);
  repository.git("init", "-q", "-b", "main", ...initArguments);
  return repository;
}

/** Works in a folder that git knows already (a clone, a linked worktree); under tmp only. */
export function openRepository(path: string): TestRepository {
  const real = realpathSync(path);
  if (!real.startsWith(root + sep)) throw new Error(`not a temporary folder: ${path}`);
  let clock = 1_700_000_000;
  const run = (input: string | Uint8Array | undefined, args: readonly string[]): string =>
    execFileSync("git", args, {
      cwd: real,
      ...(input === undefined ? {} : { input }),
      encoding: "utf8",
      maxBuffer: 1 << 28,
      stdio: ["pipe", "pipe", "pipe"],
      env: {
        ...process.env,
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_CONFIG_SYSTEM: "/dev/null",
        GIT_AUTHOR_NAME: "Ada Author",
        GIT_AUTHOR_EMAIL: "ada@example.com",
        GIT_COMMITTER_NAME: "Carl Committer",
        GIT_COMMITTER_EMAIL: "carl@example.com",
        GIT_AUTHOR_DATE: `${(clock += 60)} +0000`,
        GIT_COMMITTER_DATE: `${clock} +0000`,
      },
    }).replace(/\n$/u, "");
  const repository: TestRepository = {
    path: real,
    git: (...args) => run(undefined, args),
    gitWithInput: (input, ...args) => run(input, args),
    write: (file, content) => {
      const target = join(real, file);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
    },
    commit: (files, message = "change") => {
      for (const [file, content] of Object.entries(files)) repository.write(file, content);
      repository.git("add", "-A");
      repository.git("commit", "-q", "--allow-empty", "-m", message);
      return repository.git("rev-parse", "HEAD");
    },
  };
  return repository;
}

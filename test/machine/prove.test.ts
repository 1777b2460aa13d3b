// Is a key gone? Repositories between leaked and clean, against an oracle that expands every object
// and reads every file of the git directory; and the commands that are said to remove what is left.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fingerprintOf, Secret, type Proof } from "../../src/model/index.js";
import { prove, type ProveOptions } from "../../src/prove.js";
import { mint } from "../support/mint.js";
import {
  freshRepository,
  openRepository,
  temporaryFolder,
  type TestRepository,
} from "../support/repository.js";

// Without it git filter-branch waits some seconds for its warning to be read.
process.env["FILTER_BRANCH_SQUELCH_WARNING"] = "1";

const key = mint("payg-compact");
const leak = { ".env": `DASHSCOPE_API_KEY=${key}\n` };
const clean = { ".env": "DASHSCOPE_API_KEY=\n" };

/** Does anything hold the key? Every object expanded by git, and every other file's bytes. */
function oracle(repository: TestRepository, worktrees: readonly string[] = []): boolean {
  const objects = execFileSync("git", ["cat-file", "--batch-all-objects", "--batch"], {
    cwd: repository.path,
    maxBuffer: 1 << 28,
  });
  const refs = repository.git("for-each-ref", "--format=%(refname)");
  const files = [repository.path, ...worktrees].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !/\.git\/objects\//u.test(path))
      .map((path) => readFileSync(path)),
  );
  return [objects, Buffer.from(refs), ...files].some((bytes) => bytes.includes(key));
}

async function proof(
  repository: TestRepository,
  options: Partial<ProveOptions> = {},
): Promise<Proof> {
  return prove({
    path: repository.path,
    threads: 1,
    keys: [{ fingerprint: fingerprintOf(key), masked: null }],
    ...options,
  });
}

/** A leak that a later commit took out of the file: history still holds it. */
function leaked(): TestRepository {
  const repository = freshRepository();
  repository.commit({ "readme.md": "first\n" });
  repository.commit(leak, "settings");
  repository.commit(clean, "without the key");
  return repository;
}

/** The same with all of history rewritten, as filter-repo does it: new commits, moved branch. */
function rewritten(): TestRepository {
  const repository = leaked();
  repository.git(
    "filter-branch",
    "-f",
    "--index-filter",
    "git rm -q --cached --ignore-unmatch .env",
    "--",
    "--all",
  );
  return repository;
}

function withoutBackup(): TestRepository {
  const repository = rewritten();
  repository.git("update-ref", "-d", "refs/original/refs/heads/main");
  return repository;
}

/** A branch that holds the key, beside a clean main. */
function besideMain(): TestRepository {
  const repository = freshRepository();
  repository.commit({ "readme.md": "first\n" });
  repository.git("checkout", "-q", "-b", "side");
  repository.commit(leak);
  repository.git("checkout", "-q", "main");
  return repository;
}

const forget = (repository: TestRepository): void => {
  repository.git("reflog", "expire", "--expire=now", "--all");
  repository.git("gc", "-q", "--prune=now");
};

interface State {
  readonly name: string;
  readonly make: () => TestRepository;
  readonly held: boolean;
  /** Do the commands of the steps, run in their order, leave nothing? */
  readonly removable?: boolean;
}

const states: readonly State[] = [
  { name: "leaked and taken out by a later commit", make: leaked, held: true },
  {
    name: "after an amended commit, which the reflog still has",
    held: true,
    removable: true,
    make: () => {
      const repository = freshRepository();
      repository.commit({ "readme.md": "first\n" });
      repository.commit(leak);
      repository.write(".env", clean[".env"]);
      repository.git("commit", "-q", "-a", "--amend", "-m", "amended");
      return repository;
    },
  },
  {
    name: "after a rebase that dropped the commit",
    held: true,
    removable: true,
    make: () => {
      const repository = freshRepository();
      repository.commit({ "readme.md": "first\n" });
      repository.commit(leak);
      repository.commit({ "readme.md": "second\n" });
      repository.git("rebase", "-q", "--onto", "HEAD~2", "HEAD~1", "main");
      return repository;
    },
  },
  {
    name: "after a rewrite whose backup refs are left",
    held: true,
    removable: true,
    make: rewritten,
  },
  {
    name: "after a rewrite, with the reflog left",
    held: true,
    removable: true,
    make: withoutBackup,
  },
  {
    name: "after the reflog expired, with objects left that nothing reaches",
    held: true,
    removable: true,
    make: () => {
      const repository = withoutBackup();
      repository.git("reflog", "expire", "--expire=now", "--all");
      return repository;
    },
  },
  {
    name: "after a gc that keeps what is young",
    held: true,
    removable: true,
    make: () => {
      const repository = withoutBackup();
      repository.git("reflog", "expire", "--expire=now", "--all");
      repository.git("gc", "-q");
      return repository;
    },
  },
  {
    name: "after a gc that prunes at once",
    held: false,
    make: () => {
      const repository = withoutBackup();
      forget(repository);
      return repository;
    },
  },
  {
    name: "with a stash entry left",
    held: true,
    removable: true,
    make: () => {
      const repository = freshRepository();
      repository.commit(clean);
      repository.write(".env", leak[".env"]);
      repository.git("stash", "-q");
      repository.write("readme.md", "innocent\n");
      repository.git("stash", "-q", "-u");
      return repository;
    },
  },
  {
    name: "with a dropped stash entry",
    held: true,
    removable: true,
    make: () => {
      const repository = freshRepository();
      repository.commit(clean);
      repository.write(".env", leak[".env"]);
      repository.git("stash", "-q");
      repository.git("stash", "drop", "-q");
      return repository;
    },
  },
  {
    name: "with a deleted branch of which the remote ref is left",
    held: true,
    make: () => {
      const repository = besideMain();
      const remote = join(temporaryFolder(), "remote.git");
      repository.git("init", "-q", "--bare", remote);
      repository.git("remote", "add", "origin", remote);
      repository.git("push", "-q", "origin", "side");
      repository.git("branch", "-q", "-D", "side");
      forget(repository);
      return repository;
    },
  },
  {
    name: "with a tag left",
    held: true,
    removable: true,
    make: () => {
      const repository = besideMain();
      repository.git("tag", "-a", "-m", "release", "v1", "side");
      repository.git("branch", "-q", "-D", "side");
      forget(repository);
      return repository;
    },
  },
  {
    name: "with a pull request's ref left",
    held: true,
    removable: true,
    make: () => {
      const repository = besideMain();
      repository.git("update-ref", "refs/pull/7/head", "side");
      repository.git("branch", "-q", "-D", "side");
      forget(repository);
      return repository;
    },
  },
  {
    name: "with a branch left that is not checked out",
    held: true,
    removable: true,
    make: besideMain,
  },
  {
    // The command would have to repeat the key, so there is none.
    name: "with the name of a branch left",
    held: true,
    make: () => {
      const repository = freshRepository();
      repository.commit(clean);
      repository.git("branch", key);
      return repository;
    },
  },
  {
    name: "with a commit's message left in the reflog",
    held: true,
    removable: true,
    make: () => {
      const repository = freshRepository();
      repository.commit(clean, "first");
      repository.commit({}, `use ${key}`);
      repository.git("reset", "-q", "--hard", "HEAD^");
      repository.git("commit", "-q", "--allow-empty", "-m", "other");
      return repository;
    },
  },
  {
    name: "with an ignored file left",
    held: true,
    make: () => {
      const repository = freshRepository();
      repository.commit({ ".gitignore": ".env\n" });
      repository.write(".env", leak[".env"]);
      return repository;
    },
  },
  {
    name: "with a conflict that rerere remembers",
    held: true,
    make: () => {
      const repository = freshRepository();
      repository.commit(clean);
      repository.write(".git/rr-cache/0123/preimage", `<<<<<<<\n${key}\n=======\n>>>>>>>\n`);
      return repository;
    },
  },
  {
    name: "with a key that never was there",
    held: false,
    make: () => {
      const repository = freshRepository();
      repository.commit({ ".env": `DASHSCOPE_API_KEY=${mint("payg-compact")}\n` });
      return repository;
    },
  },
];

describe("prove", () => {
  it.each(states)("is right about a repository $name", async ({ make, held, removable }) => {
    const repository = make();
    expect(oracle(repository)).toBe(held);
    const { statement, keys, obstacles } = await proof(repository);
    expect(obstacles).toEqual([]);
    expect(statement).toBe(held ? "held" : "gone");
    expect(keys[0]?.places.length === 0).toBe(!held);
    expect(keys[0]?.steps.length === 0).toBe(!held);
    if (removable !== true) return;
    // What it says removes the key does, and nothing else has to be done.
    for (const { command } of keys[0]?.steps ?? []) {
      if (command !== undefined)
        execFileSync("sh", ["-c", command], { cwd: repository.path, stdio: "ignore" });
    }
    // oxlint-disable-next-line vitest/no-conditional-expect
    expect([(await proof(repository)).statement, oracle(repository)]).toEqual(["gone", false]);
  });

  it.each([
    ["a file", (linked: TestRepository) => linked.write("notes.txt", `${key}\n`)],
    [
      "its index",
      (linked: TestRepository) => {
        linked.write(".env", leak[".env"]);
        linked.git("add", ".env");
        linked.write(".env", clean[".env"]);
      },
    ],
    [
      "its detached HEAD",
      (linked: TestRepository) => {
        linked.commit(leak);
        linked.commit(clean);
      },
    ],
  ])("finds a key that a linked worktree holds in %s", async (_, spoil) => {
    const repository = freshRepository();
    repository.commit({ "readme.md": "first\n" });
    const path = join(temporaryFolder(), "linked");
    repository.git("worktree", "add", "-q", "--detach", path);
    spoil(openRepository(path));
    forget(repository);
    expect(oracle(repository, [path])).toBe(true);
    expect(await proof(repository)).toMatchObject({ statement: "held", obstacles: [] });
    repository.git("worktree", "remove", "--force", path);
    forget(repository);
    expect(oracle(repository)).toBe(false);
    expect((await proof(repository)).statement).toBe("gone");
  });

  it("keeps the other stash entries when it says how to forget", async () => {
    const repository = freshRepository();
    repository.commit(clean);
    for (const text of ["one\n", leak[".env"], "three\n"]) {
      repository.write(".env", text);
      repository.git("stash", "-q");
    }
    const { keys } = await proof(repository);
    for (const { command } of keys[0]?.steps ?? []) {
      execFileSync("sh", ["-c", command ?? "true"], { cwd: repository.path, stdio: "ignore" });
    }
    expect((await proof(repository)).statement).toBe("gone");
    expect(repository.git("stash", "list").split("\n")).toHaveLength(2);
  });

  it("finds a key whose surroundings a scan would not believe", async () => {
    const plain = mint("payg-legacy");
    const repository = freshRepository();
    repository.commit({ "a.txt": `deepseek ta${plain}ff\n` });
    const keys = [{ fingerprint: fingerprintOf(plain), masked: null }];
    expect((await proof(repository, { keys })).statement).toBe("held");
  });

  it("finds a key that was given in full, whatever its shape, also encoded", async () => {
    const odd = `internal-${mint("payg-legacy").slice(3)}`;
    const repository = freshRepository();
    repository.commit({ "a.txt": `x=${Buffer.from(`token ${odd}`).toString("base64")}\n` });
    const options = { keys: [], secrets: [new Secret(odd)] };
    expect((await proof(repository, options)).statement).toBe("held");
  });

  it("is no proof when an object cannot be read", async () => {
    const repository = freshRepository();
    repository.commit({ "a.txt": "first\n" });
    const oid = repository.git("rev-parse", "HEAD:a.txt");
    const path = join(repository.path, ".git/objects", oid.slice(0, 2), oid.slice(2));
    repository.git("repack", "-q"); // the tree and the commit stay readable
    execFileSync("chmod", ["u+w", path]);
    repository.git("prune-packed", "-q");
    const pack = readdirSync(join(repository.path, ".git/objects/pack")).find((name) =>
      name.endsWith(".pack"),
    );
    const file = join(repository.path, ".git/objects/pack", pack ?? "");
    execFileSync("chmod", ["u+w", file]);
    const bytes = readFileSync(file);
    bytes.fill(0, 12, bytes.length - 20);
    writeFileSync(file, bytes);
    const result = await proof(repository);
    expect(result.statement).toBe("not-shown");
    expect(result.obstacles.length).toBeGreaterThan(0);
  });

  it("is no proof when the rule that found the key is not in force", async () => {
    const repository = freshRepository();
    repository.commit(clean);
    const keys = [{ fingerprint: fingerprintOf(key), masked: null, rule: "company-gateway" }];
    expect((await proof(repository, { keys })).statement).toBe("not-shown");
  });

  it.each([
    ["dead", "gone"],
    ["live", "held"],
    ["restricted", "held"],
    ["unknown", "not-shown"],
  ] as const)("with --verify takes a key that is %s for %s", async (status, statement) => {
    const repository = freshRepository();
    repository.commit(clean);
    const asked: string[] = [];
    const result = await proof(repository, {
      secrets: [new Secret(key)],
      verify: async (found) => {
        asked.push(...found.map(({ fingerprint }) => fingerprint));
        const verdict = { status, evidence: [] };
        return { verdicts: new Map(found.map((each) => [each.fingerprint, verdict])), notices: [] };
      },
    });
    expect(asked).toEqual([fingerprintOf(key)]);
    expect(result.statement).toBe(statement);
  });

  it("with --verify cannot say that a key is dead that nobody gave", async () => {
    const repository = freshRepository();
    repository.commit(clean);
    const verify = async () => ({ verdicts: new Map(), notices: [] });
    expect((await proof(repository, { verify })).statement).toBe("not-shown");
  });

  it("works by keyed fingerprints too", async () => {
    const repository = leaked();
    const keys = [{ fingerprint: fingerprintOf(key, "s3cret"), masked: null }];
    const options = { keys, fingerprintSecret: "s3cret" };
    expect((await proof(repository, options)).statement).toBe("held");
    await expect(proof(repository, { keys })).rejects.toThrow(/keyed/u);
    // The environment may hold a secret that plain fingerprints were made without.
    expect((await proof(repository, { fingerprintSecret: "s3cret" })).statement).toBe("held");
  });

  it("states what it is about, so that it can be checked", async () => {
    const repository = leaked();
    const now = () => new Date("2026-01-02T03:04:05Z");
    const result = await proof(repository, { now });
    const refs = repository.git("for-each-ref", "--format=%(objectname) %(refname)");
    const digest = execFileSync("sha256sum", { input: `${refs}\n`, encoding: "utf8" }).slice(0, 64);
    expect(result).toMatchObject({
      schemaVersion: 1,
      date: "2026-01-02T03:04:05.000Z",
      state: {
        repository: repository.path,
        head: repository.git("rev-parse", "HEAD"),
        refs: { count: 1, digest },
      },
    });
    expect(JSON.stringify(result)).not.toContain(key);
  });
});

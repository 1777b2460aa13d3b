// The smallest safe recipe: which one it is, that its commands work, and that it tells no key.
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { keyExpression } from "../../src/findings/key-expressions.js";
import { fingerprintOf, type PurgePlan } from "../../src/model/index.js";
import { prove } from "../../src/prove.js";
import { dashleaks } from "../support/dashleaks.js";
import { mint, mintedKinds } from "../support/mint.js";
import { freshRepository, temporaryFolder, type TestRepository } from "../support/repository.js";

const key = mint("payg-v2");
const leak = { ".env": `DASHSCOPE_API_KEY=${key}\n` };
const clean = { ".env": "DASHSCOPE_API_KEY=\n" };

async function planOf(repository: TestRepository, ...args: string[]): Promise<PurgePlan> {
  const ran = await dashleaks(["purge-plan", "--json", ...args], { cwd: repository.path });
  expect([ran.stderr, ran.stdout.includes(key)]).toEqual(["", false]);
  expect(ran.status).toBe(ran.stdout.includes('"recipe": "nothing"') ? 0 : 1);
  return JSON.parse(ran.stdout) as PurgePlan;
}

function started(): TestRepository {
  const repository = freshRepository();
  repository.commit({ "readme.md": "first\n" });
  return repository;
}

function pushed(repository: TestRepository): TestRepository {
  const remote = join(temporaryFolder(), "remote.git");
  repository.git("init", "-q", "--bare", "-b", "main", remote);
  repository.git("remote", "add", "origin", remote);
  repository.git("push", "-q", "origin", "main");
  return repository;
}

describe("purge-plan", () => {
  it.each<readonly [PurgePlan["recipe"], string, () => TestRepository]>([
    ["nothing", "a clean repository", started],
    [
      "edit",
      "a file that is not staged",
      () => {
        const repository = started();
        repository.write("notes.txt", leak[".env"]);
        return repository;
      },
    ],
    [
      "unstage",
      "a staged file",
      () => {
        const repository = started();
        repository.write(".env", leak[".env"]);
        repository.git("add", ".env");
        return repository;
      },
    ],
    [
      "amend",
      "the last commit, which was never pushed",
      () => {
        const repository = pushed(started());
        repository.commit(leak);
        return repository;
      },
    ],
    [
      "rebase",
      "an older commit that was never pushed",
      () => {
        const repository = pushed(started());
        repository.commit(leak);
        repository.commit({ "readme.md": "second\n" });
        return repository;
      },
    ],
    [
      "filter-repo",
      "a pushed commit",
      () => {
        const repository = started();
        repository.commit(leak);
        return pushed(repository);
      },
    ],
    [
      "filter-repo",
      "a tag",
      () => {
        const repository = started();
        repository.commit(leak);
        repository.git("tag", "v1");
        return repository;
      },
    ],
    [
      "filter-repo",
      "a commit that another branch has too",
      () => {
        const repository = started();
        repository.commit(leak);
        repository.git("branch", "other");
        return repository;
      },
    ],
    [
      "clear-residue",
      "a stash entry",
      () => {
        const repository = started();
        repository.commit(clean);
        repository.write(".env", leak[".env"]);
        repository.git("stash", "-q");
        return repository;
      },
    ],
  ])("is %s for %s", async (recipe, _, make) => {
    const plan = await planOf(make());
    expect(plan.recipe).toBe(recipe);
    expect(plan.steps.length > 0).toBe(recipe !== "nothing");
  });

  it("rebases from the root when the first commit of all holds the key", async () => {
    const repository = freshRepository();
    repository.commit(leak);
    repository.commit({ "readme.md": "second\n" });
    const { steps } = await planOf(repository);
    expect(steps.map(({ command }) => command)).toContain("git rebase -i --root");
  });

  it("amends a commit so that nothing is left", async () => {
    const repository = started();
    repository.commit(leak);
    const plan = await planOf(repository);
    repository.write(".env", clean[".env"]);
    run(repository, plan);
    expect(await isGone(repository)).toBe(true);
  });

  it("drops residue so that nothing is left", async () => {
    const repository = started();
    repository.commit(clean);
    repository.write(".env", leak[".env"]);
    repository.git("stash", "-q");
    run(repository, await planOf(repository));
    expect(await isGone(repository)).toBe(true);
  });

  it("gives expressions that take the key out of every commit, as filter-repo applies them", async () => {
    const repository = started();
    const other = mint("payg-v2");
    repository.commit({ ...leak, "other.env": `K=${other}\n` });
    repository.commit(clean, `message with ${key}`);
    const { expressions } = await planOf(pushed(repository), fingerprintOf(key));
    expect(expressions).toHaveLength(1);
    const [, pattern = "", replacement = ""] =
      /^regex:(.*)==>(.*)$/u.exec(expressions[0] ?? "") ?? [];
    const history = repository.git("fast-export", "--all");
    // fast-import counts the bytes of each file: the replacement is made as long as the key.
    const replaced = history.replaceAll(
      new RegExp(pattern, "gu"),
      replacement.padEnd(key.length, "*"),
    );
    const target = freshRepository();
    target.gitWithInput(`${replaced}\n`, "fast-import", "--quiet", "--force");
    const result = await prove({
      path: target.path,
      threads: 1,
      keys: [key, other].map((each) => ({ fingerprint: fingerprintOf(each), masked: null })),
    });
    expect(result.keys.map(({ outcome }) => outcome)).toEqual(["gone", "held"]);
  });

  it("names the objects of encoded keys, which no expression finds", async () => {
    const repository = started();
    const encoded = Buffer.from(leak[".env"]).toString("base64");
    repository.commit({ "secret.yaml": `data: ${encoded}\n` });
    const oid = repository.git("rev-parse", "HEAD:secret.yaml");
    const plan = await planOf(pushed(repository));
    expect(plan.objects).toEqual([oid]);
    expect(plan.steps.some(({ command = "" }) => command.includes("--strip-blobs-with-ids"))).toBe(
      true,
    );
  });

  it("writes the keys only into the file that was asked for, for its owner alone", async () => {
    const repository = started();
    repository.commit(leak);
    const file = join(temporaryFolder(), "expressions.txt");
    await planOf(pushed(repository), "--expressions", file);
    expect(readFileSync(file, "utf8")).toBe(`literal:${key}==>***REMOVED***\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const again = await dashleaks(["purge-plan", "--expressions", file], { cwd: repository.path });
    expect(again).toMatchObject({ status: 2 });
    expect(again.stderr).toMatch(/is there already/u);
  });

  it("says whom to tell, and what a rewrite does not undo", async () => {
    const repository = started();
    repository.commit(leak);
    const before = await planOf(repository);
    const after = await planOf(pushed(repository));
    expect(before.tell.join(" ")).not.toMatch(/fork/u);
    expect(after.tell.join(" ")).toMatch(/clone.*forks.*pull or merge requests.*support/su);
    expect(after.notUndone.join(" ")).toMatch(/reset.*forks.*pull requests/su);
    const { stdout } = await dashleaks(["purge-plan"], { cwd: repository.path });
    expect(stdout).toMatch(/Reset the key first[\s\S]*filter-repo[\s\S]*This does not undo/u);
  });
});

describe("the expression for a key", () => {
  it.each(mintedKinds)("finds a %s key and no other of its kind", (kind) => {
    for (let index = 0; index < 50; index++) {
      const [one, two] = [mint(kind), mint(kind)];
      const expression = keyExpression(one) ?? "";
      const pattern = new RegExp(`^${expression}$`, "u");
      expect(pattern.test(one)).toBe(true);
      expect(pattern.test(two)).toBe(one.length === two.length && one.slice(-4) === two.slice(-4));
      // Of the key's random part it holds no more than every mask shows.
      const body = one.replace(/^sk-(?:ws-|sp-)?/u, "");
      expect(expression.includes(body.slice(-5))).toBe(false);
    }
  });
});

function run(repository: TestRepository, plan: PurgePlan): void {
  for (const { command } of plan.steps) {
    if (command === undefined || command.startsWith("dashleaks")) continue;
    execFileSync("sh", ["-c", command], {
      cwd: repository.path,
      stdio: "ignore",
      env: {
        ...process.env,
        GIT_COMMITTER_NAME: "Carl",
        GIT_COMMITTER_EMAIL: "carl@example.com",
      },
    });
  }
}

async function isGone(repository: TestRepository): Promise<boolean> {
  const keys = [{ fingerprint: fingerprintOf(key), masked: null }];
  const result = await prove({ path: repository.path, threads: 1, keys });
  return result.statement === "gone";
}

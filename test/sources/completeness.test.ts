// What is not in a repository is said, and nothing is fetched to find out.
import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Notice } from "../../src/model/index.js";
import { incompleteness } from "../../src/sources/completeness.js";
import { openRepository } from "../../src/sources/repository.js";
import { freshRepository, temporaryFolder, type TestRepository } from "../support/repository.js";

async function missingIn(path: string): Promise<readonly Notice[]> {
  const repository = await openRepository(path);
  if (repository === null) throw new Error("no repository");
  return (await incompleteness(repository)).filter((item) => item.kind === "notice");
}

function remove({ path }: TestRepository, oid: string): void {
  rmSync(join(path, ".git/objects", oid.slice(0, 2), oid.slice(2)));
}

describe("what a repository lacks", () => {
  it("is nothing when it is whole, even without commits", async () => {
    const repository = freshRepository();
    expect(await missingIn(repository.path)).toEqual([]);
    repository.commit({ "a.txt": "a" });
    expect(await missingIn(repository.path)).toEqual([]);
  });

  it("is the older history of a shallow clone", async () => {
    const { path, commit } = freshRepository();
    commit({ "a.txt": "1" });
    commit({ "a.txt": "2" });
    const clone = join(temporaryFolder(), "clone");
    freshRepository().git("clone", "-q", "--depth=1", `file://${path}`, clone);
    expect(await missingIn(clone)).toMatchObject([
      { code: "shallow-clone", incomplete: true, message: expect.stringContaining("--unshallow") },
    ]);
  });

  it("is what a partial clone never fetched, and it is not fetched now", async () => {
    const origin = freshRepository();
    origin.git("config", "uploadpack.allowFilter", "true");
    origin.commit({ "a.txt": "1" });
    origin.commit({ "a.txt": "2" });
    const clone = join(temporaryFolder(), "clone");
    origin.git("clone", "-q", "--filter=blob:none", `file://${origin.path}`, clone);
    for (let time = 0; time < 2; time += 1) {
      expect(await missingIn(clone)).toMatchObject([
        {
          code: "partial-clone",
          incomplete: true,
          message: expect.stringContaining("1 objects were never fetched"),
        },
      ]);
    }
  });

  it("is a lost blob, a lost tree, a lost commit, and what the index alone leads to", async () => {
    for (const lost of ["HEAD~1:a.txt", "HEAD~1^{tree}", "HEAD~1", ":staged.txt"]) {
      const repository = freshRepository();
      repository.commit({ "a.txt": "1" });
      repository.commit({ "a.txt": "2" });
      repository.commit({ "a.txt": "3" });
      repository.write("staged.txt", "staged");
      repository.git("add", "staged.txt");
      remove(repository, repository.git("rev-parse", lost));
      const notices = await missingIn(repository.path);
      expect(notices.length).toBeGreaterThan(0);
      expect(notices.every(({ incomplete }) => incomplete)).toBe(true);
    }
  });

  it("is an object store that is not where it was", async () => {
    const { path, git, commit } = freshRepository();
    commit({ "a.txt": "1" });
    const clone = join(temporaryFolder(), "clone");
    git("clone", "-q", "--shared", path, clone);
    renameSync(path, `${path}-moved`);
    const notices = await missingIn(clone);
    expect(notices[0]).toMatchObject({
      code: "missing-object",
      subject: join(path, ".git/objects"),
      incomplete: true,
    });
    expect(existsSync(path)).toBe(false);
  });

  it("is not looked for among many objects, be they its own or borrowed, and that is said", async () => {
    const origin = freshRepository();
    const lines = Array.from(
      { length: 5000 },
      (_, at) => `M 100644 inline f${at}\ndata 4\n${1e3 + at}\n`,
    );
    const author = "committer A <a@example.com> 1700000000 +0000";
    origin.gitWithInput(
      `commit refs/heads/main\n${author}\ndata 1\nm\n${lines.join("")}\n`,
      "fast-import",
      "--quiet",
    );
    const folder = temporaryFolder();
    const [first, second] = [join(folder, "first"), join(folder, "second")] as const;
    origin.git("clone", "-q", "--shared", "--bare", origin.path, first);
    origin.git("clone", "-q", "--shared", "--bare", first, second);
    for (const path of [origin.path, first, second]) {
      const repository = await openRepository(path);
      if (repository === null) throw new Error("no repository");
      expect(await incompleteness(repository)).toEqual([
        {
          kind: "skip",
          what: "links between git objects",
          reason: expect.stringContaining("git fsck --connectivity-only"),
          count: 5002,
        },
      ]);
    }
  });
});

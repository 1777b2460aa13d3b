// What a repository holds more than once is counted once, however it is stored and read.
import { cpSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi, beforeEach } from "vitest";
import { scan } from "../../src/index.js";
import { mint } from "../support/mint.js";
import { expandAll } from "../support/oracle.js";
import { freshRepository, temporaryFolder, type TestRepository } from "../support/repository.js";

beforeEach(() => {
  vi.stubEnv("XDG_CACHE_HOME", temporaryFolder());
});

/** Objects loose and in two packs: some in one of these alone, some in two, some in all three. */
function storedTwice(): TestRepository {
  const repository = freshRepository();
  repository.git("config", "core.logAllRefUpdates", "false"); // reflogs are documents, too
  const text = (version: number): string => `version ${version}\n${"a line\n".repeat(90)}`;
  for (let version = 0; version < 6; version++) {
    repository.commit({ "a.txt": text(version), [`k${version}.env`]: mint("payg-legacy") });
  }
  const objects = join(repository.path, ".git/objects");
  const loose = readdirSync(objects).filter((name) => name.length === 2);
  const aside = temporaryFolder();
  for (const name of loose) cpSync(join(objects, name), join(aside, name), { recursive: true });
  repository.git("repack", "-q", "-d"); // a first pack of six commits
  for (let version = 6; version < 9; version++) repository.commit({ "a.txt": text(version) });
  const all = repository.git(
    "rev-list",
    "--objects",
    "--no-object-names",
    "HEAD~2..HEAD",
    "HEAD~5^{tree}",
  );
  repository.gitWithInput(`${all}\n`, "pack-objects", "-q", join(objects, "pack/pack")); // leaves them loose
  for (const name of loose.slice(0, 9)) {
    cpSync(join(aside, name), join(objects, name), { recursive: true });
  }
  return repository;
}

function held(repository: TestRepository): { objects: number; bytes: number } {
  const all = expandAll(repository.path);
  return {
    objects: all.size,
    bytes: [...all.values()].reduce((sum, { length }) => sum + length, 0),
  };
}

const history = (repository: TestRepository, more = {}) =>
  scan({ paths: [repository.path], scope: { kind: "history" }, cache: false, ...more });

describe("an object that is stored more than once", () => {
  it("is counted once by one run", async () => {
    const repository = storedTwice();
    const { objects, bytes } = held(repository);
    // Else this test shows nothing: more is stored than there is.
    const [loose, packed] = ["count", "in-pack"].map((name) =>
      Number(
        new RegExp(`^${name}: (\\d+)$`, "mu").exec(repository.git("count-objects", "-v"))?.[1],
      ),
    );
    expect((loose ?? 0) + (packed ?? 0)).toBeGreaterThan(objects + 10);
    for (const threads of [1, 3]) {
      expect((await history(repository, { threads })).coverage).toMatchObject({ objects, bytes });
    }
  });

  it("is counted once by the parts of a run together", async () => {
    const repository = storedTwice();
    const parts = await Promise.all(
      [1, 2, 3].map((index) => history(repository, { shard: { index, count: 3 } })),
    );
    const sum = (name: "objects" | "bytes"): number =>
      parts.reduce((total, { coverage }) => total + coverage[name], 0);
    expect({ objects: sum("objects"), bytes: sum("bytes") }).toEqual(held(repository));
  });

  it("is counted once where it is known from an earlier run", async () => {
    const repository = storedTwice();
    const first = await history(repository, { cache: true });
    const second = await history(repository, { cache: true });
    expect(first.coverage).toMatchObject(held(repository));
    expect(second.coverage.skipped).toMatchObject([{ count: held(repository).objects }]);
  });

  it("is not counted where nobody can read it, by parts either", async () => {
    const repository = storedTwice();
    const oid = repository.gitWithInput("to be damaged", "hash-object", "-w", "--stdin");
    const file = join(repository.path, ".git/objects", oid.slice(0, 2), oid.slice(2));
    const { objects, bytes } = held(repository);
    rmSync(file, { force: true });
    writeFileSync(file, "no zlib");
    const one = await history(repository);
    expect(one.complete).toBe(false);
    expect(one.coverage).toMatchObject({ objects: objects - 1, bytes: bytes - 13 });
    const parts = await Promise.all(
      [1, 2].map((index) => history(repository, { shard: { index, count: 2 } })),
    );
    expect(parts.reduce((sum, { coverage }) => sum + coverage.bytes, 0)).toBe(bytes - 13);
    expect(parts.reduce((sum, { coverage }) => sum + coverage.objects, 0)).toBe(objects - 1);
  });
});

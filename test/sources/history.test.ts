// Every object of a repository is read, once, whatever form it is stored in.
import { createHash } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Repository } from "../../src/model/index.js";
import { exactHistory, type HistoryOptions } from "../../src/sources/history.js";
import { openRepository } from "../../src/sources/repository.js";
import { collect, everything, witnessesOf, type Collected } from "../support/documents.js";
import { freshRepository, temporaryFolder, type TestRepository } from "../support/repository.js";

async function opened(path: string): Promise<Repository> {
  const repository = await openRepository(path);
  if (repository === null) throw new Error("no repository");
  return repository;
}

async function history(path: string, options: Partial<HistoryOptions> = {}): Promise<Collected> {
  return collect(exactHistory(await opened(path), { ...everything, threads: 2, ...options }));
}

/** The ids of what was read, computed from the bytes: they prove that every byte is right. */
function ids({ documents }: Collected, algorithm = "sha1"): string[] {
  return documents
    .map(({ origin, bytes }) => {
      if (origin.kind !== "object") throw new Error(origin.kind);
      const head = `${origin.type} ${bytes.length}\0`;
      const id = createHash(algorithm).update(head).update(bytes).digest("hex");
      if (id !== origin.oid) throw new Error(`wrong bytes for ${origin.oid}`);
      return id;
    })
    .sort();
}

function allObjects({ git }: TestRepository): string[] {
  return git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)").split("\n").sort();
}

/** Twelve commits of two files each, a tag and an empty file; fast-import makes them in one go. */
function busyRepository(...init: string[]): TestRepository {
  const repository = freshRepository(...init);
  const file = (path: string, content: string): string =>
    `M 100644 inline ${path}\ndata ${content.length}\n${content}\n`;
  const stream = Array.from({ length: 12 }, (_, n) =>
    [
      "commit refs/heads/main",
      `committer Carl Committer <carl@example.com> ${1_600_000_000 + n} +0000`,
      "data 7",
      "change\n",
      file("file.txt", `${"line\n".repeat(200)}${n}`) + file(`dir/${n}.txt`, `${n}`),
    ].join("\n"),
  );
  repository.gitWithInput(stream.join("\n"), "fast-import", "--quiet");
  repository.git("reset", "-q", "--hard");
  repository.git("tag", "-a", "-m", "a tag's message", "v1");
  repository.commit({ "empty.txt": "" });
  return repository;
}

describe("the history", () => {
  it("is every object with its exact bytes, loose or packed", async () => {
    const repository = busyRepository();
    expect(ids(await history(repository.path))).toEqual(allObjects(repository));
    repository.git("repack", "-adq", "--depth=50");
    repository.commit({ "after.txt": "loose again" });
    const read = await history(repository.path);
    expect(ids(read)).toEqual(allObjects(repository));
    expect(read.sums.objects).toBe(allObjects(repository).length);
    expect(read.notices).toEqual([]);
  });

  it("is read from SHA-256 repositories, bare ones and linked worktrees", async () => {
    const repository = busyRepository("--object-format=sha256");
    expect(ids(await history(repository.path), "sha256")).toEqual(allObjects(repository));
    const folder = temporaryFolder();
    repository.git("clone", "-q", "--bare", repository.path, join(folder, "bare"));
    expect(ids(await history(join(folder, "bare")), "sha256")).toEqual(allObjects(repository));
    repository.git("worktree", "add", "-q", join(folder, "linked"));
    expect(ids(await history(join(folder, "linked")), "sha256")).toEqual(allObjects(repository));
  });

  it("includes the objects of alternates", async () => {
    const repository = busyRepository();
    const folder = temporaryFolder();
    repository.git("clone", "-q", "--shared", repository.path, join(folder, "borrower"));
    expect(ids(await history(join(folder, "borrower")))).toEqual(allObjects(repository));
  });

  it("includes objects that nothing refers to", async () => {
    const repository = busyRepository();
    const dangling = repository.gitWithInput("nobody wants me", "hash-object", "-w", "--stdin");
    expect(ids(await history(repository.path))).toContain(dangling);
  });

  it("can be limited to some objects, as a set or as they come", async () => {
    const repository = busyRepository();
    const some = allObjects(repository).slice(3, 15);
    expect(ids(await history(repository.path, { only: new Set(some) }))).toEqual(some);
    const coming = async function* (): AsyncGenerator<string> {
      for (const oid of some) {
        await new Promise((resolve) => setImmediate(resolve));
        yield oid;
      }
    };
    expect(ids(await history(repository.path, { only: coming() }))).toEqual(some);
  });

  it("leaves out what holds no witness, but counts it", async () => {
    const repository = busyRepository();
    const hit = repository.gitWithInput("xx needle-7 yy", "hash-object", "-w", "--stdin");
    repository.gitWithInput("xx needle 7 yy", "hash-object", "-w", "--stdin");
    const read = await history(repository.path, { witnesses: witnessesOf("needle-7") });
    expect(ids(read)).toEqual([hit]);
    expect(read.sums.objects).toBe(allObjects(repository).length);
  });

  it("gives a blob above 64 MB in pieces", async () => {
    const repository = freshRepository();
    const large = Buffer.alloc(65 * 2 ** 20, "0123456789abcdef\n");
    const oid = repository.gitWithInput(large, "hash-object", "-w", "--stdin");
    repository.commit({ "small.txt": "s" });
    const read = await history(repository.path);
    expect(ids(read)).toEqual(allObjects(repository));
    const piecewise = read.documents.find(({ chunks }) => chunks > 1);
    expect(piecewise?.origin).toMatchObject({ oid });
  });

  it("says which objects are missing", async () => {
    const repository = busyRepository();
    const missing = "0123456789".repeat(4);
    const read = await history(repository.path, { only: new Set([missing]) });
    expect(read.notices).toMatchObject([
      { code: "missing-object", subject: missing, incomplete: true },
    ]);
  });

  it("says which objects are corrupt, and reads all others", async () => {
    const repository = busyRepository();
    const oid = repository.gitWithInput("to be broken", "hash-object", "-w", "--stdin");
    const file = join(repository.path, ".git/objects", oid.slice(0, 2), oid.slice(2));
    chmodSync(file, 0o600);
    writeFileSync(file, "no zlib stream");
    const read = await history(repository.path);
    expect(read.notices).toMatchObject([{ subject: oid, incomplete: true }]);
    expect(ids(read)).toEqual(allObjects(repository).filter((other) => other !== oid));
  });

  it("says so when a pack is damaged, and reads what it can", async () => {
    const repository = busyRepository();
    repository.git("repack", "-adq", "--depth=0", "--window=0");
    const name = repository.git("rev-parse", "HEAD:file.txt");
    const listing = repository.git("verify-pack", "-v", ...packs(repository)).split("\n");
    const offset = Number(listing.find((line) => line.startsWith(name))?.split(/\s+/u)[4]);
    const pack = packs(repository)[0]?.replace(/idx$/u, "pack") ?? "";
    const bytes = readFileSync(pack);
    bytes.fill(0xff, offset + 4, offset + 12);
    chmodSync(pack, 0o600);
    writeFileSync(pack, bytes);
    const read = await history(repository.path);
    expect(read.notices.map(({ subject }) => subject)).toContain(name);
    expect(read.notices.every(({ incomplete }) => incomplete)).toBe(true);
    expect(ids(read).length + read.notices.length).toBe(allObjects(repository).length);
  });

  it("is not clean when git cannot list the objects", async () => {
    const repository = busyRepository();
    const read = await opened(repository.path);
    rmSync(join(repository.path, ".git/HEAD"));
    const { notices } = await collect(exactHistory(read, everything));
    expect(notices).toMatchObject([{ code: "git-failed", incomplete: true }]);
  });
});

function packs({ path }: TestRepository): string[] {
  const folder = join(path, ".git/objects/pack");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".idx"))
    .map((name) => join(folder, name));
}

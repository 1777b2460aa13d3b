// The record of what is clean: a second audit reads only what is new, finds the same, and believes
// nothing that it should not.
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { openCleanRecord } from "../../src/cache/clean-record.js";
import type { Report } from "../../src/model/index.js";
import { scan } from "../../src/scan.js";
import { mint } from "../support/mint.js";
import { factsOf, readFast } from "../support/oracle.js";
import { freshRepository, temporaryFolder, type TestRepository } from "../support/repository.js";

beforeEach(() => {
  vi.stubEnv("XDG_CACHE_HOME", temporaryFolder());
});

const audit = (repository: TestRepository, cache = true): Promise<Report> =>
  scan({ paths: [repository.path], scope: { kind: "history" }, cache });

function objectsRead(report: Report): number {
  return report.coverage.objects;
}

/** Two packs and some loose objects; a key in each. */
function leakyRepository(): TestRepository {
  const repository = freshRepository();
  repository.commit({ "a.env": `DASHSCOPE_API_KEY=${mint("payg-legacy")}\n`, "b.txt": "nothing" });
  repository.git("repack", "-q", "-d");
  repository.commit({ "c.env": `DASHSCOPE_API_KEY=${mint("coding-plan")}\n` });
  repository.git("repack", "-q", "-d");
  repository.commit({ "d.env": `DASHSCOPE_API_KEY=${mint("payg-legacy")}\n` });
  return repository;
}

/** What a report says of keys and places, without what differs from run to run. */
function findingsOf(report: Report): unknown {
  return report.findings.map(({ fingerprint, places }) => ({ fingerprint, places }));
}

function recordOf(repository: TestRepository): string {
  return join(repository.path, ".git", "dashleaks", "clean");
}

describe("a second audit", () => {
  it("finds the same, and reads only the objects in which something was found", async () => {
    const repository = leakyRepository();
    const first = await audit(repository);
    const second = await audit(repository);
    expect(first.findings.length).toBe(3);
    expect(findingsOf(second)).toEqual(findingsOf(first));
    expect(second.complete).toBe(true);
    expect(objectsRead(second)).toBe(3);
    expect(second.coverage.skipped).toMatchObject([{ what: "git objects" }]);
  });

  it("reads what was added since, in packs and by itself", async () => {
    const repository = leakyRepository();
    await audit(repository);
    repository.commit({ "e.env": `DASHSCOPE_API_KEY=${mint("payg-legacy")}\n` });
    repository.git("repack", "-q", "-d");
    repository.commit({ "f.env": `DASHSCOPE_API_KEY=${mint("payg-legacy")}\n` });
    const second = await audit(repository);
    expect(second.findings.length).toBe(5);
    expect(findingsOf(second)).toEqual(findingsOf(await audit(repository, false)));
  });

  it("finds the same after everything was repacked, and once more after that", async () => {
    const repository = leakyRepository();
    const first = await audit(repository);
    repository.git("repack", "-a", "-d", "-q");
    expect(findingsOf(await audit(repository))).toEqual(findingsOf(first));
    expect(findingsOf(await audit(repository))).toEqual(findingsOf(first));
  });

  it("reports no key that is no longer there", async () => {
    const repository = leakyRepository();
    await audit(repository);
    repository.git("reset", "-q", "--hard", "HEAD~1");
    repository.git("reflog", "expire", "--expire=all", "--all");
    repository.git("-c", "gc.cruftPacks=false", "gc", "-q", "--prune=now");
    expect((await audit(repository)).findings.length).toBe(2);
  });

  it("reads everything when it is told to", async () => {
    const repository = leakyRepository();
    const first = await audit(repository);
    expect(objectsRead(await audit(repository, false))).toBe(objectsRead(first));
  });

  it("reads everything when rules or settings are others", async () => {
    const repository = leakyRepository();
    const first = await audit(repository);
    const second = await scan({
      paths: [repository.path],
      scope: { kind: "history" },
      allowWords: ["let:pass"],
    });
    expect(objectsRead(second)).toBe(objectsRead(first));
  });

  it("does not count as read what could not be read", async () => {
    const repository = leakyRepository();
    const folder = join(repository.path, ".git", "objects", "pack");
    const pack = join(folder, readdirSync(folder).find((name) => name.endsWith(".pack")) ?? "");
    chmodSync(pack, 0o644);
    const bytes = readFileSync(pack);
    bytes.fill(0, 40, 60);
    writeFileSync(pack, bytes);
    expect((await audit(repository)).complete).toBe(false);
    expect((await audit(repository)).complete).toBe(false);
  });
});

describe("the record", () => {
  it("holds no key and no name", async () => {
    const repository = leakyRepository();
    await audit(repository);
    const text = readFileSync(recordOf(repository), "utf8");
    expect(text).not.toMatch(/sk-|\.env|DASHSCOPE/u);
  });

  it.each([
    ["damaged", (text: string) => text.replace(/"again":\[[^\]]*\]/u, '"again":[]')],
    ["cut", (text: string) => text.slice(0, -5)],
    ["empty", () => ""],
    ["no record at all", () => "\0\0\0\n{}"],
  ])("is ignored, and said to be, when it is %s", async (_, change) => {
    const repository = leakyRepository();
    const first = await audit(repository);
    writeFileSync(recordOf(repository), change(readFileSync(recordOf(repository), "utf8")));
    const second = await audit(repository);
    expect(findingsOf(second)).toEqual(findingsOf(first));
    expect(second.notices.map(({ code }) => code)).toContain("cache-unusable");
    expect(objectsRead(second)).toBe(objectsRead(first));
    expect((await audit(repository)).notices.map(({ code }) => code)).not.toContain(
      "cache-unusable",
    );
  });

  it("is not believed when somebody else has written it", async () => {
    const repository = leakyRepository();
    const first = await audit(repository);
    // The repository comes with its git directory to somebody with a secret of his own.
    vi.stubEnv("XDG_CACHE_HOME", temporaryFolder());
    const elsewhere = await audit(repository);
    expect(objectsRead(elsewhere)).toBe(objectsRead(first));
    expect(findingsOf(elsewhere)).toEqual(findingsOf(first));
  });

  it("lies in the user's own folder when the repository cannot be written to", async () => {
    const repository = leakyRepository();
    const first = await audit(repository);
    rmSync(join(repository.path, ".git", "dashleaks"), { recursive: true });
    writeFileSync(join(repository.path, ".git", "dashleaks"), "in the way");
    await audit(repository);
    const second = await audit(repository);
    expect(objectsRead(second)).toBe(3);
    expect(findingsOf(second)).toEqual(findingsOf(first));
  });

  it("survives two runs at once", async () => {
    const repository = leakyRepository();
    const [one, other] = await Promise.all([audit(repository), audit(repository)]);
    expect(findingsOf(one)).toEqual(findingsOf(other));
    expect(objectsRead(await audit(repository))).toBe(3);
  });

  it("says nothing of a pack of another size or with another checksum", () => {
    const facts = factsOf(freshRepository());
    const pack = { checksum: "ab".repeat(20), bytes: 1000 };
    const kept = openCleanRecord(facts, "key", process.env);
    kept.record.packWasRead(pack, ["01", "02"], () => null);
    kept.record.objectWasRead("03", false);
    kept.record.objectWasRead("04", true);
    kept.save((oid) => oid === "02" || oid === "04");
    const { record } = openCleanRecord(facts, "key", process.env);
    expect(record.lookAgain(pack)).toEqual(["02"]);
    expect(record.lookAgain({ ...pack, bytes: 1001 })).toBeNull();
    expect(record.lookAgain({ ...pack, checksum: "cd".repeat(20) })).toBeNull();
    expect([record.isClean("03"), record.isClean("04")]).toEqual([true, false]);
    expect(openCleanRecord(facts, "other", process.env).record.lookAgain(pack)).toBeNull();
  });

  it("is told of every pack, and of every object that lies by itself", async () => {
    const repository = leakyRepository();
    const told: string[] = [];
    await readFast(repository, {
      record: {
        lookAgain: () => null,
        isClean: () => false,
        packWasRead: ({ checksum }) => told.push(checksum),
        objectWasRead: (oid) => told.push(oid),
      },
    });
    expect(told.length).toBe(2 + 3);
  });
});

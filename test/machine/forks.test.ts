// Repositories that share objects but not packs: in one run each object is read once, and what is found
// is what runs of their own would find.
import { createHash } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sharedRecord } from "../../src/cache/shared-record.js";
import { mergeReports, publish, scan } from "../../src/index.js";
import { plantForest } from "../../src/sources/packs/delta-forest.js";
import { readEntryHeaders } from "../../src/sources/packs/entry-headers.js";
import { idOf, makeEntryTable } from "../../src/sources/packs/entry-table.js";
import { closePack, openPack } from "../../src/sources/packs/pack-file.js";
import { lookUp } from "../../src/sources/packs/standings.js";
import type { SortedIds } from "../../src/model/sorted-ids.js";
import { adversarialPack } from "../support/adversarial-pack.js";
import { mint } from "../support/mint.js";
import { installPack, readFast } from "../support/oracle.js";
import { plantedHistory } from "../support/planted-history.js";
import { randomFrom } from "../support/random.js";
import { freshRepository, openRepository, type TestRepository } from "../support/repository.js";

const shared = mint("payg-compact");

/** A packed history in which keys come and go, and one key in a file that stays. */
function origin(commits = 150, ...init: string[]): TestRepository {
  const repository = freshRepository(...init);
  repository.gitWithInput(plantedHistory(7, 12, commits), "fast-import", "--quiet");
  repository.git("reset", "-q", "--hard", "main");
  repository.commit({ "shared.env": `DASHSCOPE_API_KEY=${shared}\n` });
  repository.git("repack", "-q", "-adf", "--depth=50", "--window=20");
  return repository;
}

/** A clone with commits of its own, packed in another way. */
function forkOf(repository: TestRepository, window: number): TestRepository {
  const path = `${repository.path}-fork-${window}`;
  repository.git("clone", "-q", "--no-local", repository.path, path);
  const fork = openRepository(path);
  const file = `f${window % 12}.txt`;
  for (let version = 0; version < 8; version++) {
    const text = fork.git("show", `HEAD:${file}`).split("\n");
    const key = version === 3 ? mint("payg-legacy") : "none";
    text.splice(version * 2, 1, `fork ${window} ${version} DASHSCOPE_API_KEY=${key}`);
    fork.commit({ [file]: `${text.join("\n")}\n` });
  }
  fork.git("repack", "-q", "-adf", "--depth=30", `--window=${window}`);
  return fork;
}

function packOf(repository: TestRepository): string {
  const folder = join(repository.path, ".git/objects/pack");
  const [index = "", second] = readdirSync(folder).filter((name) => name.endsWith(".idx"));
  expect(second).toBeUndefined();
  return join(folder, index);
}

function idsIn(repository: TestRepository): Set<string> {
  const args = ["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"];
  return new Set(repository.git(...args).split("\n"));
}

/** Ids with a digest of each content, sorted. */
function digests(given: ReadonlyMap<string, Buffer>): string[] {
  return [...given]
    .map(([oid, bytes]) => `${oid} ${createHash("sha1").update(bytes).digest("hex")}`)
    .sort();
}

/** Reads repositories one after another, as one run does; what each time was counted. */
async function readInTurn(
  repositories: readonly TestRepository[],
  worthALook: (oid: string) => boolean = () => false,
) {
  const share = sharedRecord();
  const answers = [];
  for (const repository of repositories) {
    const part = share.forRepository(null, "sha1");
    answers.push(await readFast(repository, { record: part.record }));
    part.done(worthALook);
  }
  return { answers, next: share.forRepository(null, "sha1") };
}

describe("forks that are packed differently", () => {
  it("are read but for what is new in them", async () => {
    const first = origin();
    const fork = forkOf(first, 5);
    const [before, after] = [idsIn(first), idsIn(fork)];
    const news = [...after].filter((oid) => !before.has(oid));
    const { answers } = await readInTurn([first, fork]);
    expect(answers.map(({ objects }) => objects)).toEqual([before.size, after.size]);
    expect(news.length).toBeLessThan(after.size / 3);
    const given = [...(answers[1]?.given.keys() ?? [])];
    expect(given.length).toBeGreaterThan(0);
    expect(given.filter((oid) => before.has(oid))).toEqual([]);
  });

  it("are not read at all when nothing is new in them", async () => {
    const first = origin();
    const path = `${first.path}-copy`;
    first.git("clone", "-q", "--no-local", first.path, path);
    const copy = openRepository(path);
    copy.git("repack", "-q", "-adf", "--depth=10", "--window=3");
    expect(readFileSync(packOf(copy))).not.toEqual(readFileSync(packOf(first)));
    // A byte of an entry that nobody reads may be anything.
    const pack = packOf(copy).replace(/idx$/u, "pack");
    const bytes = readFileSync(pack);
    chmodSync(pack, 0o644);
    writeFileSync(pack, bytes.fill(0xff, 100, bytes.length - 100));
    const { answers } = await readInTurn([first, copy]);
    expect(answers[1]).toMatchObject({ notices: [], handedOver: [] });
    expect(answers[1]?.objects).toBe(idsIn(first).size);
  });

  it("give again, in each, the objects in which something was found", async () => {
    const first = origin();
    const fork = forkOf(first, 5);
    const alone = await readFast(fork);
    const { answers } = await readInTurn([first, fork], (oid) => oid < "8");
    const [, again] = answers;
    const sorted = (ids: Iterable<string>): string[] => [...ids].sort();
    const before = idsIn(first);
    expect(sorted(again?.given.keys() ?? [])).toEqual(
      sorted([...alone.given.keys()].filter((oid) => oid < "8" || !before.has(oid))),
    );
    expect(sorted(again?.given.keys() ?? []).length).toBeGreaterThan(20);
  });

  it("have only that expanded which is new, and what it is built on", async () => {
    const first = origin();
    const fork = forkOf(first, 5);
    const before = idsIn(first);
    const { next } = await readInTurn([first]);
    const file = openPack(packOf(fork), 20);
    try {
      const { standings } = lookUp([file], new Set([file]), { lists: [] }, next.record);
      const { table } = makeEntryTable([file], standings);
      for (const pack of table.packs) readEntryHeaders(table, pack, 0, file.objects);
      const { roots, unresolved } = plantForest(table);
      const expanded: number[] = [...roots];
      for (let at = 0; at < expanded.length; at++) {
        const row = expanded[at] ?? 0;
        const to = table.firstChild[row + 1] ?? 0;
        expanded.push(...table.children.subarray(table.firstChild[row] ?? 0, to));
      }
      // git's own account of what is built on what.
      const bases = new Map<string, string | undefined>();
      for (const line of fork.git("verify-pack", "-v", packOf(fork)).split("\n")) {
        const [oid = "", type, , , , , base] = line.split(/\s+/u);
        if (/^(?:commit|tree|blob|tag)$/u.test(type ?? "")) bases.set(oid, base);
      }
      const needed = new Set<string>();
      for (const oid of bases.keys()) {
        if (before.has(oid)) continue;
        for (let at: string | undefined = oid; at !== undefined; at = bases.get(at)) needed.add(at);
      }
      expect(unresolved).toEqual([]);
      expect(expanded.map((row) => idOf(table, row)).sort()).toEqual([...needed].sort());
      expect(needed.size).toBeLessThan(file.objects / 3);
    } finally {
      closePack(file);
    }
  });

  it("say by one run what runs of their own say, coverage included", async () => {
    const first = origin(20);
    const forks = [forkOf(first, 5), forkOf(first, 9)];
    forks[1]?.commit({ "loose.env": `DASHSCOPE_API_KEY=${shared}\n# loose\n` });
    const paths = [first, ...forks].map(({ path }) => path);
    const options = { paths, cache: false, threads: 2 };
    const together = publish(await scan(options));
    const alone = await Promise.all(
      [1, 2, 3].map(async (index) =>
        publish(await scan({ ...options, shard: { index, count: 3 } })),
      ),
    );
    const { keys, notices, coverage, complete } = mergeReports(alone);
    expect(together).toMatchObject({ keys, notices, coverage, complete });
    const places = together.keys
      .filter(({ masked }) => masked.endsWith(shared.slice(-4)))
      .flatMap((key) => key.places.filter(({ kind }) => kind === "commit"));
    expect(new Set(places.map(({ repository }) => repository)).size).toBe(3);
  });

  it.each([0.1, 0.5, 0.9, 0.99])(
    "give of any pack what is not known, with %f of it known, as if nothing were",
    async (share) => {
      for (const seed of [3, 4, 5]) {
        const repository = freshRepository();
        installPack(repository, adversarialPack(seed, 3000));
        const alone = await readFast(repository);
        const random = randomFrom(seed);
        const known = new Set(
          [...idsIn(repository)].filter(() => random.below(1000) < share * 1000),
        );
        const sizesOf = (ids: SortedIds): Uint32Array =>
          Uint32Array.from({ length: ids.count }, (_, place) =>
            known.has(Buffer.from(ids.slice(place, place + 1)).toString("hex")) ? 1 : 0,
          );
        const record = {
          lookAgain: () => null,
          isClean: () => false,
          knownElsewhere: (ids: SortedIds) => ({ sizes: sizesOf(ids), counts: false }),
          packWasRead: () => undefined,
          objectWasRead: () => undefined,
        };
        for (const threads of [1, 2]) {
          const rest = await readFast(repository, { record, threads });
          const expected = digests(alone.given).filter((line) => !known.has(line.slice(0, 40)));
          expect(digests(rest.given)).toEqual(expected);
          expect([rest.objects, rest.notices, rest.handedOver]).toEqual([
            3000 - known.size,
            [],
            [],
          ]);
          expect(expected.length).toBeGreaterThan(0);
        }
      }
    },
  );

  it("of another object format share nothing, and break nothing", async () => {
    const first = origin(20);
    const other = origin(20, "--object-format=sha256");
    const options = { paths: [first.path, other.path], cache: false, threads: 1 };
    const { coverage, complete } = await scan({ ...options, scope: { kind: "history" } });
    expect(complete).toBe(true);
    expect(coverage.objects).toBe(idsIn(first).size + idsIn(other).size);
  });

  it("are read anew when the ids would take too much room", async () => {
    const first = origin();
    const share = sharedRecord(1000);
    for (let turn = 0; turn < 2; turn++) {
      const part = share.forRepository(null, "sha1");
      const { objects } = await readFast(turn === 0 ? first : forkOf(first, 5), part);
      expect(objects).toBeGreaterThanOrEqual(idsIn(first).size);
      part.done(() => false);
    }
  });

  it("are read anew when their index is damaged, which could give anything a known name", async () => {
    const first = origin();
    const fork = forkOf(first, 5);
    const index = packOf(fork);
    const bytes = readFileSync(index);
    chmodSync(index, 0o644);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(index, bytes);
    const { answers } = await readInTurn([first, fork]);
    expect(answers[1]?.given.size).toBe((await readFast(fork)).given.size);
  });
});

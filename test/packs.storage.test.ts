// Whatever way a repository stores its objects, the fast reader reads all of them itself.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { expandAll, factsOf, installPack, placesInAll, readFast } from "./support/oracle.js";
import { encodeDelta, objectId, packIndex, packWriter } from "./support/pack-writer.js";
import { plantedHistory } from "./support/planted-history.js";
import { randomFrom } from "./support/random.js";
import {
  freshRepository,
  openRepository,
  temporaryFolder,
  type TestRepository,
} from "./support/repository.js";

/** The beginning of a key: enough for a witness. */
const start = "sk-0123abcd";

function objectsFolder(repository: TestRepository): string {
  return join(factsOf(repository).commonDirectory, "objects");
}

/** How the fast reader differs from full expansion; nothing, if it read everything itself. */
async function differences(
  repository: TestRepository,
  options: Parameters<typeof readFast>[1] = {},
): Promise<string[]> {
  const truth = expandAll(repository.path);
  const places = placesInAll(truth);
  const { given, notices, handedOver } = await readFast(repository, options);
  const found = new Set(placesInAll(given));
  return [
    ...(places.length === 0 ? ["there is nothing to find"] : []),
    ...places.filter((place) => !found.delete(place)).map((place) => `missed ${place}`),
    ...[...found].map((place) => `made up ${place}`),
    ...[...given].flatMap(([oid, bytes]) =>
      truth.get(oid)?.equals(bytes) ? [] : [`changed ${oid}`],
    ),
    ...notices.map(({ message }) => message),
    ...handedOver.flatMap((ids) => [...(ids ?? ["all"])].map((oid) => `left ${oid} to git`)),
  ];
}

/** A repository whose commits put a key in, move it and take it out. */
function smallHistory(...initArguments: string[]): TestRepository {
  const repository = freshRepository(...initArguments);
  const filler = Array.from({ length: 200 }, (_, at) => `line ${at}`).join("\n");
  repository.commit({ "a.txt": filler, "b.txt": "nothing" });
  repository.commit({ "a.txt": `${filler}\nkey ${start}99\n` });
  repository.commit({ "a.txt": `key ${start}99\n${filler}`, [`${start}.txt`]: "a name" });
  repository.commit({ "a.txt": filler }, `took out ${start}77`);
  repository.git("tag", "-a", "v1", "-m", `tagged ${start}55`);
  return repository;
}

describe("the fast reader reads", () => {
  it("blobs, commits, tags and the names in trees", async () => {
    const repository = smallHistory();
    repository.git("gc", "-q");
    expect(await differences(repository)).toEqual([]);
    const { types } = await readFast(repository);
    expect(new Set(types.values())).toEqual(new Set(["blob", "commit", "tag", "tree"]));
  });

  it("loose objects", async () => {
    const repository = smallHistory();
    expect(await differences(repository)).toEqual([]);
  });

  it("thousands of loose objects with several threads", async () => {
    const repository = freshRepository();
    const texts = Array.from(
      { length: 2500 },
      (_, at) => `text ${at} ${at % 50 === 0 ? start : ""}`,
    );
    const stream = texts.map((text) => `blob\ndata ${text.length}\n${text}\n`).join("");
    repository.gitWithInput(stream, "-c", "fastimport.unpackLimit=10000", "fast-import", "--quiet");
    expect((await readFast(repository)).objects).toBe(2500);
    expect(await differences(repository, { threads: 3 })).toEqual([]);
  });

  it("several packs and loose objects that hold the same objects, each once", async () => {
    const repository = smallHistory();
    repository.git("repack", "-q");
    repository.commit({ "c.txt": `other ${start}` });
    repository.git("repack", "-q");
    // The first pack once more under another name, and everything loose again.
    const folder = join(objectsFolder(repository), "pack");
    const pack = readdirSync(folder).find((name) => name.endsWith(".pack")) ?? "";
    const aside = temporaryFolder();
    copyFileSync(join(folder, pack), join(aside, "copy.pack"));
    repository.git("repack", "-a", "-q");
    rmSync(join(folder, pack), { force: true });
    execFileSync("sh", ["-c", `git unpack-objects -q < ${join(aside, "copy.pack")}`], {
      cwd: repository.path,
    });
    rmSync(join(folder, pack.replace(/pack$/u, "idx")), { force: true });
    rmSync(join(folder, pack.replace(/pack$/u, "rev")), { force: true });
    expect(await differences(repository)).toEqual([]);
  });

  it("packs beside a multi-pack-index, kept packs and cruft packs", async () => {
    const repository = smallHistory();
    repository.git("repack", "-q");
    const [kept = ""] = readdirSync(join(objectsFolder(repository), "pack"));
    writeFileSync(join(objectsFolder(repository), "pack", kept.replace(/\.\w+$/u, ".keep")), "");
    const lost = repository.commit({ "lost.txt": `lost ${start}` });
    repository.commit({ "lost.txt": "again" });
    repository.git("reset", "-q", "--hard", `${lost}~1`);
    repository.git("reflog", "expire", "--expire=all", "--all");
    repository.git("repack", "-q", "-d", "--cruft");
    repository.git("multi-pack-index", "write");
    expect(expandAll(repository.path).has(lost)).toBe(true);
    expect(await differences(repository)).toEqual([]);
  });

  it("an index of version 1", async () => {
    const repository = smallHistory();
    repository.git("-c", "pack.indexVersion=1", "repack", "-q", "-a", "-d");
    expect(await differences(repository)).toEqual([]);
  });

  it("a repository with SHA-256", async () => {
    const repository = smallHistory("--object-format=sha256");
    expect(await differences(repository)).toEqual([]);
    repository.git("repack", "-q", "-a", "-d", "-f");
    expect(await differences(repository)).toEqual([]);
  });

  it("a history repacked the hard way", async () => {
    const repository = freshRepository("--bare");
    const stream = plantedHistory(7, 100, 2500);
    repository.gitWithInput(stream, "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet");
    expect(await differences(repository)).toEqual([]);
    repository.git("-c", "pack.threads=1", "gc", "-q", "--aggressive", "--prune=now");
    expect(await differences(repository)).toEqual([]);
    repository.git("repack", "-q", "-a", "-d", "-f", "--depth=4000", "--window=20");
    expect(await differences(repository)).toEqual([]);
  });

  it("a chain of 4 000 deltas on a large file, without holding them all", async () => {
    const repository = freshRepository("--bare");
    const random = randomFrom(3);
    const base = Buffer.alloc(200_000, "some text. ");
    const writer = packWriter();
    let at = writer.add({ type: "blob", raw: base });
    for (let depth = 1; depth <= 4000; depth++) {
      const insert = Buffer.from(depth === 3999 ? `${start}!` : random.hex(12));
      const raw = encodeDelta(base.length, base.length, [
        { copy: { from: 0, length: base.length - 12 } },
        { insert },
      ]);
      at = writer.add({ type: "offsetDelta", base: at, raw });
    }
    installPack(repository, writer.finish());
    const before = process.memoryUsage().rss;
    const answer = await readFast(repository);
    expect(answer.given.size).toBe(1);
    expect(answer.objects).toBe(4001);
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });

  it("what is borrowed from alternates: nested, relative, and of each other", async () => {
    const [first, second, third] = [smallHistory(), freshRepository(), freshRepository()];
    second.commit({ "own.txt": `second ${start}` });
    const borrow = (from: TestRepository, line: string): void => {
      const info = join(objectsFolder(from), "info");
      mkdirSync(info, { recursive: true });
      writeFileSync(join(info, "alternates"), `# borrowed\n${line}\n`);
    };
    borrow(third, relative(objectsFolder(third), objectsFolder(second)));
    borrow(second, objectsFolder(first));
    expect(await differences(third)).toEqual([]);
    borrow(first, objectsFolder(third));
    const answer = await readFast(third);
    expect(answer.notices).toEqual([]);
    expect(placesInAll(answer.given)).toEqual(placesInAll((await readFast(first)).given));
  });

  it("says when what it should borrow is not there", async () => {
    const repository = smallHistory();
    writeFileSync(join(objectsFolder(repository), "info", "alternates"), "/nowhere/objects\n");
    const { notices } = await readFast(repository);
    expect(notices).toMatchObject([{ subject: "/nowhere/objects", incomplete: true }]);
  });

  it("what lies between two halves of a clone that was cut short or filtered", async () => {
    const origin = smallHistory();
    origin.git("config", "uploadpack.allowFilter", "true");
    for (const option of ["--depth=1", "--filter=blob:none"]) {
      const path = join(temporaryFolder(), "clone");
      execFileSync("git", ["clone", "-q", "--bare", option, `file://${origin.path}`, path]);
      const clone = openRepository(path);
      const answer = await readFast(clone);
      expect(answer.notices).toEqual([]);
      expect(answer.handedOver).toEqual([]);
      const stored = clone.git(
        "-c",
        "protocol.allow=never",
        "cat-file",
        "--batch-check",
        "--batch-all-objects",
      );
      expect(answer.objects).toBe(stored.split("\n").length);
    }
  });

  it("everything, though the repository is repacked while it is read", async () => {
    const repository = smallHistory();
    repository.git("repack", "-q");
    repository.commit({ "c.txt": `loose ${start}` });
    const truth = placesInAll(expandAll(repository.path));
    let repacked = false;
    const answer = await readFast(repository, {
      // Asked for before anything is read, when all is listed.
      signal: Object.assign(new AbortController().signal, {
        throwIfAborted: () => {
          if (repacked) return;
          repacked = true;
          repository.git("repack", "-q", "-a", "-d");
          repository.git("prune-packed");
        },
      }),
    });
    expect(repacked).toBe(true);
    expect(answer.notices).toEqual([]);
    expect(placesInAll(answer.given)).toEqual(truth);
  });

  it("entries that lie beyond two and beyond four gigabytes", async () => {
    const repository = freshRepository("--bare");
    const writer = packWriter();
    const near = Buffer.from(`near ${start}`);
    writer.add({ type: "blob", raw: near });
    const nearId = objectId("blob", near);
    const far = [2 ** 31 + 5, 2 ** 32 + 7].map((at) => {
      const content = Buffer.from(`at ${at} ${start}`);
      const one = packWriter();
      one.add({ type: "blob", raw: content });
      return { at, id: objectId("blob", content), entry: one.finish().subarray(12, -20) };
    });
    const path = join(objectsFolder(repository), "pack", "pack-far.pack");
    const head = writer.finish().subarray(0, -20);
    head.writeUInt32BE(3, 8);
    writeFileSync(path, head);
    const last = far.at(-1);
    if (last === undefined) throw new Error("nothing far");
    for (const { at, entry } of far) writeAt(path, entry, at);
    writeAt(path, Buffer.alloc(20, 1), last.at + last.entry.length);
    writeFileSync(
      path.replace(/pack$/u, "idx"),
      packIndex(
        [{ id: nearId, start: 12 }, ...far.map(({ at, id }) => ({ id, start: at }))],
        Buffer.alloc(20, 1),
      ),
    );
    const answer = await readFast(repository);
    // What follows the other two is not an entry: git has to say what that is worth.
    expect([...answer.given.keys()]).toEqual([last.id]);
    expect(answer.handedOver).toEqual([new Set([nearId, far[0]?.id])]);
  });

  it("a delta whose base is in another pack, through git", async () => {
    const repository = freshRepository("--bare");
    const base = Buffer.alloc(500, "base ");
    repository.gitWithInput(base, "hash-object", "-w", "--stdin");
    const content = Buffer.concat([base.subarray(0, 400), Buffer.from(start)]);
    const writer = packWriter();
    const raw = encodeDelta(base.length, content.length, [
      { copy: { from: 0, length: 400 } },
      { insert: Buffer.from(start) },
    ]);
    const at = writer.add({ type: "namedDelta", base: objectId("blob", base), raw });
    const pack = writer.finish();
    const path = join(objectsFolder(repository), "pack", "pack-thin.pack");
    writeFileSync(path, pack);
    const id = objectId("blob", content);
    writeFileSync(path.replace(/pack$/u, "idx"), packIndex([{ id, start: at }], pack));
    const answer = await readFast(repository);
    expect(answer.handedOver).toEqual([new Set([id])]);
  });

  it("a blob too large for memory, in chunks", async () => {
    const repository = freshRepository("--bare");
    // More than a string, or an array of doubles, may hold.
    const bytes = 530 << 20;
    const content = Buffer.alloc(bytes, "0123456789 ");
    // Across the border of two pieces, and at the very end.
    content.write(start, (20 << 20) - 5, "latin1");
    content.write(start, bytes - start.length, "latin1");
    const writer = packWriter();
    writer.add({ type: "blob", raw: content }, { level: 1, strategy: 0 });
    writer.add({ type: "blob", raw: content.subarray(0, 60 << 20) }, { level: 1, strategy: 0 });
    writer.add({ type: "blob", raw: content.subarray(0, 19 << 20) }, { level: 1, strategy: 0 });
    installPack(repository, writer.finish());
    const answer = await readFast(repository);
    expect(answer.objects).toBe(3);
    expect(answer.handedOver).toEqual([]);
    expect(new Set([...answer.given.values()].map(({ length }) => length))).toEqual(
      new Set([60 << 20, bytes]),
    );
    expect(answer.given.get(objectId("blob", content))?.equals(content)).toBe(true);
  });

  it("a large loose blob", async () => {
    const repository = freshRepository("--bare");
    const content = Buffer.alloc(50 << 20, "abcdefgh ");
    content.write(start, 1 << 20, "latin1");
    const oid = repository.gitWithInput(
      content,
      "-c",
      "core.compression=1",
      "hash-object",
      "-w",
      "--stdin",
    );
    const answer = await readFast(repository);
    expect(answer.given.get(oid)?.equals(content)).toBe(true);
  });
});

function writeAt(path: string, bytes: Uint8Array, at: number): void {
  execFileSync(
    "dd",
    [`of=${path}`, `seek=${at}`, "oflag=seek_bytes", "conv=notrunc", "status=none"],
    {
      input: bytes,
    },
  );
}

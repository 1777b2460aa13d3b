// Packs and objects that are broken or lie: the fast reader neither fails, hangs nor calls clean what
// it could not read.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { adversarialPack } from "./support/adversarial-pack.js";
import {
  expandAll,
  factsOf,
  installPack,
  readFast,
  testWitnesses,
  witnessPlaces,
  type FastAnswer,
} from "./support/oracle.js";
import {
  encodeDelta,
  objectId,
  packIndex,
  packWriter,
  type PackEntry,
} from "./support/pack-writer.js";
import { randomFrom, type Random } from "./support/random.js";
import { freshRepository, type TestRepository } from "./support/repository.js";

const start = "sk-0123abcd";
const base = Buffer.from("The quick brown fox jumps over the lazy dog.");

const copy = (from: number, length: number): { copy: { from: number; length: number } } => ({
  copy: { from, length },
});
const whole = [copy(0, base.length), { insert: Buffer.from(start) }];
const right = encodeDelta(base.length, base.length + start.length, whole);
const blob = Buffer.from(`a blob with ${start}`);

/** Entries that are wrong in one way each; `12` is where the sound base lies. */
const wrong: Readonly<Record<string, PackEntry>> = {
  "states a larger size than it has": { type: "blob", raw: blob, statedSize: blob.length + 1 },
  "states a smaller size than it has": { type: "blob", raw: blob, statedSize: blob.length - 1 },
  "states an absurd size": { type: "blob", raw: blob, statedSize: 2 ** 44 },
  "states a size that compression can reach but memory not": {
    type: "blob",
    raw: blob,
    statedSize: blob.length * 1000,
  },
  "is compressed with a wrong checksum": {
    type: "blob",
    raw: blob,
    compressed: Buffer.concat([deflateSync(blob).subarray(0, -4), Buffer.alloc(4)]),
  },
  "is cut": { type: "blob", raw: blob, compressed: deflateSync(blob).subarray(0, -3) },
  "has something behind it": {
    type: "blob",
    raw: blob,
    compressed: Buffer.concat([deflateSync(blob), Buffer.from("x")]),
  },
  "is not compressed at all": { type: "blob", raw: blob, compressed: blob },
  "is empty": { type: "blob", raw: blob, compressed: Buffer.alloc(0) },
  "is a delta without a base": { type: "offsetDelta", base: 13, raw: right },
  "is a delta on what lies before the pack": { type: "offsetDelta", base: -5000, raw: right },
  "is a delta on an object that is not there": {
    type: "namedDelta",
    base: "ab".repeat(20),
    raw: right,
  },
  "is a delta for a base of another size": {
    type: "offsetDelta",
    base: 12,
    raw: encodeDelta(base.length + 1, base.length + start.length, whole),
  },
  "is a delta with a result of another size": {
    type: "offsetDelta",
    base: 12,
    raw: encodeDelta(base.length, 2 ** 40, whole),
  },
  "is a delta that copies from behind its base": {
    type: "offsetDelta",
    base: 12,
    raw: encodeDelta(base.length, 10 + start.length, [
      copy(40, 10),
      { insert: Buffer.from(start) },
    ]),
  },
  "is a delta that copies from gigabytes away": {
    type: "offsetDelta",
    base: 12,
    raw: encodeDelta(base.length, 16, [copy(0xfffffff0, 16)]),
  },
  "is a delta with the reserved instruction": {
    type: "offsetDelta",
    base: 12,
    raw: Buffer.concat([right, Buffer.alloc(1)]),
  },
  "is a delta that ends within an instruction": {
    type: "offsetDelta",
    base: 12,
    raw: right.subarray(0, -4),
  },
  "is a delta that ends within a copy": {
    type: "offsetDelta",
    base: 12,
    raw: Buffer.concat([right, Buffer.from([0xff])]),
  },
  "is a delta without sizes": { type: "offsetDelta", base: 12, raw: Buffer.alloc(30, 0xff) },
  "is an empty delta": { type: "offsetDelta", base: 12, raw: Buffer.alloc(0) },
};

/** Writes a pack with an index that names its entries as told, right or not. */
function install(
  repository: TestRepository,
  pack: Buffer,
  entries: readonly { id: string; start: number }[],
): void {
  const folder = join(factsOf(repository).commonDirectory, "objects", "pack");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "pack-odd.pack"), pack);
  writeFileSync(join(folder, "pack-odd.idx"), packIndex(entries, pack));
}

describe("an object that", () => {
  it.each(Object.keys(wrong))("%s is left to git, and all others are read", async (name) => {
    const entry = wrong[name];
    if (entry === undefined) throw new Error(name);
    const repository = freshRepository("--bare");
    const writer = packWriter();
    const good = Buffer.from(`a sound one with ${start}`);
    const oddId = "cd".repeat(20);
    const onOdd = "ce".repeat(20);
    const entries = [
      { id: objectId("blob", base), start: writer.add({ type: "blob", raw: base }) },
    ];
    const odd = writer.add(entry);
    entries.push({ id: oddId, start: odd });
    entries.push({ id: onOdd, start: writer.add({ type: "offsetDelta", base: odd, raw: right }) });
    entries.push({ id: objectId("blob", good), start: writer.add({ type: "blob", raw: good }) });
    install(repository, writer.finish(), entries);
    const answer = await readFast(repository);
    expect([...answer.given.keys()]).toEqual([objectId("blob", good)]);
    expect(answer.handedOver).toEqual([new Set([oddId, onOdd])]);
  });

  it("is built on itself, or in a ring, is left to git", async () => {
    const repository = freshRepository("--bare");
    const writer = packWriter();
    const ids = ["aa", "bb", "cc", "dd"].map((byte) => byte.repeat(20));
    const on = [0, 2, 1, 2];
    const entries = ids.map((id, at) => ({
      id,
      start: writer.add({ type: "namedDelta", base: ids[on[at] ?? 0] ?? "", raw: right }),
    }));
    install(repository, writer.finish(), entries);
    const answer = await readFast(repository);
    expect(answer.handedOver).toEqual([new Set(ids)]);
  });

  it("lies before what it is built on is read all the same", async () => {
    const repository = freshRepository("--bare");
    const writer = packWriter();
    const result = Buffer.concat([base, Buffer.from(start)]);
    const raw = right;
    const first = writer.add({ type: "namedDelta", base: objectId("blob", base), raw });
    const second = writer.add({ type: "blob", raw: base });
    install(repository, writer.finish(), [
      { id: objectId("blob", result), start: first },
      { id: objectId("blob", base), start: second },
    ]);
    const answer = await readFast(repository);
    expect([...answer.given.values()]).toEqual([result]);
    expect(answer.handedOver).toEqual([]);
  });
});

describe("a pack that", () => {
  function sound(): { repository: TestRepository; path: string; ids: Set<string> } {
    const repository = freshRepository("--bare");
    const path = installPack(repository, adversarialPack(5, 30));
    chmodSync(path, 0o644);
    chmodSync(path.replace(/pack$/u, "idx"), 0o644);
    return { repository, path, ids: new Set(expandAll(repository.path).keys()) };
  }

  it("is of an unknown version is left to git, and said to be", async () => {
    const { repository, path, ids } = sound();
    const bytes = readFileSync(path);
    bytes[7] = 4;
    writeFileSync(path, bytes);
    const answer = await readFast(repository);
    expect(answer.handedOver).toEqual([ids]);
    expect(answer.notices).toMatchObject([{ code: "fallback-reader", incomplete: false }]);
  });

  it("has an index of unknown version or no index is reported as not scanned", async () => {
    const { repository, path } = sound();
    const index = path.replace(/pack$/u, "idx");
    const bytes = readFileSync(index);
    bytes[7] = 3;
    writeFileSync(index, bytes);
    expect((await readFast(repository)).notices).toMatchObject([{ incomplete: true }]);
    rmSync(index);
    expect((await readFast(repository)).notices).toMatchObject([
      { subject: path, incomplete: true },
    ]);
  });

  it("is gone while its index is there is reported as not scanned", async () => {
    const { repository, path } = sound();
    rmSync(path);
    expect((await readFast(repository)).notices).toMatchObject([
      { code: "corrupt-pack", incomplete: true },
    ]);
  });

  it("holds an object that its index hides is reported", async () => {
    const { repository, path } = sound();
    const bytes = readFileSync(path);
    bytes.writeUInt32BE(31, 8);
    writeFileSync(path, bytes);
    expect((await readFast(repository)).notices).toMatchObject([{ incomplete: true }]);
  });

  it("is told by its index to hold two objects of one id is reported, and the same one twice is not", async () => {
    const other = Buffer.from(`another blob with ${start}`);
    for (const [second, notices] of [
      [other, [{ code: "corrupt-pack", incomplete: true }]],
      [blob, []],
    ] as const) {
      const repository = freshRepository("--bare");
      const writer = packWriter();
      const starts = [blob, second].map((raw) => writer.add({ type: "blob", raw }));
      const id = objectId("blob", blob);
      const entries = starts.map((at) => ({ id, start: at }));
      install(repository, writer.finish(), entries);
      const answer = await readFast(repository);
      expect(answer.given.get(id)).toEqual(blob);
      expect(answer.notices).toMatchObject(notices);
      expect(answer.notices).toHaveLength(notices.length);
    }
  });

  it("is damaged anywhere is never called clean for what could not be read", async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = randomFrom(seed);
      const repository = freshRepository("--bare");
      const path = installPack(repository, adversarialPack(seed, 60));
      const files = [path, path.replace(/pack$/u, "idx")].map((file) => {
        chmodSync(file, 0o644);
        return { file, bytes: readFileSync(file) };
      });
      const keys = [...expandAll(repository.path)].filter(
        ([, bytes]) => witnessPlaces(bytes, testWitnesses).length > 0,
      );
      for (let round = 0; round < 80; round++) {
        for (const { file, bytes } of files) writeFileSync(file, bytes);
        // The index seldom: most damage there is seen at once.
        const { file, bytes } = random.oneIn(6)
          ? (files[1] ?? random.pick(files))
          : (files[0] ?? random.pick(files));
        writeFileSync(file, damaged(bytes, random));
        const answer = await readFast(repository);
        const given = [...answer.given.values()];
        // Damage to the index may give an object another id; that it is given is what counts.
        const missed = keys.filter(
          ([oid, content]) =>
            !isAccountedFor(oid, answer) && !given.some((each) => each.equals(content)),
        );
        for (const [oid] of missed) expect(gitSays(repository, oid), `seed ${seed}`).toBe("clean");
      }
    }
  });
});

describe("a loose object that", () => {
  it("is damaged anywhere is never called clean", async () => {
    const random = randomFrom(11);
    for (let round = 0; round < 600; round++) {
      const repository = freshRepositoryOnce();
      const content = Buffer.from(`${"text ".repeat(random.below(300))}${start}`);
      const oid = objectId("blob", content);
      const folder = join(repository.path, "objects", oid.slice(0, 2));
      mkdirSync(folder, { recursive: true });
      const file = join(folder, oid.slice(2));
      const stored = deflateSync(Buffer.concat([Buffer.from(`blob ${content.length}\0`), content]));
      writeFileSync(file, damaged(stored, random));
      const answer = await readFast(repository);
      rmSync(file);
      expect(isAccountedFor(oid, answer)).toBe(true);
    }
  });
});

let shared: TestRepository | undefined;

function freshRepositoryOnce(): TestRepository {
  shared ??= freshRepository("--bare");
  return shared;
}

function isAccountedFor(oid: string, answer: FastAnswer): boolean {
  return (
    answer.given.has(oid) ||
    answer.handedOver.some((ids) => ids === null || ids.has(oid)) ||
    answer.notices.some(({ incomplete }) => incomplete)
  );
}

/** Damage may leave another object in an object's place; git, which checks no more, then agrees. */
function gitSays(repository: TestRepository, oid: string): string {
  try {
    const content = execFileSync("git", ["-C", repository.path, "cat-file", "blob", oid], {
      stdio: "pipe",
    });
    return witnessPlaces(content, testWitnesses).length > 0 ? "a key" : "clean";
  } catch {
    return "unreadable";
  }
}

function damaged(sound: Buffer, random: Random): Buffer {
  const bytes = Buffer.from(sound);
  switch (random.below(5)) {
    case 0:
      return bytes.subarray(0, random.below(bytes.length));
    case 1: {
      const at = random.below(bytes.length);
      return bytes.fill(
        random.pick([0, 255]),
        at,
        Math.min(bytes.length, at + 1 + random.below(200)),
      );
    }
    case 2: {
      const at = random.below(bytes.length);
      bytes.copy(bytes, random.below(bytes.length), at, at + random.below(300));
      return bytes;
    }
    default:
      for (let flips = 1 + random.below(random.oneIn(3) ? 40 : 3); flips > 0; flips--) {
        const at = random.below(bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      }
      return bytes;
  }
}

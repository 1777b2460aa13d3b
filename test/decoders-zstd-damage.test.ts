// Many zstd frames that cannot be read: how many of them are tried is counted, so that the work is
// bounded whatever the machine. Frames are written from RFC 8878.
import { describe, expect, it } from "vitest";
import { tarOf, zipOf } from "./support/archives.js";
import { decodeAll, freshBudget } from "./support/decoding.js";
import { mint } from "./support/mint.js";

/** 3.1.1.1: no checksum, no dictionary, and a window of 2^(10+exponent) bytes. */
function frameHeader(exponent: number): Buffer {
  return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, exponent << 3]);
}

/** 3.1.1.2: a block that holds its bytes as they are. */
function rawBlock(content: string, last: boolean): Buffer {
  const header = Buffer.alloc(3);
  header.writeUIntLE((content.length << 3) | (last ? 1 : 0), 0, 3);
  return Buffer.concat([header, Buffer.from(content)]);
}

/** A block of the type that the format reserves: nobody can read on from it. */
const reserved = Buffer.from([0x06, 0, 0]);
const megabytes = 1024 * 1024;
/** What the budget of one document is good for, at 2 MiB for each entry that gave nothing. */
const mostTries = 128;

const broken = {
  "a block that nobody can read": Buffer.concat([frameHeader(13), reserved, Buffer.alloc(32)]),
  "the end missing": Buffer.concat([frameHeader(13), rawBlock("x".repeat(20), false)]),
  "a window of 64 MiB": Buffer.concat([frameHeader(16), rawBlock("x", true), Buffer.alloc(16)]),
  "a content of 1 TiB in one window": Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 1, 0, 0]),
    rawBlock("x", true),
  ]),
} as const;

describe("many zstd entries of a zip", () => {
  it.each(Object.entries(broken))(
    "with %s are tried until the budget is spent, and no more",
    (_, content) => {
      const entries = Array.from({ length: 5000 }, (_none, at) => ({
        name: `${at}`,
        content,
        method: 93 as const,
      }));
      const budget = freshBudget();
      const { notices } = decodeAll(zipOf(entries), 4, budget);
      // One notice for each entry that was tried, and one that the rest was not.
      const tried = notices.filter(({ message }) => /\(zip:\d+\)$/u.test(message)).length;
      expect(tried).toBeGreaterThan(mostTries / 2);
      expect(tried).toBeLessThanOrEqual(mostTries);
      expect(notices.slice(tried)).toMatchObject([{ code: "container-limit", incomplete: true }]);
      expect(budget.bytes).toBe(0);
    },
  );

  it("do not use up the budget when they are whole", () => {
    const frame = Buffer.concat([frameHeader(0), rawBlock(mint("payg-compact"), true)]);
    const entries = Array.from({ length: 5000 }, (_, at) => ({
      name: `${at}`,
      content: frame,
      method: 93 as const,
    }));
    const budget = freshBudget();
    const { views, notices } = decodeAll(zipOf(entries), 1, budget);
    expect([views.length, notices]).toEqual([5000, []]);
    expect(budget.bytes).toBeGreaterThan(250 * megabytes);
  });
});

describe("many zstd files of a tar", () => {
  it("are tried until the budget is spent, and that some are left is told", () => {
    const content = broken["a block that nobody can read"];
    const files = Array.from({ length: 1000 }, (_, at) => ({ name: `${at}.zst`, content }));
    const budget = freshBudget();
    const { notices } = decodeAll(tarOf(files), 4, budget);
    const damaged = notices.filter(({ message }) => message.startsWith("damaged")).length;
    expect(damaged).toBeGreaterThan(mostTries / 2);
    expect(damaged).toBeLessThanOrEqual(mostTries);
    // A few whose window is larger than what is left, and the rest of the tar in one sentence.
    expect(notices.length - damaged).toBeLessThan(10);
    expect(notices.at(-1)).toMatchObject({ code: "container-limit", incomplete: true });
    expect(budget.bytes).toBe(0);
  });
});

describe("one zstd stream", () => {
  const costly = {
    "frames with a window of 32 MiB": Buffer.concat(
      Array.from({ length: 20_000 }, () => Buffer.concat([frameHeader(15), rawBlock("x", true)])),
    ),
    "blocks in a window of 32 MiB": Buffer.concat([
      frameHeader(15),
      ...Array.from({ length: 100_000 }, () => rawBlock("x", false)),
      rawBlock("x", true),
    ]),
    "frames after the first with a window of 1 GiB": Buffer.concat([
      frameHeader(0),
      rawBlock("x", true),
      ...Array.from({ length: 100 }, () => Buffer.concat([frameHeader(20), rawBlock("x", true)])),
    ]),
  } as const;

  it.each(Object.entries(costly))(
    "of many %s pays for them, and ends when it cannot",
    (_, bytes) => {
      const budget = { ...freshBudget(), bytes: 64 * megabytes };
      const { views, notices } = decodeAll(bytes, 1, budget);
      expect(notices).toMatchObject([{ code: "container-limit", incomplete: true }]);
      // A frame of 32 MiB costs 2 MiB and more.
      expect(views.reduce((sum, view) => sum + view.bytes.length, 0)).toBeLessThanOrEqual(
        mostTries,
      );
    },
  );

  it("is read on behind frames that are skipped, and with checksums", () => {
    const skipped = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const checked = Buffer.concat([
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x04, 0]),
      rawBlock("one ", true),
      Buffer.alloc(4),
    ]);
    const bytes = Buffer.concat([
      checked,
      skipped,
      checked,
      skipped,
      frameHeader(0),
      rawBlock("two", true),
    ]);
    const { views, notices } = decodeAll(bytes, 1);
    expect(views.map((view) => Buffer.from(view.bytes).toString())).toEqual(["one one two"]);
    expect(notices).toEqual([]);
  });

  it("is not read beyond its first damage, whatever frames follow", () => {
    const whole = Buffer.concat([frameHeader(0), rawBlock("first", true)]);
    const after = Array.from({ length: 10_000 }, () => whole);
    const bytes = Buffer.concat([whole, frameHeader(0), reserved, ...after]);
    const { views, notices } = decodeAll(bytes, 1);
    expect(views.map((view) => Buffer.from(view.bytes).toString())).toEqual(["first"]);
    expect(notices).toMatchObject([{ code: "container-damaged", incomplete: true }]);
  });
});

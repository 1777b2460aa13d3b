// Nothing that a decoder is given makes it throw or run on: random bytes, damaged containers, bombs.
import { deflateRawSync, gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Budget, View } from "../src/engine/view.js";
import { tarOf, zipOf } from "./support/archives.js";
import { decodeAll, decoders, freshBudget } from "./support/decoding.js";
import { textForms } from "./support/forms.js";
import { sqliteOf } from "./support/sqlite.js";
import { mint } from "./support/mint.js";

/** Runs all decoders to the engine's depth and holds each view against the contract. */
function decodeStrictly(bytes: Uint8Array, budget: Budget, depth = 4): number {
  if (depth === 0) return 0;
  let total = 0;
  for (const decoder of decoders) {
    for (const item of decoder.decode(bytes, budget)) {
      expect(budget.bytes).toBeGreaterThanOrEqual(0);
      expect(budget.views).toBeGreaterThanOrEqual(0);
      expect(budget.entries).toBeGreaterThanOrEqual(0);
      if (item.kind === "notice") continue;
      checkOffsets(item, bytes.length);
      total += item.bytes.length + decodeStrictly(item.bytes, budget, depth - 1);
    }
  }
  return total;
}

function checkOffsets(view: View, length: number): void {
  let last = 0;
  const step = Math.max(1, Math.floor(view.bytes.length / 50));
  for (let at = 0; at < view.bytes.length; at += step) {
    const source = view.sourceOffset(at);
    // Pages of a database may lie in any order.
    if (!((source >= last || view.encoding === "sqlite") && source >= 0 && source <= length)) {
      throw new Error(`${view.encoding}: ${at} comes from ${source}, after ${last}, of ${length}`);
    }
    last = source;
  }
}

function smallBudget(): Budget {
  return { bytes: 1 << 20, views: 300, entries: 100 };
}

const key = mint("payg-compact");

/** Real documents of every form, to be damaged. */
const seeds: readonly Uint8Array[] = [
  ...textForms.map(({ write }) => Buffer.from(`a = "${write(key)}"\nb = 2\n`)),
  Buffer.from(`data: ${Buffer.from(`K=${key}\n`).toString("base64")}\n`),
  Buffer.from(`data: ${Buffer.from(`K=${key}\n`).toString("hex")}\n`),
  Buffer.from(`data: ${[...Buffer.from(key)].join(", ")}\n`),
  zipOf([
    { name: "a.txt", content: key },
    { name: "b.txt", content: key, streamed: true },
    { name: "c.txt", content: key, method: 0 },
  ]),
  gzipSync(`K=${key}\n`),
  tarOf([{ name: "n".repeat(150), content: key }]),
  sqliteOf([
    {
      name: "a",
      columns: ["b", "c"],
      rows: [
        ["k", key],
        [7, Buffer.from(key), null],
      ],
    },
  ]),
  // "# settings", "hello, hello, hello", three times each, by bzip2 1.0.8 and by zstd 1.5
  Buffer.from(
    "QlpoOTFBWSZTWXXvm6MAAAjRgAAQSAQC5YwAIABQgGgARUNqjRtP3jBjTQ7Qjx9GNvyFoW4Qt8Yx6LuSKcKEg6983Rg=",
    "base64",
  ),
  Buffer.from("KLUv/QRY5QAAmCMgc2V0dGluZ3MKaGVsbG8sIAoCABNKEsSVMO1LfEg=", "base64"),
  gzipSync(tarOf([{ name: "a.zip", content: zipOf([{ name: "b", content: key }]) }])),
];

describe("decoders", () => {
  it("take random bytes", () => {
    expect(() =>
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 4000 }), (bytes) => {
          decodeStrictly(bytes, smallBudget());
        }),
        { numRuns: 300 },
      ),
    ).not.toThrow();
  });

  it("take bytes that are full of what they look for", () => {
    const pieces = fc.constantFrom(
      ..."sk- sk-ws- sk-sp- c2st \\u002d \\ \" ' + & % =2D =\r\n &#45; < > ${ } \n\u200b".split(
        " ",
      ),
      ..."PK\u0003\u0004 PK\u0005\u0006 PK\u0001\u0002 ustar 115,107,45, 736b2d 73 6b 2d".split(
        " ",
      ),
      "\u001f\u008b\u0008\u0000",
      "0123456789abcdef",
      " ",
    );
    expect(() =>
      fc.assert(
        fc.property(fc.array(pieces, { maxLength: 300 }), (list) => {
          decodeStrictly(Buffer.from(list.join(""), "latin1"), smallBudget());
        }),
        { numRuns: 300 },
      ),
    ).not.toThrow();
  });

  it("take real documents and containers with bytes changed, cut and repeated", () => {
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      byte: fc.nat(255),
      kind: fc.constantFrom("set", "cut", "double", "drop"),
    });
    expect(() =>
      fc.assert(
        fc.property(
          fc.constantFrom(...seeds),
          fc.array(change, { maxLength: 6 }),
          (seed, changes) => {
            let bytes: Uint8Array = Uint8Array.from(seed);
            for (const { at, byte, kind } of changes) {
              const place = Math.floor(at * bytes.length);
              if (kind === "set") bytes[place] = byte;
              else if (kind === "cut") bytes = bytes.slice(0, place);
              else if (kind === "double") bytes = Buffer.concat([bytes, bytes.slice(place)]);
              else bytes = Buffer.concat([bytes.slice(0, place), bytes.slice(place + byte)]);
            }
            decodeStrictly(bytes, smallBudget());
          },
        ),
        { numRuns: 1500 },
      ),
    ).not.toThrow();
  });

  it("give the same for a document cut anywhere, as far as it goes, without throwing", () => {
    for (const seed of seeds) {
      for (let end = 0; end < seed.length; end += Math.max(1, seed.length >> 5)) {
        expect(() => decodeStrictly(seed.subarray(0, end), smallBudget())).not.toThrow();
      }
    }
  });
});

describe("bzip2 and zstd", () => {
  it("are read", () => {
    const read = seeds
      .flatMap((seed) => decodeAll(seed).views)
      .filter(({ encoding }) => encoding[0] === "bzip2" || encoding[0] === "zstd")
      .map(({ bytes }) => Buffer.from(bytes).toString());
    expect(read).toEqual(
      Array.from({ length: 2 }, () => "# settings\nhello, hello, hello\n".repeat(3)),
    );
  });

  it("leave xz, which is told", () => {
    const xz = Buffer.from("\u00fd7zXZ\0 and the rest", "latin1");
    expect(decodeAll(xz).notices).toMatchObject([
      { code: "container-unreadable", incomplete: true },
    ]);
  });
});

describe("bombs end, with a notice", () => {
  const limit = (bytes: Uint8Array, budget: Budget = freshBudget()): readonly string[] => {
    const before = process.memoryUsage().rss;
    const started = performance.now();
    const { notices } = decodeAll(bytes, 4, budget);
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(900 * 1024 * 1024);
    return notices.filter(({ incomplete }) => incomplete).map(({ code }) => code);
  };
  const zeros = Buffer.alloc(48 * 1024 * 1024);

  it("of zeros in gzip", () => {
    const small: Budget = { bytes: 16 * 1024 * 1024, views: 100, entries: 100 };
    expect(limit(gzipSync(zeros), small)).toContain("container-limit");
  });

  it("of zips in zips in zips", () => {
    const bottom = zipOf([{ name: "0", content: zeros.subarray(0, 8 * 1024 * 1024) }]);
    const layer = (content: Buffer): Buffer =>
      zipOf(Array.from({ length: 16 }, (_, nth) => ({ name: `${nth}.zip`, content })));
    const budget: Budget = { bytes: 64 * 1024 * 1024, views: 2000, entries: 1000 };
    expect(limit(layer(layer(bottom)), budget)).toContain("container-limit");
  });

  it("of more entries than may be opened", () => {
    const many = Array.from({ length: 10_500 }, (_, nth) => ({
      name: `../../${nth}`,
      content: "x",
      method: 0 as const,
    }));
    expect(limit(zipOf(many))).toContain("container-limit");
  });

  it("of entries that overlap", () => {
    const kernel = deflateRawSync(zeros.subarray(0, 4 * 1024 * 1024));
    const one = zipOf([{ name: "a", content: kernel, method: 0 }]);
    // Each entry of the directory points at the same data.
    const directoryAt = one.indexOf("PK\u0001\u0002");
    const directory = one.subarray(directoryAt, one.indexOf("PK\u0005\u0006"));
    const overlapping = Buffer.from(directory);
    overlapping.writeUInt16LE(8, 10);
    const end = Buffer.from(one.subarray(one.indexOf("PK\u0005\u0006")));
    end.writeUInt32LE(overlapping.length * 500, 12);
    const zip = Buffer.concat([
      one.subarray(0, directoryAt),
      ...Array.from({ length: 500 }, () => overlapping),
      end,
    ]);
    const budget: Budget = { bytes: 64 * 1024 * 1024, views: 2000, entries: 1000 };
    expect(limit(zip, budget)).toContain("container-limit");
  });

  it("of cells that overlap, and of pages that are their own children", () => {
    const page = 4096;
    const database = Buffer.alloc(1024 * page);
    sqliteOf([{ name: "a", columns: ["b"], rows: [] }]).copy(database);
    for (let number = 2; number <= 1024; number++) {
      const at = (number - 1) * page;
      database[at] = number % 2 === 0 ? 13 : 5;
      database.writeUInt16BE(2000, at + 3);
      // Each cell claims four megabytes, in overflow pages that end nowhere.
      for (let cell = 0; cell < 2000; cell++) database.writeUInt16BE(4040, at + 8 + cell * 2);
      database.set([0x81, 0xff, 0xff, 0x7f, 1, 2, 13], at + 4040);
      database.writeUInt32BE(number, at + 8);
    }
    expect(limit(database)).toContain("container-limit");
  });

  it("that lie about their size are read for what they are", () => {
    const zip = zipOf([{ name: "a", content: `K=${key}\n`, claimedSize: 0xfffffff0 }]);
    expect(limit(zip)).toEqual([]);
    expect(decodeAll(zip).views.length).toBe(1);
  });

  it("that hold themselves, at the depth to which the engine goes", () => {
    // What prints itself (R. Cox, "Zip files all the way down", 2010) is met as layers without end.
    let quine: Uint8Array = zipOf([{ name: "r.zip", content: "r" }]);
    for (let level = 0; level < 12; level++) quine = zipOf([{ name: "r.zip", content: quine }]);
    expect(decodeAll(quine).views.length).toBe(4);
  });
});

// The kernel's look into deflated data, against zlib.
import { deflateRawSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kernelSearch } from "../src/sources/kernel/kernel-search.js";
import { makeWitnessTables } from "../src/sources/kernel/witness-tables.js";

const witness = "witness-x";
const search = kernelSearch(
  makeWitnessTables([Array.from(Buffer.from(witness), (byte) => new Set([byte]))]),
);
const most = 1 << 20;

/** Bytes of every kind of block: what repeats, what does not, and nothing. */
const content = fc.oneof(
  fc.uint8Array({ maxLength: 4000 }),
  fc
    .array(fc.constantFrom("ab", "witness", "-", "x", "abcabc", "\0"), { maxLength: 3000 })
    .map((words) => Buffer.from(words.join(""))),
);
const options = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  strategy: fc.integer({ min: 0, max: 4 }),
});

describe("deflated data", () => {
  it("is told to be clean, with its length, exactly where it is whole and holds no witness", () => {
    fc.assert(
      fc.property(content, options, fc.uint8Array({ maxLength: 40 }), (bytes, how, behind) => {
        const deflated = deflateRawSync(bytes, how);
        const found = search.cleanly(Buffer.concat([deflated, behind]), most);
        expect(found).toEqual(
          Buffer.from(bytes).includes(witness)
            ? null
            : { consumed: deflated.length, length: bytes.length },
        );
      }),
      { numRuns: 400 },
    );
  });

  it("is left to others when it is cut off or would give more than is wanted", () => {
    fc.assert(
      fc.property(content, options, fc.nat(), (bytes, how, seed) => {
        const deflated = deflateRawSync(bytes, how);
        const cut = deflated.subarray(0, seed % deflated.length);
        expect(search.cleanly(cut, most)).toBeNull();
        fc.pre(bytes.length > 0);
        expect(search.cleanly(deflated, seed % bytes.length)).toBeNull();
      }),
      { numRuns: 400 },
    );
  });

  it("of any bytes at all reads nothing beside them, and ends", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        const { consumed = 0 } = search.cleanly(bytes, most) ?? {};
        expect(consumed).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the places of witnesses", () => {
  it("are near every witness, and nowhere else", () => {
    const words = fc.array(fc.oneof(fc.constant(witness), fc.string({ maxLength: 400 })));
    fc.assert(
      fc.property(words, (texts) => {
        const bytes = Buffer.from(texts.join(""));
        const places = search.placesIn(bytes);
        const near = (at: number) => places?.some((place) => Math.abs(place - at) <= 32) ?? true;
        const found: number[] = [];
        for (let at = bytes.indexOf(witness); at !== -1; at = bytes.indexOf(witness, at + 1)) {
          found.push(at);
        }
        expect(found.filter((at) => !near(at))).toEqual([]);
        for (const place of places ?? []) {
          expect(found.some((at) => Math.abs(place - at) <= 32)).toBe(true);
        }
      }),
    );
  });

  it("are found on both sides of a piece's end, and not counted beyond a bound", () => {
    for (const at of [(1 << 20) - 20, (1 << 20) - 4, 1 << 20]) {
      const bytes = Buffer.alloc((2 << 20) + 100, "a");
      bytes.write(witness, at);
      const places = search.placesIn(bytes) ?? [];
      expect(places.length).toBeGreaterThan(0);
      for (const place of places) expect(Math.abs(place - at)).toBeLessThanOrEqual(32);
    }
    expect(search.placesIn(Buffer.from(`${witness}${" ".repeat(20)}`.repeat(1000)))).toBeNull();
  });
});

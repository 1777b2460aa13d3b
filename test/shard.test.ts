// Parts of a scan: even, without overlap, nothing left out.
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  parseShard,
  shardHasId,
  shardHasName,
  shardHasObject,
  shardTargets,
  UserError,
} from "../src/model/index.js";

const shards = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ index: index + 1, count }));
const oid = (text: string) => createHash("sha1").update(text).digest("hex");

describe("--shard", () => {
  it("reads I/N", () => {
    expect(parseShard("2/4")).toEqual({ index: 2, count: 4 });
    expect(parseShard("1/1")).toEqual({ index: 1, count: 1 });
  });

  it.each(["", "0/4", "5/4", "1", "1/0", "1/2/3", "a/b", "-1/2", "1.5/2", " 1/2", "1/99999"])(
    "says what is wrong with %j",
    (text) => {
      expect(() => parseShard(text)).toThrow(UserError);
    },
  );

  it("gives every object and every name to exactly one part", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 40 }), (name, count) => {
        const owners = shards(count);
        expect(owners.filter((shard) => shardHasName(shard, name))).toHaveLength(1);
        expect(owners.filter((shard) => shardHasObject(shard, oid(name)))).toHaveLength(1);
      }),
    );
  });

  it("knows an object by its id in hex and in binary", () => {
    const bytes = createHash("sha1").update("any").digest();
    const padded = Buffer.concat([Buffer.alloc(3, 0xff), bytes]);
    for (const shard of shards(7)) {
      expect(shardHasId(shard, padded, 3)).toBe(shardHasObject(shard, oid("any")));
    }
  });

  it("makes even parts of names that are much alike", () => {
    for (const count of [2, 3, 4, 8]) {
      const names = Array.from({ length: 8000 }, (_, index) => `src/module-${index}/index.ts`);
      for (const shard of shards(count)) {
        const share = 8000 / count;
        expect(
          Math.abs(names.filter((name) => shardHasName(shard, name)).length - share),
        ).toBeLessThan(share * 0.12);
        expect(
          Math.abs(names.filter((name) => shardHasObject(shard, oid(name))).length - share),
        ).toBeLessThan(share * 0.12);
      }
    }
  });

  it("deals whole repositories out when there are enough", () => {
    fc.assert(
      fc.property(fc.nat(100), fc.integer({ min: 1, max: 12 }), (more, count) => {
        const targets = Array.from({ length: count + more }, (_, index) => index);
        const plans = shards(count).map((shard) => shardTargets(targets, shard));
        expect(plans.flatMap((plan) => plan.targets).sort((a, b) => a - b)).toEqual(targets);
        const sizes = plans.map((plan) => plan.targets.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect(plans.every((plan) => plan.within === null)).toBe(true);
      }),
    );
  });

  it("splits each repository when there are fewer of them than parts", () => {
    const plans = shards(3).map((shard) => shardTargets(["a", "b"], shard));
    expect(plans).toEqual(shards(3).map((shard) => ({ targets: ["a", "b"], within: shard })));
  });

  it("gives parts of nearly the same size for a list that begins with the largest", () => {
    const sizes = Array.from({ length: 40 }, (_, index) => 40 - index);
    const sums = shards(4).map((shard) =>
      shardTargets(sizes, shard).targets.reduce((sum, size) => sum + size, 0),
    );
    expect(Math.max(...sums) - Math.min(...sums)).toBeLessThanOrEqual(4);
  });

  it("is no split without a shard", () => {
    expect(shardTargets([1, 2], null)).toEqual({ targets: [1, 2], within: null });
    expect(shardHasName(null, "a")).toBe(true);
    expect(shardHasObject(undefined, oid("a"))).toBe(true);
  });
});

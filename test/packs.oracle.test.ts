// The fast reader against full expansion by git, on packs and histories made to mislead it.
import { describe, expect, it } from "vitest";
import { adversarialPack } from "./support/adversarial-pack.js";
import {
  applyInstructions,
  encodeDelta,
  packWriter,
  type DeltaInstruction,
} from "./support/pack-writer.js";
import { expandAll, installPack, placesInAll, readFast } from "./support/oracle.js";
import { freshRepository } from "./support/repository.js";

/** Packs of a size at which rare combinations come up. */
const packs = 40;
const objectsPerPack = 3000;

describe("the fast reader", () => {
  it("finds what full expansion finds in packs with keys cut over copies and inserts", async () => {
    for (let seed = 1; seed <= packs; seed++) {
      const repository = freshRepository("--bare");
      installPack(repository, adversarialPack(seed, objectsPerPack));
      const truth = placesInAll(expandAll(repository.path));
      const answer = await readFast(repository);
      expect(answer.notices).toEqual([]);
      expect(answer.handedOver).toEqual([]);
      expect(answer.objects).toBe(objectsPerPack);
      expect(placesInAll(answer.given), `seed ${seed}`).toEqual(truth);
    }
  });

  it("would miss keys without the bytes around each copy, and these packs show it", async () => {
    let real = 0;
    let found = 0;
    for (let seed = 1; seed <= 5; seed++) {
      const repository = freshRepository("--bare");
      installPack(repository, adversarialPack(seed, objectsPerPack));
      real += placesInAll(expandAll(repository.path)).length;
      found += placesInAll((await readFast(repository, { contextBytes: 0 })).given).length;
    }
    expect(real - found).toBeGreaterThan(real / 100);
  });

  it("needs as many bytes around a copy as the longest witness has, less one, and no more", async () => {
    const key = Buffer.from("sk-0123abcd");
    const splits = Array.from({ length: key.length - 1 }, (_, at) => at + 1);
    const repository = freshRepository("--bare");
    installPack(repository, packOfSplits(key, splits));
    const enough = await readFast(repository, { contextBytes: key.length - 1 });
    expect(enough.given.size).toBe(2 * splits.length);
    const tooFew = await readFast(repository, { contextBytes: key.length - 2 });
    expect(tooFew.given.size).toBe(2 * splits.length - 2);
  });
});

/** A base with every part of a key, and for each split two deltas: one that copies the part before
 * and inserts the rest, and one that inserts the part before and copies the rest. */
function packOfSplits(key: Buffer, splits: readonly number[]): Buffer {
  const writer = packWriter();
  const filler = Buffer.alloc(40, "x");
  const parts = splits.map((at) => {
    // Of different length, so that the results are different objects.
    const own = Buffer.alloc(40 + at, "y");
    const before = Buffer.concat([own, key.subarray(0, at)]);
    return { at, before, after: Buffer.concat([key.subarray(at), own]) };
  });
  const base = Buffer.concat(parts.flatMap(({ before, after }) => [before, filler, after]));
  const start = writer.add({ type: "blob", raw: base });
  const add = (instructions: readonly DeltaInstruction[]): void => {
    const length = applyInstructions(base, instructions).length;
    writer.add({
      type: "offsetDelta",
      base: start,
      raw: encodeDelta(base.length, length, instructions),
    });
  };
  let from = 0;
  for (const { at, before, after } of parts) {
    const afterFrom = from + before.length + filler.length;
    add([{ copy: { from, length: before.length } }, { insert: key.subarray(at) }]);
    add([{ insert: key.subarray(0, at) }, { copy: { from: afterFrom, length: after.length } }]);
    from = afterFrom + after.length;
  }
  return writer.finish();
}

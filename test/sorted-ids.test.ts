// Sorted lists of object ids: against plain sets.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  idsOfHex,
  joined,
  marksOfCommon,
  withList,
  withoutPlaces,
  type SortedIds,
} from "../src/model/sorted-ids.js";

const idBytes = 20;
/** Few different ids, alike at their beginnings. */
const id = fc.nat(400).map((n) => `${String(n % 7).repeat(30)}${String(n).padStart(10, "0")}`);
const ids = fc.uniqueArray(id, { maxLength: 60 });

function hexOf(list: SortedIds): string[] {
  const hex = Buffer.from(list.slice(0, list.count)).toString("hex");
  return Array.from({ length: list.count }, (_, at) => hex.slice(at * 40, at * 40 + 40));
}

describe("sorted ids", () => {
  it("mark what they have in common with any of many lists", () => {
    fc.assert(
      fc.property(ids, fc.array(ids, { maxLength: 30 }), (mine, others) => {
        const list = idsOfHex(mine, idBytes);
        let lists: readonly SortedIds[] = [];
        for (const other of others) lists = withList(lists, idsOfHex(other, idBytes));
        expect(lists.length).toBeLessThanOrEqual(8);
        const marks = marksOfCommon(list, lists);
        const all = new Set(others.flat());
        const marked = hexOf(list).filter((_, place) => marks?.[place] === 1);
        expect(marked).toEqual(mine.filter((each) => all.has(each)).sort());
        expect(marks === null).toBe(marked.length === 0);
      }),
    );
  });

  it("are joined, each once, and cut down", () => {
    fc.assert(
      fc.property(ids, ids, (one, other) => {
        const both = joined(idsOfHex(one, idBytes), idsOfHex(other, idBytes));
        expect(hexOf(both)).toEqual([...new Set([...one, ...other])].sort());
        const odd = withoutPlaces(both, (place) => place % 2 === 0);
        expect(hexOf(odd)).toEqual(hexOf(both).filter((_, place) => place % 2 === 1));
      }),
    );
  });

  it("hold more than are looked at together", () => {
    const many = Array.from({ length: 10_000 }, (_, n) => n.toString(16).padStart(40, "0"));
    const even = idsOfHex(
      many.filter((_, n) => n % 2 === 0),
      idBytes,
    );
    const marks = marksOfCommon(idsOfHex(many, idBytes), [even]);
    expect([marks?.length, marks?.reduce((sum, mark) => sum + mark, 0)]).toEqual([10_000, 5000]);
    expect(hexOf(joined(even, idsOfHex(many, idBytes)))).toEqual(many);
  });

  it("of different forms have nothing in common", () => {
    const short = idsOfHex(["00".repeat(20)], 20);
    expect(marksOfCommon(short, [idsOfHex(["00".repeat(32)], 32)])).toBeNull();
  });
});

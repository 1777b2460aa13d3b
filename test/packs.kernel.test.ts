// The kernel's search against the plainest one, for witnesses and bytes of any kind.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Witness } from "../src/model/witness.js";
import { compileKernel, startKernel, type Kernel } from "../src/sources/kernel/kernel.js";
import { makeWitnessTables } from "../src/sources/kernel/witness-tables.js";

const compiled = compileKernel();

function kernelFor(witnesses: readonly Witness[]): Kernel {
  return startKernel({
    module: compiled,
    tables: makeWitnessTables(witnesses),
    contextBytes: 11,
    idBytes: 20,
  });
}

function kernelFinds(kernel: Kernel, bytes: Uint8Array, before: number, after: number): boolean {
  const start = kernel.stack + 256;
  const memory = kernel.bytes();
  // What surrounds the bytes must not matter.
  memory.fill(before, start - 64, start);
  memory.set(bytes, start);
  memory.fill(after, start + bytes.length, start + bytes.length + 256);
  return kernel.exports.scan(start, start + bytes.length) !== 0;
}

function plainlyFinds(witnesses: readonly Witness[], bytes: Uint8Array): boolean {
  return witnesses.some((witness) =>
    bytes.some(
      (_, at) =>
        at + witness.length <= bytes.length &&
        witness.every((allowed, place) => allowed.has(bytes[at + place] ?? -1)),
    ),
  );
}

/** Few different bytes, so that witnesses do occur. */
const alphabet = fc.constantFrom(0, 1, 45, 97, 98, 107, 115, 200, 254);
const witness = fc
  .array(fc.uniqueArray(alphabet, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 12 })
  .map((places) => places.map((allowed) => new Set(allowed)));

describe("the kernel's search", () => {
  it("finds a witness exactly where the plainest search does", () => {
    fc.assert(
      fc.property(
        fc.array(witness, { minLength: 1, maxLength: 90 }),
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.array(alphabet, { maxLength: 120 }), { minLength: 1, maxLength: 8 }),
        alphabet,
        (witnesses, random, dense, around) => {
          const kernel = kernelFor(witnesses);
          for (const bytes of [...random, ...dense.map((each) => Uint8Array.from(each))]) {
            const found = kernelFinds(kernel, bytes, around, around);
            expect(found).toBe(plainlyFinds(witnesses, bytes));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("finds a long witness at every place of a block, and cut at neither end", () => {
    const key = Buffer.from("sk-0123abcd99");
    const witnesses: Witness[] = [[...key.subarray(0, 12)].map((byte) => new Set([byte]))];
    const kernel = kernelFor(witnesses);
    for (let at = 0; at < 70; at++) {
      const bytes = Buffer.alloc(at + 12 + 3, "x");
      key.copy(bytes, at, 0, 12);
      expect(kernelFinds(kernel, bytes, 120, 120), `at ${at}`).toBe(true);
      expect(kernelFinds(kernel, bytes.subarray(at + 1), 120, 120)).toBe(false);
      expect(kernelFinds(kernel, bytes.subarray(0, at + 11), key[11] ?? 0, key[11] ?? 0)).toBe(
        false,
      );
    }
  });
});

import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEngine, type EngineResult } from "../src/engine/engine.js";
import { loadRuleset } from "../src/ruleset/load.js";
import { mint, mintedKinds } from "./support/mint.js";

const ruleset = loadRuleset();
const engine = createEngine(ruleset);
const origin = { kind: "stdin" } as const;
const windows = { own: 4096, margin: 1536 };
const small = createEngine(ruleset, { windows, decode: false });

/** What a result says of places and keys. */
function said({ matches }: EngineResult) {
  return matches.map((match) => ({ ...match, secret: match.secret.reveal() }));
}

function inPieces(bytes: Buffer, cuts: readonly number[], by = small): EngineResult {
  const document = by.open(origin);
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    const to = Math.max(from, Math.min(cut, bytes.length));
    // The piece's bytes may be reused as soon as it was taken.
    const piece = Buffer.from(bytes.subarray(from, to));
    document.push(piece);
    piece.fill(0);
    from = to;
  }
  document.push(bytes.subarray(from));
  return document.end();
}

const kinds = fc.constantFrom(...mintedKinds);
/** Text around keys: line ends of all sorts, letters, Chinese, bytes that are not UTF-8. */
const padding = fc
  .array(fc.constantFrom("a", "words ", "\n", "\r\n", "\r", "密钥", " = ", "\0", "task-", "sk-"), {
    maxLength: 400,
  })
  .map((pieces) => pieces.join(""));

describe("detection", () => {
  it("does not depend on position, padding or neighbours", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(padding, kinds), { maxLength: 6 }), padding, (parts, rest) => {
        const keys = parts.map(([, kind]) => mint(kind));
        const text = parts.map(([before], index) => `${before} ${keys[index]} `).join("") + rest;
        const found = engine.scan(origin, Buffer.from(text)).matches;
        expect(found.map(({ secret }) => secret.reveal())).toEqual(keys);
        const offsets = found.map(({ offset, secret }) =>
          Buffer.from(text).toString("latin1", offset, offset + secret.reveal().length),
        );
        expect(offsets).toEqual(keys);
      }),
      { numRuns: 60 },
    );
  });

  it("finds keys back to back, with nothing between them", () => {
    fc.assert(
      fc.property(fc.array(kinds, { minLength: 1, maxLength: 6 }), (list) => {
        const keys = list.map((kind) => mint(kind));
        const found = engine.scan(origin, Buffer.from(keys.join(""))).matches;
        expect(found.map(({ secret }) => secret.reveal())).toEqual(keys);
      }),
      { numRuns: 100 },
    );
  });

  it("does not depend on how the bytes are cut into pieces, across windows too", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(padding, kinds), { minLength: 1, maxLength: 30 }),
        fc.array(fc.nat(20_000), { maxLength: 20 }),
        (parts, cuts) => {
          const text = parts.map(([before, kind]) => `${before} ${mint(kind)} `).join("");
          const bytes = Buffer.from(text);
          const whole = said(small.scan(origin, bytes));
          expect(whole.length).toBe(parts.length);
          expect(said(inPieces(bytes, cuts))).toEqual(whole);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("gives the lines and columns of one window in many", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(padding, kinds), { minLength: 5, maxLength: 40 }), (parts) => {
        const text = parts.map(([before, kind]) => `${before} ${mint(kind)} `).join("");
        const places = (result: EngineResult) =>
          result.matches.map(({ offset, line, column }) => ({ offset, line, column }));
        const bytes = Buffer.from(text);
        const plain = createEngine(ruleset, { decode: false });
        expect(places(small.scan(origin, bytes))).toEqual(places(plain.scan(origin, bytes)));
      }),
      { numRuns: 40 },
    );
  });

  it("finds a key at every place around a window's edge, once", () => {
    const key = mint("payg-compact");
    for (let at = windows.own - 130; at <= windows.own + windows.margin + 130; at += 7) {
      const bytes = Buffer.from(`${"x ".repeat(at / 2)}${key}${" y".repeat(6000)}`);
      expect(said(inPieces(bytes, [at, at + 50]))).toHaveLength(1);
    }
  });

  it("reads UTF-16 across windows with the right lines", () => {
    const key = mint("coding-plan");
    const text = `\uFEFF${"a line\r\n".repeat(3000)}  K=${key}\r\n${"more\r\n".repeat(3000)}`;
    const bytes = Buffer.from(text, "utf16le");
    expect(said(inPieces(bytes, []))).toMatchObject([
      { secret: key, line: 3001, column: 5, encoding: ["utf-16"] },
    ]);
  });

  it("reads 60 MB in memory that does not grow with it", () => {
    const key = mint("payg-v2");
    const piece = Buffer.from("2026-01-01 00:00:00 INFO request took 12 ms\n".repeat(1500));
    const plain = createEngine(ruleset, { decode: false });
    const document = plain.open(origin);
    let pushed = 0;
    let most = 0;
    while (pushed < 60e6) {
      document.push(piece);
      pushed += piece.length;
      most = Math.max(most, process.memoryUsage().arrayBuffers);
    }
    document.push(Buffer.from(`last ${key}\n`));
    expect(document.end().matches).toMatchObject([
      { line: (pushed / piece.length) * 1500 + 1, column: 6 },
    ]);
    expect(most).toBeLessThan(64e6);
  });
});

describe("a match", () => {
  it("shows no eight characters of the key's random part in anything but reveal()", () => {
    for (const kind of mintedKinds) {
      const key = mint(kind);
      const { matches } = engine.scan(origin, Buffer.from(`DASHSCOPE_API_KEY=${key} # ${key}`));
      expect(matches).toHaveLength(2);
      const shown = `${JSON.stringify(matches)}${String(matches[0]?.secret)}`;
      for (let at = 6; at + 8 <= key.length; at++) {
        expect(shown.includes(key.slice(at, at + 8))).toBe(false);
      }
    }
  });

  it("is never made of random bytes", () => {
    const noise = Buffer.concat([
      randomBytes(1 << 20),
      Buffer.from(randomBytes(1 << 20).toString("hex")),
    ]);
    expect(engine.scan(origin, noise).matches).toEqual([]);
  });
});

// What the history reader looks for occurs wherever the engine would find a key that is split.
// That the engine finds each form is left to the decoders' own tests.
import { describe, expect, it } from "vitest";
import { decodedWitnesses } from "../src/engine/decoded-witnesses.js";
import { deriveTextWitnesses } from "../src/engine/decoders/text-witnesses.js";
import { createEngine } from "../src/engine/engine.js";
import type { Witness } from "../src/model/index.js";
import { loadRuleset } from "../src/ruleset/load.js";
import { preparedTextWitnesses } from "../src/ruleset/prepared-witnesses.js";
import { witnessesOf } from "../src/ruleset/witnesses.js";
import { mint, mintedKinds } from "./support/mint.js";

const ruleset = loadRuleset();
const engine = createEngine(ruleset);
const { witnesses } = witnessesOf(ruleset);

const breaks = [
  "\n",
  "\r\n",
  "\n  ",
  "\n\t",
  "\r\n    ",
  "\n> ",
  "\n# ",
  "\n// ",
  "\\\n",
  "\\\r\n",
  "\\\n    ",
  "=\n",
  "=\r\n",
  '" + "',
  '"\n"',
  "' '",
  "` + `",
  '" \\\n  "',
  '" & _\n "',
  "${'",
  "'}",
  "\u00ad",
  "\u200b",
  "\ufeff",
  "\u001b[0m",
  "<wbr>",
  "&shy;",
];

function occurs(witness: Witness, bytes: Uint8Array): boolean {
  return bytes.some((_, start) =>
    witness.every((byteClass, index) => byteClass.has(bytes[start + index] ?? 0xff)),
  );
}

describe("a key that is split near its beginning", () => {
  it.each(breaks)("is read again over %j, and shows a witness", (between) => {
    let read = 0;
    for (const kind of mintedKinds) {
      for (let position = 1; position < 8; position++) {
        const key = mint(kind);
        const written = key.slice(0, position) + between + key.slice(position);
        const bytes = Buffer.from(`# dashscope\nDASHSCOPE_API_KEY="${written}"\n`);
        const { matches } = engine.scan({ kind: "stdin" }, bytes);
        if (matches.length === 0) continue;
        read++;
        expect(
          witnesses.some((witness) => occurs(witness, bytes)),
          `${kind} at ${position}`,
        ).toBe(true);
      }
    }
    expect(read).toBeGreaterThan(0);
  });
});

describe("what decoders of text look for", () => {
  it("is what the build has made ready for the built-in rules", () => {
    expect(preparedTextWitnesses(ruleset)).toEqual(
      deriveTextWitnesses(decodedWitnesses(ruleset.rules)),
    );
  });

  it("is derived for rules of one's own", () => {
    expect(preparedTextWitnesses({ ...ruleset, hash: "0".repeat(64) })).toBeNull();
  });
});

import { describe, expect, it } from "vitest";
import { createEngine } from "../src/engine/engine.js";
import { loadRuleset } from "../src/ruleset/load.js";
import { mint, mintedKinds, reportedKind } from "./support/mint.js";
import { writings } from "./support/writings.js";

const engine = createEngine(loadRuleset());
const origin = { kind: "stdin" } as const;

describe("every way of writing a key", () => {
  it("is at least sixty ways", () => {
    expect(writings.length).toBeGreaterThanOrEqual(60);
  });

  for (const kind of mintedKinds) {
    it.each(writings)(`finds a ${kind} key: $title`, ({ write, variable, provider }) => {
      const key = mint(kind);
      const { matches, notices } = engine.scan(origin, Buffer.from(write(key)));
      expect(notices).toEqual([]);
      expect(matches.map((match) => match.secret.reveal())).toEqual([key]);
      const isAmbiguous = kind === "payg-legacy" && provider === "ambiguous";
      expect(matches[0]).toMatchObject({
        kind: reportedKind[kind],
        confidence: isAmbiguous ? "likely" : "proven",
        provider: isAmbiguous ? "ambiguous" : "dashscope",
        hints: { variable },
      });
    });
  }
});

import { describe, expect, it } from "vitest";
import { checkRules } from "../src/ruleset/check.js";
import { loadRuleset } from "../src/ruleset/load.js";

describe("the built-in rules", () => {
  it("find what their examples say and nothing in their counter-examples", () => {
    expect(checkRules(loadRuleset()).problems).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { exitStatus } from "../src/cli/exit-status.js";
import { Secret, type Finding, type Report } from "../src/model/index.js";

const finding = (changes: Partial<Finding>): Finding => ({
  fingerprint: "sha256:0",
  secret: new Secret("sk-none"),
  kind: "payg-legacy",
  rule: "dashscope-payg-legacy",
  confidence: "proven",
  provider: "dashscope",
  providerName: null,
  exposure: "pushed",
  liveness: { status: "unchecked", evidence: [] },
  action: "reset",
  advice: {
    summary: "",
    steps: [],
    consolePages: [],
    facts: [],
    exposureWindow: { from: null, to: null },
    consumers: [],
  },
  encoding: [],
  places: [
    {
      kind: "file",
      exposure: "working-tree",
      path: ".env",
      line: 1,
      column: 1,
      commit: null,
      date: null,
      author: null,
      refs: [],
      object: null,
      removed: null,
      repository: null,
      worktree: null,
      encoding: [],
      trail: [],
    },
  ],
  hints: { hosts: [], workspaces: [], variable: null, usedAsName: false },
  suppressed: null,
  ...changes,
});

/** A key that is left over in this clone, and nowhere else. */
const left = (exposure: "stashed" | "reflog" | "unreachable"): Finding =>
  finding({ exposure, places: [{ ...finding({}).places[0], kind: "unreachable", exposure }] });

const report = (findings: readonly Finding[], complete = true): Report => ({
  tool: { name: "dashleaks", version: "0.0.0", ruleset: "" },
  repository: null,
  repositories: [],
  complete,
  coverage: { files: 0, objects: 0, bytes: 0, refs: 0, skipped: [] },
  findings,
  notices: [],
});

const usual = { failOn: "likely", allowIncomplete: false } as const;
const live = { status: "live", evidence: [] } as const;
const suppressed = { by: "baseline", reason: null } as const;

describe("the exit status", () => {
  it.each([
    ["nothing found", [], usual, 0],
    ["a proven key", [finding({})], usual, 1],
    ["a possible key", [finding({ confidence: "possible" })], usual, 0],
    [
      "a possible key that is asked for",
      [finding({ confidence: "possible" })],
      { ...usual, failOn: "possible" },
      1,
    ],
    [
      "a likely key when only proven ones count",
      [finding({ confidence: "likely" })],
      { ...usual, failOn: "proven" },
      0,
    ],
    ["anything with --fail-on none", [finding({})], { ...usual, failOn: "none" }, 0],
    ["an ambiguous key", [finding({ provider: "ambiguous", confidence: "likely" })], usual, 1],
    ["another provider's key", [finding({ provider: "other", action: "none" })], usual, 0],
    ["a dead key", [finding({ action: "none" })], usual, 0],
    ["a key that is only in a stash", [left("stashed")], usual, 0],
    ["a key that is only in a reflog", [left("reflog")], usual, 0],
    ["a key that no ref reaches", [left("unreachable")], usual, 0],
    ["a live key that no ref reaches", [{ ...left("unreachable"), liveness: live }], usual, 1],
    [
      "a key in a stash that stands in a file as well",
      [
        finding({
          exposure: "stashed",
          places: [left("stashed").places[0], finding({}).places[0]],
        }),
      ],
      usual,
      1,
    ],
    ["a key in the baseline", [finding({ suppressed })], usual, 0],
    ["a live key in the baseline", [finding({ suppressed, liveness: live })], usual, 1],
  ] as const)("for %s is right", (_, findings, policy, status) => {
    expect(exitStatus(report(findings), policy)).toBe(status);
  });

  it("is never 0 when something was not looked at, unless that is allowed", () => {
    expect(exitStatus(report([], false), usual)).toBe(2);
    expect(exitStatus(report([], false), { ...usual, allowIncomplete: true })).toBe(0);
    expect(exitStatus(report([finding({})], false), usual)).toBe(1);
  });
});

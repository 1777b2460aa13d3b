// What a reader is told to do about a key, and in which order.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adviseFinding, type AdviceInput } from "../src/findings/advice.js";
import {
  confidences,
  exposures,
  keyKinds,
  livenessStatuses,
  providers,
  type Evidence,
  type Place,
} from "../src/model/index.js";

const place: Place = {
  kind: "commit",
  exposure: "pushed",
  path: "app/.env",
  line: 3,
  column: 1,
  commit: "a".repeat(40),
  date: "2024-05-06T23:30:00-03:00",
  author: "Ada <ada@example.com>",
  refs: ["refs/remotes/origin/main"],
  object: "b".repeat(40),
  removed: null,
  repository: null,
  worktree: null,
  encoding: [],
  trail: [],
};

const inIndex = { ...place, kind: "index", exposure: "staged", commit: null } as const;

/** A key that is left over in this clone, and nowhere else. */
const left = (exposure: "stashed" | "reflog" | "unreachable") => ({
  exposure,
  places: [{ ...place, exposure }] as const,
});

const input: AdviceInput = {
  kind: "payg",
  provider: "dashscope",
  providerName: null,
  confidence: "proven",
  exposure: "pushed",
  liveness: { status: "unchecked", evidence: [] },
  hints: { hosts: [], workspaces: [], variable: "DASHSCOPE_API_KEY", usedAsName: false },
  places: [place],
};

function answered(host: string): Evidence {
  return { host, region: "", status: 200, code: null, meaning: "" };
}

function advise(changes: Partial<AdviceInput>) {
  return adviseFinding({ ...input, ...changes });
}

function stepsOf(changes: Partial<AdviceInput>): string {
  return advise(changes)
    .advice.steps.map(({ text, command = "", url = "" }) => `${text} ${command} ${url}`)
    .join("\n");
}

describe("the action", () => {
  it.each([
    ["live and pushed", { liveness: { status: "live", evidence: [] } }, "reset-now"],
    [
      "restricted, in files only",
      { liveness: { status: "restricted", evidence: [] }, exposure: "working-tree" },
      "reset-now",
    ],
    [
      "ambiguous, yet the API took it",
      { provider: "ambiguous", liveness: { status: "live", evidence: [] } },
      "reset-now",
    ],
    ["pushed and never asked about", {}, "reset"],
    [
      "committed, and the API could not say",
      { exposure: "committed", liveness: { status: "unknown", evidence: [] } },
      "reset",
    ],
    ["in a tag", { exposure: "tagged" }, "reset"],
    ["staged", { exposure: "staged" }, "remove"],
    ["in files", { exposure: "working-tree" }, "remove"],
    ["ambiguous", { provider: "ambiguous" }, "review"],
    ["partial", { kind: "partial", confidence: "possible" }, "review"],
    ["of unknown shape", { kind: "unknown", confidence: "possible" }, "review"],
    ["left in a stash", left("stashed"), "review"],
    ["left in a reflog", left("reflog"), "review"],
    ["left in no ref at all", left("unreachable"), "review"],
    [
      "left in no ref at all, and staged again",
      { exposure: "unreachable", places: [...left("unreachable").places, inIndex] },
      "remove",
    ],
    ["dead everywhere", { liveness: { status: "dead", evidence: [] } }, "none"],
    ["another provider's", { provider: "other", providerName: "DeepSeek" }, "none"],
  ] as const)("for a key that is %s", (_name, changes, action) => {
    expect(advise(changes).action).toBe(action);
  });
});

describe("the reset plan", () => {
  it("says in one sentence that a live key is to be reset now", () => {
    expect(advise({ liveness: { status: "live", evidence: [] } }).advice.summary).toBe(
      "This key works and was pushed: reset it now.",
    );
  });

  it("carries the facts that surprise people", () => {
    const facts = advise({ kind: "payg-legacy" }).advice.facts.join("\n");
    expect(facts).toMatch(/never expire by themselves/u);
    expect(facts).toMatch(/new-style key .* cannot be shown again/u);
    expect(facts).toMatch(/Virginia\) has neither reset nor disable/u);
    expect(facts).toMatch(/deleting a RAM user.* kills/u);
  });

  it("tells a dead key's owner to delete it, since a disabled one can be enabled again", () => {
    const { advice } = advise({ liveness: { status: "dead", evidence: [] } });
    expect(advice.summary).toMatch(/delete it if it is yours.*can be enabled again/u);
    expect(advice.steps).toHaveLength(1);
  });

  it("names both consoles when the region is not known", () => {
    const urls = advise({}).advice.consolePages.map(({ url }) => new URL(url).host);
    expect(urls).toContain("bailian.console.aliyun.com");
    expect(urls).toContain("modelstudio.console.alibabacloud.com");
    expect(stepsOf({})).toMatch(/region is not certain/u);
  });

  it("lists Virginia's own page for a legacy key only, for Virginia knows no other", () => {
    const virginia =
      "https://modelstudio.console.alibabacloud.com/us-east-1/settings/api-key" as const;
    const pages = (kind: "payg" | "payg-legacy") =>
      advise({ kind }).advice.consolePages.map(({ url }) => url);
    expect(pages("payg-legacy")).toContain(virginia);
    expect(pages("payg")).not.toContain(virginia);
  });

  it.each([
    [
      "payg-legacy",
      "dashscope-us.aliyuncs.com",
      "/us-east-1/settings/api-key",
      /Create a new key/u,
    ],
    [
      "payg",
      "cn-hongkong.dashscope.aliyuncs.com",
      "/cn-hongkong/settings/api-key",
      /Reset the key/u,
    ],
    ["payg", "ws-1.eu-central-1.maas.aliyuncs.com", "/eu-central-1", /Reset the key/u],
    ["payg", "maas.qwencloudapi.com", "home.qwencloud.com/api-keys", /Create a new key/u],
    ["coding-plan", "coding-intl.dashscope.aliyuncs.com", "coding-plan-index", /plan's page/u],
    ["token-plan", "token-plan.cn-beijing.maas.aliyuncs.com", "token-plan", /of the seat/u],
  ] as const)("sends a %s key that %s took to its own page", (kind, host, page, way) => {
    const liveness = { status: "live", evidence: [answered(host)] } as const;
    const { consolePages } = advise({ kind, liveness }).advice;
    expect(consolePages[0]?.url).toContain(page);
    expect(consolePages.every(({ url }) => new URL(url).protocol === "https:")).toBe(true);
    expect(stepsOf({ kind, liveness })).toMatch(way);
  });

  it("believes the host that took the key more than the one that stands near it", () => {
    const { consolePages } = advise({
      liveness: { status: "live", evidence: [answered("dashscope-intl.aliyuncs.com")] },
      hints: { ...input.hints, hosts: ["dashscope.aliyuncs.com"] },
    }).advice;
    expect(consolePages.map(({ url }) => new URL(url).host)).toEqual([
      "modelstudio.console.alibabacloud.com",
    ]);
  });

  it("is not led astray by a foreign host near the key", () => {
    const hints = { ...input.hints, hosts: ["dashscope.aliyuncs.com.evil.example"] };
    expect(advise({ hints }).advice.consolePages).toEqual(advise({}).advice.consolePages);
  });

  it("gives the days to read the bill for, in UTC", () => {
    const removed = { commit: "c".repeat(40), date: "2024-06-01T00:00:00Z", author: null };
    expect(advise({}).advice.exposureWindow).toEqual({ from: "2024-05-07", to: null });
    expect(advise({ places: [{ ...place, removed }] }).advice.exposureWindow).toEqual({
      from: "2024-05-07",
      to: "2024-06-01",
    });
    expect(advise({ places: [{ ...place, date: null }] }).advice.exposureWindow.from).toBeNull();
  });

  it("starts with where the variable is used, so that the reset breaks nothing", () => {
    const consumers = [
      { path: "compose.yaml", line: 4, variable: "DASHSCOPE_API_KEY", what: "compose file" },
    ];
    const { advice } = advise({ consumers });
    expect(advice.steps[0]?.text).toMatch(/^1 place uses its variable/u);
    expect(advice.steps[0]?.command).toBe("git grep -n -w -e DASHSCOPE_API_KEY");
    expect(advice.consumers).toEqual(consumers);
  });

  it("takes the line that holds the key for no user of its variable", () => {
    const consumers = [
      { path: "app/.env", line: 3, variable: "DASHSCOPE_API_KEY", what: "environment file" },
      { path: "app/.env", line: 9, variable: "DASHSCOPE_API_KEY", what: "environment file" },
    ];
    expect(advise({ consumers }).advice.consumers).toEqual(consumers.slice(1));
  });

  it("never puts what a scanned file chose into a command, unless it is plain", () => {
    const hints = { ...input.hints, variable: "X; rm -rf ~" };
    const nasty = { ...place, kind: "index", path: "a b; rm -rf ~" } as const;
    expect(stepsOf({ hints, places: [nasty], exposure: "staged" })).not.toContain("rm -rf");
  });

  it("unstages a staged file", () => {
    const staged = { ...place, kind: "index", exposure: "staged" } as const;
    expect(stepsOf({ places: [staged], exposure: "staged" })).toContain("git reset -q -- app/.env");
  });

  it("says how to clear a stash, and prunes after everything else", () => {
    const places = [
      { ...place, exposure: "stashed" },
      { ...place, exposure: "reflog" },
    ] as const;
    const commands = advise({ exposure: "stashed", places }).advice.steps.flatMap(
      ({ command }) => command ?? [],
    );
    expect(commands).toEqual([
      "git stash drop stash@{N}",
      "git reflog expire --expire=now --all",
      "git gc --prune=now",
    ]);
  });

  it("mends the mistake of a key in a variable name's place", () => {
    expect(stepsOf({ hints: { ...input.hints, usedAsName: true } })).toMatch(
      /stands where a variable's name belongs/u,
    );
  });

  it("has a summary, a step and (when it is ours) a page for whatever a scan can find", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...keyKinds),
        fc.constantFrom(...providers),
        fc.constantFrom(...confidences),
        fc.constantFrom(...exposures),
        fc.constantFrom(...livenessStatuses),
        (kind, provider, confidence, exposure, status) => {
          const { action, advice } = advise({
            kind,
            provider,
            confidence,
            exposure,
            liveness: { status, evidence: [] },
            places: [{ ...place, exposure }],
          });
          expect(advice.summary).toMatch(/^[A-Z].*\.$/u);
          expect(advice.steps.length).toBeGreaterThan(0);
          expect(advice.consolePages.length > 0).toBe(provider !== "other");
          const accepted = status === "live" || status === "restricted";
          const settled = provider === "other" || status === "dead";
          expect(action === "reset-now").toBe(accepted);
          expect(action === "none").toBe(settled && !accepted);
        },
      ),
    );
  });
});

// Reports made up for tests: findings with minted keys, and only the fields that a test cares about.
import {
  Secret,
  type Advice,
  type Finding,
  type Place,
  type Report,
  type TimelineEvent,
} from "../../src/model/index.js";
import { mint, reportedKind, type MintedKind } from "../support/mint.js";

export function place(fields: Partial<Place> = {}): Place {
  return {
    kind: "commit",
    exposure: "pushed",
    path: "config/prod.env",
    line: 12,
    column: 20,
    commit: "3f2a91c04b1d7e6f8a9b0c1d2e3f405162738495",
    date: "2024-03-01T09:30:00+08:00",
    author: "Ada Author <ada@example.com>",
    refs: ["refs/heads/main", "refs/remotes/origin/main"],
    object: "9ab12cd34ef5061728394a5b6c7d8e9f00112233",
    removed: null,
    repository: null,
    worktree: null,
    encoding: [],
    trail: [],
    ...fields,
  };
}

export const resetAdvice: Advice = {
  summary: "Reset this key: it was pushed, and whoever has a copy can use it.",
  steps: [
    {
      text: "Open the key's page in the console and reset it; the old value dies at once.",
      url: "https://modelstudio.console.alibabacloud.com/model/settings/api-key",
    },
    { text: "Put the new key where the old one was read from, outside the repository." },
    { text: "Take the file out of git.", command: "git rm --cached config/prod.env" },
  ],
  consolePages: [
    {
      title: "International console, Singapore",
      url: "https://modelstudio.console.alibabacloud.com/model/settings/api-key",
    },
    { title: "China console", url: "https://bailian.console.aliyun.com/?tab=model#/api-key" },
  ],
  facts: ["Keys never expire by themselves."],
  exposureWindow: { from: "2024-03-01", to: null },
  consumers: [],
};

export function event(fields: Partial<TimelineEvent> = {}): TimelineEvent {
  return {
    kind: "committed",
    date: "2024-03-01T09:30:00+08:00",
    bound: "exact",
    commit: "3f2a91c04b1d7e6f8a9b0c1d2e3f405162738495",
    author: "Ada Author <ada@example.com>",
    path: "config/prod.env",
    ref: null,
    repository: null,
    evidence: "The commit's own date.",
    ...fields,
  };
}

export interface FindingFields extends Partial<Omit<Finding, "secret" | "fingerprint">> {
  readonly key?: string;
  readonly minted?: MintedKind;
}

export function finding(fields: FindingFields = {}): Finding {
  const { key, minted = "payg-legacy", ...rest } = fields;
  const secret = new Secret(key ?? mint(minted));
  return {
    fingerprint: secret.fingerprint,
    secret,
    kind: reportedKind[minted],
    rule: "dashscope-payg-legacy",
    confidence: "proven",
    provider: "dashscope",
    providerName: null,
    exposure: "pushed",
    liveness: { status: "unchecked", evidence: [] },
    action: "reset",
    advice: resetAdvice,
    encoding: [],
    places: [place()],
    hints: { hosts: [], workspaces: [], variable: "DASHSCOPE_API_KEY", usedAsName: false },
    suppressed: null,
    ...rest,
  };
}

export function report(findings: readonly Finding[], fields: Partial<Report> = {}): Report {
  return {
    tool: { name: "dashleaks", version: "0.1.0", ruleset: "abc123" },
    repository: ".",
    repositories: [],
    complete: true,
    coverage: { files: 1204, objects: 48112, bytes: 1_288_490_188, refs: 12, skipped: [] },
    findings,
    notices: [],
    ...fields,
  };
}

/** One of everything that a report can hold. */
export function richReport(): Report {
  const live = finding({
    action: "reset-now",
    liveness: {
      status: "live",
      evidence: [
        {
          host: "dashscope.aliyuncs.com",
          region: "cn-beijing",
          status: 200,
          code: null,
          meaning: "The key works.",
        },
      ],
    },
    advice: {
      ...resetAdvice,
      summary: "Reset this key now: it works, and it was pushed.",
      consumers: [
        {
          path: "src/chat.py",
          line: 12,
          variable: "DASHSCOPE_API_KEY",
          what: "read from the environment",
        },
      ],
    },
    timeline: [
      event({ kind: "committed", date: "2024-03-01T09:30:00+08:00" }),
      event({
        kind: "pushed",
        bound: "not-after",
        date: "2024-03-02T08:00:00Z",
        ref: "refs/remotes/origin/main",
      }),
      event({ kind: "removed", date: "2024-04-12T10:00:00+00:00" }),
      event({
        kind: "accepted",
        date: "2024-06-01T10:00:00Z",
        commit: null,
        author: null,
        path: null,
      }),
    ],
    places: [
      place({
        removed: {
          commit: "77aa91c04b1d7e6f8a9b0c1d2e3f405162738495",
          date: "2024-04-12T10:00:00+00:00",
          author: "Carl Committer <carl@example.com>",
        },
      }),
      place({
        kind: "commit-message",
        path: null,
        line: 3,
        column: 8,
        date: "2024-03-03T09:30:00Z",
      }),
      place({ kind: "tag-message", path: null, line: 1, column: 1, refs: ["refs/tags/v1.0"] }),
      ...Array.from({ length: 12 }, (_, index) =>
        place({ path: `deploy/region-${index}/values.yaml`, line: index + 1 }),
      ),
      place({
        kind: "file",
        path: ".env",
        exposure: "working-tree",
        line: 3,
        column: 19,
        commit: null,
        date: null,
        author: null,
        refs: [],
        object: null,
      }),
    ],
  });
  return report(
    [
      live,
      finding({ minted: "token-plan-compact" }),
      finding({
        minted: "coding-plan",
        exposure: "staged",
        action: "remove",
        confidence: "likely",
        advice: {
          ...resetAdvice,
          summary: "Take it out of the index before you commit.",
          steps: [{ text: "Unstage the file.", command: "git restore --staged -- .env.local" }],
          consolePages: [],
          facts: [],
          exposureWindow: { from: null, to: null },
        },
        places: [
          place({
            kind: "index",
            path: ".env.local",
            exposure: "staged",
            commit: null,
            date: null,
            author: null,
            refs: [],
          }),
        ],
      }),
      finding({
        minted: "payg-v2",
        exposure: "unreachable",
        action: "review",
        encoding: ["base64"],
        liveness: { status: "unknown", evidence: [] },
        advice: {
          ...resetAdvice,
          summary: "Look at it: only this clone holds it.",
          steps: [],
          consolePages: [],
          facts: [],
        },
        places: [
          place({
            kind: "unreachable",
            exposure: "unreachable",
            refs: [],
            encoding: ["base64"],
            trail: ["zip:app/.env"],
          }),
        ],
      }),
      finding({
        provider: "ambiguous",
        action: "review",
        liveness: { status: "dead", evidence: [] },
        advice: { ...resetAdvice, summary: "Find out whose key this is." },
      }),
      finding({ provider: "other", providerName: "DeepSeek", action: "none" }),
      finding({ provider: "other", providerName: "DeepSeek", action: "none" }),
      finding({ suppressed: { by: "baseline", reason: "revoked in March" } }),
    ],
    {
      complete: false,
      shard: { index: 1, count: 2, work: "c0ffee", repositories: ["app"] },
      coverage: {
        files: 1204,
        objects: 48112,
        bytes: 1_288_490_188,
        refs: 12,
        skipped: [{ what: "ignored files", reason: "--ignored was not given", count: 31 }],
      },
      notices: [
        {
          kind: "notice",
          code: "shallow-clone",
          message:
            "This is a shallow clone: commits before its edge were not looked at. Run git fetch --unshallow.",
          incomplete: true,
        },
        {
          kind: "notice",
          code: "special-file",
          message: "run/pipe is a pipe and was not opened.",
          subject: "run/pipe",
          incomplete: false,
        },
      ],
    },
  );
}

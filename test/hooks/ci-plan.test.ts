// What a job of each platform has to look at, from the variables that the platform sets.
import { describe, expect, it } from "vitest";
import {
  ciPlan,
  ciPlatformOf,
  ciPlatforms,
  fullCloneSetting,
  type CiPlatform,
} from "../../src/hooks/ci.js";

const a = "a".repeat(40);
const b = "b".repeat(40);
const none = "0".repeat(40);
const all = { kind: "all" };
const main = "refs/remotes/origin/main";

interface Case {
  readonly when: string;
  readonly platform: CiPlatform;
  readonly environment: Readonly<Record<string, string>>;
  readonly event?: unknown;
  readonly scope: object;
}

const cases: readonly Case[] = [
  {
    when: "a pull request on GitHub: from its base to its head",
    platform: "github",
    environment: { GITHUB_EVENT_NAME: "pull_request" },
    event: { pull_request: { head: { sha: b }, base: { sha: a, ref: "main" } } },
    scope: { kind: "range", tip: b, known: [a, main] },
  },
  {
    when: "a pull request from a fork that runs in the base's name: the head, not what is checked out",
    platform: "github",
    environment: { GITHUB_EVENT_NAME: "pull_request_target", GITHUB_SHA: a },
    event: { pull_request: { head: { sha: b }, base: { sha: a, ref: "main" } } },
    scope: { kind: "range", tip: b, known: [a, main] },
  },
  {
    when: "a merge queue on GitHub",
    platform: "github",
    environment: { GITHUB_EVENT_NAME: "merge_group" },
    event: { merge_group: { head_sha: b, base_sha: a } },
    scope: { kind: "range", tip: b, known: [a] },
  },
  {
    when: "a push on GitHub: from before to after",
    platform: "github",
    environment: { GITHUB_EVENT_NAME: "push" },
    event: { ref: "refs/heads/main", before: a, after: b },
    scope: { kind: "range", tip: b, known: [a] },
  },
  {
    when: "a new branch on GitHub: what the default branch has not",
    platform: "github",
    environment: { GITHUB_EVENT_NAME: "push" },
    event: {
      ref: "refs/heads/topic/x",
      before: none,
      after: b,
      repository: { default_branch: "main" },
    },
    scope: { kind: "range", tip: b, known: [main] },
  },
  {
    when: "the first push of the default branch on GitHub",
    platform: "github",
    environment: { GITHUB_EVENT_NAME: "push" },
    event: {
      ref: "refs/heads/main",
      before: none,
      after: b,
      repository: { default_branch: "main" },
    },
    scope: all,
  },
  {
    when: "a tag on GitHub",
    platform: "github",
    environment: { GITHUB_EVENT_NAME: "push" },
    event: { ref: "refs/tags/v1", before: none, after: b },
    scope: all,
  },
  {
    when: "a schedule on GitHub",
    platform: "github",
    environment: { GITHUB_EVENT_NAME: "schedule" },
    event: {},
    scope: all,
  },
  {
    when: "a pull request on GitHub whose event cannot be read: everything, not nothing",
    platform: "github",
    environment: { GITHUB_EVENT_NAME: "pull_request" },
    scope: all,
  },
  {
    when: "a merge request on GitLab",
    platform: "gitlab",
    environment: {
      CI_PIPELINE_SOURCE: "merge_request_event",
      CI_COMMIT_SHA: b,
      CI_MERGE_REQUEST_DIFF_BASE_SHA: a,
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
    },
    scope: { kind: "range", tip: b, known: [a, main] },
  },
  {
    when: "a push on GitLab",
    platform: "gitlab",
    environment: { CI_PIPELINE_SOURCE: "push", CI_COMMIT_SHA: b, CI_COMMIT_BEFORE_SHA: a },
    scope: { kind: "range", tip: b, known: [a] },
  },
  {
    when: "a new branch on GitLab",
    platform: "gitlab",
    environment: {
      CI_PIPELINE_SOURCE: "push",
      CI_COMMIT_SHA: b,
      CI_COMMIT_BEFORE_SHA: none,
      CI_COMMIT_BRANCH: "topic",
      CI_DEFAULT_BRANCH: "main",
    },
    scope: { kind: "range", tip: b, known: [main] },
  },
  {
    when: "a tag on GitLab",
    platform: "gitlab",
    environment: { CI_PIPELINE_SOURCE: "push", CI_COMMIT_TAG: "v1", CI_COMMIT_SHA: b },
    scope: all,
  },
  {
    when: "a schedule on GitLab",
    platform: "gitlab",
    environment: { CI_PIPELINE_SOURCE: "schedule", CI_COMMIT_SHA: b, CI_COMMIT_BEFORE_SHA: a },
    scope: all,
  },
  {
    when: "a change request on Jenkins",
    platform: "jenkins",
    environment: { CHANGE_ID: "7", CHANGE_TARGET: "main", GIT_COMMIT: b },
    scope: { kind: "range", tip: b, known: [main] },
  },
  {
    when: "a build of a branch on Jenkins: since the last one",
    platform: "jenkins",
    environment: { GIT_COMMIT: b, GIT_PREVIOUS_COMMIT: a },
    scope: { kind: "range", tip: b, known: [a] },
  },
  {
    when: "a first build on Jenkins",
    platform: "jenkins",
    environment: { GIT_COMMIT: b },
    scope: all,
  },
  {
    when: "a pull request on Bitbucket",
    platform: "bitbucket",
    environment: {
      BITBUCKET_PR_ID: "1",
      BITBUCKET_COMMIT: b,
      BITBUCKET_PR_DESTINATION_COMMIT: "aaaaaaaaaaaa",
      BITBUCKET_PR_DESTINATION_BRANCH: "main",
    },
    scope: { kind: "range", tip: b, known: ["aaaaaaaaaaaa", main] },
  },
  {
    when: "a push on Bitbucket",
    platform: "bitbucket",
    environment: { BITBUCKET_COMMIT: b },
    scope: all,
  },
  {
    when: "a pull request on Azure Pipelines",
    platform: "azure",
    environment: {
      BUILD_REASON: "PullRequest",
      SYSTEM_PULLREQUEST_SOURCECOMMITID: b,
      SYSTEM_PULLREQUEST_TARGETBRANCH: "refs/heads/main",
    },
    scope: { kind: "range", tip: b, known: [main] },
  },
  {
    when: "a schedule on Azure Pipelines",
    platform: "azure",
    environment: { BUILD_REASON: "Schedule" },
    scope: all,
  },
  { when: "CircleCI", platform: "circleci", environment: { CIRCLE_SHA1: b }, scope: all },
  {
    when: "a platform that nobody knows",
    platform: "generic",
    environment: { CI: "1" },
    scope: all,
  },
  {
    when: "a range that the job names itself, on any platform",
    platform: "generic",
    environment: { DASHLEAKS_FROM: a, DASHLEAKS_TO: b },
    scope: { kind: "range", tip: b, known: [a] },
  },
];

describe("a CI job", () => {
  it.each(cases)("scans for $when", ({ platform, environment, event, scope }) => {
    const plan = ciPlan(platform, environment, event);
    expect(plan.scope).toMatchObject(scope);
    expect(plan.reason).not.toBe("");
  });

  it.each([
    [
      "github",
      { GITHUB_HEAD_REF: "topic", GITHUB_REF: "refs/pull/1/merge" },
      ["topic", "refs/pull/1/merge"],
    ],
    ["gitlab", { CI_COMMIT_REF_NAME: "topic" }, ["topic"]],
    ["jenkins", { BRANCH_NAME: "PR-1", CHANGE_BRANCH: "topic" }, ["topic", "PR-1"]],
    ["bitbucket", { BITBUCKET_BRANCH: "topic" }, ["topic"]],
    ["azure", { BUILD_SOURCEBRANCH: "refs/heads/topic" }, ["refs/heads/topic"]],
    ["circleci", { CIRCLE_BRANCH: "topic" }, ["topic"]],
    ["generic", {}, []],
  ] as const)("knows on %s what the change's branch is called", (platform, environment, names) => {
    const plan = ciPlan(platform, { ...environment, DASHLEAKS_FROM: a, DASHLEAKS_TO: b });
    expect(plan.scope).toEqual({ kind: "range", tip: b, known: [a], names });
  });

  it("takes Gitea's runners for what they speak, and unknown ones for generic", () => {
    expect(ciPlatformOf("GITEA_ACTIONS")).toBe("github");
    expect(ciPlatformOf("TEAMCITY")).toBe("generic");
    expect(ciPlatformOf(null)).toBe("generic");
  });

  it("can name the setting for a whole clone on every platform", () => {
    expect(ciPlatforms.filter((platform) => fullCloneSetting[platform].length < 20)).toEqual([]);
  });
});

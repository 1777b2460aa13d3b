// `dashleaks ci` as a job runs it: in a clone, with the platform's variables.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dashleaks, type Ran } from "../support/dashleaks.js";
import { mint } from "../support/mint.js";
import {
  freshRepository,
  openRepository,
  temporaryFolder,
  type TestRepository,
} from "../support/repository.js";

/** No variable of the machine that runs the tests may tell where the job is. */
const nowhere = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) =>
      /^(?:CI|GITHUB|GITLAB|JENKINS|BUILD|BITBUCKET|CIRCLE|SYSTEM|TF|RUN_ID|GITEA)/u.test(name),
    )
    .map((name) => [name, ""]),
);

function job(
  clone: TestRepository,
  environment: Record<string, string>,
  ...args: string[]
): Promise<Ran> {
  return dashleaks(["ci", ...args], {
    cwd: clone.path,
    environment: { ...nowhere, ...environment },
  });
}

/** A repository whose history holds an old key, and a branch that adds none; cloned whole. */
function project(): { clone: TestRepository; base: string; head: string; oldKey: string } {
  const origin = freshRepository();
  const oldKey = mint("payg-compact");
  origin.commit({ "old.env": `K=${oldKey}\n` });
  const base = origin.commit({ "old.env": "K=\n" });
  origin.git("checkout", "-q", "-b", "topic");
  const head = origin.commit({ "b.txt": "clean\n" });
  return { clone: cloneOf(origin), base, head, oldKey };
}

function cloneOf(origin: TestRepository, ...args: string[]): TestRepository {
  const path = join(temporaryFolder(), "clone");
  origin.git("clone", "-q", ...args, `file://${origin.path}`, path);
  return openRepository(path);
}

function githubEvent(event: unknown): Record<string, string> {
  const path = join(temporaryFolder(), "event.json");
  writeFileSync(path, JSON.stringify(event));
  return { GITHUB_ACTIONS: "true", GITHUB_EVENT_PATH: path };
}

describe("dashleaks ci", () => {
  it("passes a pull request on GitHub that adds no key, whatever history holds", async () => {
    const { clone, base, head } = project();
    const event = { pull_request: { head: { sha: head }, base: { sha: base, ref: "main" } } };
    const ran = await job(clone, { ...githubEvent(event), GITHUB_EVENT_NAME: "pull_request" });
    expect(ran.stderr).toContain("github: pull request: base to head");
    expect(ran.status).toBe(0);
  });

  it("fails one that adds a key, and tells GitHub where", async () => {
    const { clone, base } = project();
    const key = mint("token-plan-compact");
    const head = clone.commit({ "c.env": `# conf\nK=${key}\n` });
    const event = { pull_request: { head: { sha: head }, base: { sha: base, ref: "main" } } };
    const summary = join(temporaryFolder(), "summary.md");
    const ran = await job(clone, {
      ...githubEvent(event),
      GITHUB_EVENT_NAME: "pull_request",
      GITHUB_STEP_SUMMARY: summary,
    });
    expect(ran.status).toBe(1);
    expect(ran.stdout).toMatch(/^::error file=c\.env,line=2,col=3,title=[^:]+::/mu);
    expect(readFileSync(summary, "utf8")).toContain("1 leaked key");
    expect(readFileSync(join(clone.path, "dashleaks.sarif"), "utf8")).toContain('"2.1.0"');
    expect(ran.stdout + ran.stderr).not.toContain(key.slice(12, 40));
  });

  it("audits everything for a schedule, and finds the old key", async () => {
    const { clone } = project();
    const ran = await job(clone, { ...githubEvent({}), GITHUB_EVENT_NAME: "schedule" });
    expect(ran.stderr).toContain("schedule: everything");
    expect(ran.status).toBe(1);
  });

  it("writes GitLab's report for a merge request, or the one that is asked for", async () => {
    const { clone, base, head } = project();
    const environment = {
      GITLAB_CI: "true",
      CI_PIPELINE_SOURCE: "merge_request_event",
      CI_COMMIT_SHA: head,
      CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
    };
    expect((await job(clone, environment)).status).toBe(0);
    const report = join(clone.path, "gl-secret-detection-report.json");
    expect(readFileSync(report, "utf8")).toContain("15.2.1");
    expect((await job(clone, environment, "--output", "other.json")).status).toBe(0);
    expect(existsSync(join(clone.path, "other.json"))).toBe(true);
  });

  it("refuses a shallow clone, and names the setting to change", async () => {
    const origin = freshRepository();
    origin.commit({ a: "1" });
    origin.commit({ a: "2" });
    const clone = cloneOf(origin, "--depth", "1");
    const ran = await job(clone, { GITLAB_CI: "true", CI_PIPELINE_SOURCE: "push" });
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr).toContain('GIT_DEPTH: "0"');
  });

  it("points out that a change also changes what lets keys pass", async () => {
    const { clone, base } = project();
    const head = clone.commit({ ".dashleaks.toml": 'exclude = ["x"]\n' });
    const ran = await job(clone, { DASHLEAKS_FROM: base, DASHLEAKS_TO: head });
    expect(ran.status).toBe(0);
    expect(ran.stdout + ran.stderr).toContain("also changes .dashleaks.toml");
  });

  it("does not take a range for clean whose end is not there", async () => {
    const { clone } = project();
    const ran = await job(clone, { DASHLEAKS_FROM: "HEAD", DASHLEAKS_TO: "a".repeat(40) });
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr).toContain("is not in this repository");
  });
});

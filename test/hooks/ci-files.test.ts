// The files that others include (action, template, hook list) and the README's examples, run.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mint } from "../support/mint.js";
import { freshRepository, temporaryFolder, type TestRepository } from "../support/repository.js";

const project = join(import.meta.dirname, "../..");
const text = (file: string): string => readFileSync(join(project, file), "utf8");
const { version } = JSON.parse(text("package.json")) as { version: string };

/** A folder for PATH in which `npx … dashleaks…` and the package's programs are this package's. */
function programs(): string {
  const folder = join(temporaryFolder(), "bin");
  mkdirSync(folder);
  const script = (name: string, lines: string): void =>
    writeFileSync(join(folder, name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  const node = `exec '${process.execPath}' '${join(project, "bin/dashleaks.js")}' "$@"`;
  script("npx", `while [ "\${1#dashleaks}" = "$1" ]; do shift; done; shift; ${node}`);
  script("dashleaks", node);
  script("dashleaks-hook", `exec '${join(project, "bin/dashleaks-hook")}' "$@"`);
  return folder;
}

function shell(command: string, { path }: TestRepository, environment: Record<string, string>) {
  return spawnSync("/bin/sh", ["-e", "-c", command], {
    cwd: path,
    encoding: "utf8",
    env: {
      PATH: `${programs()}:${process.env["PATH"] ?? ""}`,
      HOME: path,
      GIT_CONFIG_GLOBAL: "/dev/null",
      ...environment,
    },
  });
}

/** A repository with a base commit, and a head with or without a key. */
function change(withKey: boolean): { repository: TestRepository; base: string; head: string } {
  const repository = freshRepository();
  const base = repository.commit({ a: "1" });
  const head = repository.commit({ a: withKey ? `K=${mint("payg-compact")}\n` : "2" });
  return { repository, base, head };
}

describe.each([
  ["with a key", true, 1],
  ["without a key", false, 0],
] as const)("a change %s", (_what, withKey, status) => {
  it("gets its status from the action's own command on GitHub", () => {
    const { repository, base, head } = change(withKey);
    const event = join(temporaryFolder(), "event.json");
    writeFileSync(event, JSON.stringify({ ref: "refs/heads/main", before: base, after: head }));
    const command = /^ +run: (.*)$/mu.exec(text("action.yml"))?.[1] ?? "false";
    const ran = shell(command, repository, {
      GITHUB_ACTIONS: "true",
      GITHUB_EVENT_NAME: "push",
      GITHUB_EVENT_PATH: event,
      DASHLEAKS_ARGUMENTS: "--no-progress --fail-on likely",
    });
    expect(ran.stderr).toContain("push: before to after");
    expect(ran.status).toBe(status);
  });

  it("gets its status from the template's script on GitLab", () => {
    const { repository, base, head } = change(withKey);
    const template = text(".gitlab/dashleaks.gitlab-ci.yml");
    const command = /^ +script:\n +- (.*)$/mu.exec(template)?.[1] ?? "false";
    const ran = shell(command, repository, {
      GITLAB_CI: "true",
      CI_PIPELINE_SOURCE: "push",
      CI_COMMIT_BEFORE_SHA: base,
      CI_COMMIT_SHA: head,
    });
    expect(ran.status).toBe(status);
    const report = /secret_detection: (.*)$/mu.exec(template)?.[1] ?? "";
    expect(readFileSync(join(repository.path, report), "utf8")).toContain("15.2.1");
  });

  it("gets its status by hand under the pre-commit framework, where nothing is staged", () => {
    const { repository } = change(withKey);
    const entry = /^ {2}entry: (.* pre-commit)$/mu.exec(text(".pre-commit-hooks.yaml"))?.[1];
    const ran = shell(entry ?? "false", repository, { PRE_COMMIT: "1" });
    expect(ran.status).toBe(status);
  });

  it("gets its status from what the README tells CI jobs to run", () => {
    const { repository, base, head } = change(withKey);
    expect(text("README.md")).toContain("\nnpx dashleaks ci\n");
    const environment = { DASHLEAKS_FROM: base, DASHLEAKS_TO: head };
    expect(shell("npx dashleaks ci", repository, environment).status).toBe(status);
  });
});

describe("the files that others include", () => {
  it.each(["action.yml", ".gitlab/dashleaks.gitlab-ci.yml"])("name this version in %s", (file) => {
    const named = [...text(file).matchAll(/dashleaks@(\S+)/gu)].map(([, each]) => each);
    expect(named).toEqual([version]);
  });

  it("sets up the README's hook by the README's command", () => {
    const { repository } = change(false);
    expect(text("README.md")).toContain("\nnpx dashleaks hook install\n");
    expect(shell("npx dashleaks hook install", repository, {}).status).toBe(0);
    const status = shell("dashleaks hook status", repository, {});
    expect(status.stdout).toContain("pre-commit: installed");
  });

  it("guards this repository through husky", () => {
    for (const hook of ["pre-commit", "commit-msg", "pre-push"]) {
      expect(text(`.husky/${hook}`)).toBe(`bin/dashleaks-hook ${hook} "$@"\n`);
    }
  });
});

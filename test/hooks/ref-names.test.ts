// A branch or a tag whose name holds a key: pushing it publishes the key, whatever it points at.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dashleaks, dashleaksJson } from "../support/dashleaks.js";
import { mint } from "../support/mint.js";
import { freshRepository, temporaryFolder, type TestRepository } from "../support/repository.js";

const bin = join(import.meta.dirname, "../../bin/dashleaks.js");

/** A repository, all of which is on a bare remote `origin`. */
function pushed(): { readonly repository: TestRepository; readonly remote: string } {
  const repository = freshRepository();
  const remote = join(temporaryFolder(), "origin.git");
  repository.git("init", "-q", "--bare", "-b", "main", remote);
  repository.git("remote", "add", "origin", remote);
  repository.commit({ a: "clean\n" });
  repository.git("push", "-q", "origin", "main");
  return { repository, remote };
}

/** Has a hook of a repository run by the real program. */
function hooked(folder: string, hook: string): void {
  mkdirSync(folder, { recursive: true });
  const call = `exec '${process.execPath}' '${bin}' hook run ${hook} "$@"`;
  writeFileSync(join(folder, hook), `#!/bin/sh\n${call}\n`, { mode: 0o755 });
}

function push({ path }: TestRepository, refspec: string): { status: number | null; said: string } {
  const { NODE_EXTRA_CA_CERTS: _ca, ...inherited } = process.env;
  const ran = spawnSync("git", ["push", "origin", refspec], {
    cwd: path,
    encoding: "utf8",
    env: { ...inherited, HOME: path, GIT_CONFIG_GLOBAL: "/dev/null" },
  });
  return { status: ran.status, said: ran.stderr };
}

/** All that dashleaks said, without what git says of the push. */
function ours(said: string): string {
  const lines = said.split("\n").map((line) => line.replace(/^remote: /u, ""));
  const start = lines.findIndex((line) => line.startsWith("dashleaks: refused"));
  return start === -1 ? "" : lines.slice(start, start + 4).join("\n");
}

describe("a key in the name of a new ref", () => {
  it.each([
    { kind: "branch", refs: "refs/heads" },
    { kind: "tag", refs: "refs/tags" },
  ])("keeps the $kind from being pushed, and is not shown", ({ refs }) => {
    const { repository } = pushed();
    hooked(join(repository.path, ".git/hooks"), "pre-push");
    const key = mint("payg-compact");
    const { status, said } = push(repository, `main:${refs}/n-${key}`);
    expect(status).not.toBe(0);
    expect(ours(said)).toContain("would publish 1 key.");
    expect(ours(said)).toContain("push it under a name without the key");
    expect(ours(said)).not.toContain(key.slice(8, 24));
    expect(push(repository, `main:${refs}/clean`).status).toBe(0);
  });

  it("is refused by the server", () => {
    const { repository, remote } = pushed();
    hooked(join(remote, "hooks"), "pre-receive");
    const { status, said } = push(repository, `main:refs/heads/n-${mint("token-plan-compact")}`);
    expect(status).not.toBe(0);
    expect(ours(said)).toContain("would publish 1 key.");
  });

  it("is refused when the pre-commit framework passes the push on", async () => {
    const { repository } = pushed();
    const tip = repository.git("rev-parse", "HEAD");
    const environment = {
      PRE_COMMIT: "1",
      PRE_COMMIT_REMOTE_NAME: "origin",
      PRE_COMMIT_REMOTE_BRANCH: `refs/heads/n-${mint("payg-compact")}`,
    };
    for (const range of [{}, { PRE_COMMIT_FROM_REF: tip, PRE_COMMIT_TO_REF: tip }]) {
      const ran = await dashleaks(["hook", "run", "pre-push", "origin", "url"], {
        cwd: repository.path,
        environment: { ...environment, ...range },
      });
      expect(ran.status).toBe(1);
      expect(ran.stderr).toContain("would publish 1 key.");
    }
  });

  it("stops neither the deletion of such a ref nor a push to it, as it is there already", () => {
    const { repository } = pushed();
    const name = `refs/heads/n-${mint("payg-compact")}`;
    push(repository, `main:${name}`);
    repository.commit({ a: "more\n" });
    hooked(join(repository.path, ".git/hooks"), "pre-push");
    expect(push(repository, `main:${name}`).status).toBe(0);
    expect(push(repository, `:${name}`).status).toBe(0);
  });

  it("is found by --range when the branch is named, or checked out", async () => {
    const { repository } = pushed();
    const key = mint("payg-compact");
    repository.git("checkout", "-q", "-b", `n-${key}`);
    for (const range of [`origin/main..n-${key}`, "origin/main.."]) {
      const { ran, report } = await dashleaksJson(["--range", range], { cwd: repository.path });
      expect(ran.status).toBe(1);
      expect(ran.stdout + ran.stderr).not.toContain(key.slice(8, 24));
      expect(report.keys).toMatchObject([{ places: [{ kind: "ref-name" }] }]);
    }
  });

  it("fails the job of the change that has this branch", async () => {
    const { repository } = pushed();
    const from = repository.git("rev-parse", "HEAD");
    const to = repository.commit({ a: "more\n" });
    const key = mint("payg-compact");
    const ran = await dashleaks(["ci"], {
      cwd: repository.path,
      environment: {
        CI: "true",
        GITLAB_CI: "true",
        GITHUB_ACTIONS: "",
        CI_PIPELINE_SOURCE: "merge_request_event",
        CI_COMMIT_SHA: to,
        CI_MERGE_REQUEST_DIFF_BASE_SHA: from,
        CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: `n-${key}`,
      },
    });
    expect(ran.status).toBe(1);
    expect(ran.stdout + ran.stderr).not.toContain(key.slice(8, 24));
  });
});

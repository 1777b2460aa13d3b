// What a refused push is told to do is done, by real git, as it was told.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dashleaks } from "../support/dashleaks.js";
import { mint } from "../support/mint.js";
import { freshRepository, type TestRepository } from "../support/repository.js";

const leak = (): string => `DASHSCOPE_API_KEY=${mint("payg-compact")}\n`;

/** A first push of a branch, as its hook is told of it. */
async function push({
  path,
  git,
}: TestRepository): Promise<{ status: number | null; said: string }> {
  const zeros = "0".repeat(40);
  const ran = await dashleaks(["hook", "run", "pre-push", "nowhere", "nowhere"], {
    cwd: path,
    input: `refs/heads/main ${git("rev-parse", "HEAD")} refs/heads/main ${zeros}\n`,
  });
  return { status: ran.status, said: ran.stderr };
}

/** Does what stands in the brackets: the command, and the change to its list. */
function followHint({ path }: TestRepository, said: string): void {
  const hint =
    /rewrite commit (\w+) \((git rebase [^,]+), (mark it "edit"|write "break" behind it)\)/u;
  const [, named = "", command = "", change] = hint.exec(said) ?? [];
  const commit = named.slice(0, 7);
  const edit =
    change === 'mark it "edit"' ? `s/^pick ${commit}/edit ${commit}/` : `/ ${commit}/a break`;
  execFileSync("sh", ["-c", command], {
    cwd: path,
    stdio: "pipe",
    env: {
      ...process.env,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_NAME: "A",
      GIT_AUTHOR_EMAIL: "a@example.com",
      GIT_COMMITTER_NAME: "C",
      GIT_COMMITTER_EMAIL: "c@example.com",
      GIT_SEQUENCE_EDITOR: `sed -i -e '${edit}'`,
      GIT_EDITOR: "true",
    },
  });
}

describe("the way out of a refused push", () => {
  const root = (repository: TestRepository): void => {
    repository.commit({ "b.env": leak() });
    repository.commit({ a: "2" });
  };
  const ordinary = (repository: TestRepository): void => {
    repository.commit({ a: "1" });
    repository.commit({ "b.env": leak() });
    repository.commit({ a: "2" });
  };
  const merge = (repository: TestRepository): void => {
    repository.commit({ a: "1" });
    repository.git("checkout", "-q", "-b", "topic");
    repository.commit({ c: "3" });
    repository.git("checkout", "-q", "main");
    repository.commit({ a: "2" });
    repository.git("merge", "-q", "--no-commit", "topic");
    repository.commit({ "b.env": leak() });
  };

  it.each([
    ["the first commit of all", root],
    ["a commit like others", ordinary],
    ["a merge", merge],
  ])("leads out where %s brought the key", async (_, make) => {
    const repository = freshRepository();
    make(repository);
    const before = repository.git("rev-list", "--count", "HEAD");
    const refused = await push(repository);
    expect(refused.status).toBe(1);
    followHint(repository, refused.said);
    writeFileSync(join(repository.path, "b.env"), "DASHSCOPE_API_KEY=\n");
    repository.git("commit", "-q", "-a", "--amend", "--no-edit");
    repository.git("rebase", "--continue");
    expect(repository.git("rev-list", "--count", "HEAD")).toBe(before);
    expect(await push(repository)).toEqual({ status: 0, said: "" });
  });

  it("leads out where a note holds the key, which no rebase reaches", async () => {
    const repository = freshRepository();
    const head = repository.commit({ a: "1" });
    repository.git("notes", "add", "-m", `use ${leak()}`);
    const attempt = async (): Promise<{ status: number | null; said: string }> => {
      const ran = await dashleaks(["hook", "run", "pre-push", "nowhere", "nowhere"], {
        cwd: repository.path,
        input: `refs/notes/commits ${repository.git("rev-parse", "refs/notes/commits")} refs/notes/commits ${"0".repeat(40)}\n`,
      });
      return { status: ran.status, said: ran.stderr };
    };
    const { said, status } = await attempt();
    expect([status, said.includes("rebase")]).toEqual([1, false]);
    const [, command = ""] = /Take it out: (git notes .*); reset the key/u.exec(said) ?? [];
    expect(command).toContain(head.slice(0, 12));
    const name = { GIT_AUTHOR_NAME: "A", GIT_AUTHOR_EMAIL: "a@example.com" };
    const committer = { GIT_COMMITTER_NAME: "C", GIT_COMMITTER_EMAIL: "c@example.com" };
    const env = { ...process.env, ...name, ...committer };
    execFileSync("sh", ["-c", command], { cwd: repository.path, stdio: "pipe", env });
    expect(await attempt()).toEqual({ status: 0, said: "" });
  });
});

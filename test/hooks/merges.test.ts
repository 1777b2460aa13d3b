// Merges, by real git: what a parent holds already is told, what the merge itself adds is refused.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dashleaks, dashleaksJson } from "../support/dashleaks.js";
import { mint } from "../support/mint.js";
import {
  freshRepository,
  openRepository,
  temporaryFolder,
  type TestRepository,
} from "../support/repository.js";

const assignment = (key: string): string => `DASHSCOPE_API_KEY=${key}\n`;
const encoded = (text: string): string => `${Buffer.from(text).toString("base64")}\n`;
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index}\n`).join("");

const preCommit = ({ path }: Pick<TestRepository, "path">) =>
  dashleaks(["hook", "run", "pre-commit"], { cwd: path });

/** A branch for each list of files, from one base; `main` has one more commit. */
function branches(...sides: readonly Record<string, string>[]): TestRepository {
  const repository = freshRepository();
  repository.commit({ a: "base\n" });
  for (const [index, files] of sides.entries()) {
    repository.git("checkout", "-q", "-b", `topic-${index}`, "main");
    repository.commit(files);
  }
  repository.git("checkout", "-q", "main");
  repository.commit({ b: "ours\n" });
  return repository;
}

describe("a commit that ends a merge", () => {
  it("is let pass with a key that the merged branch holds, which is told", async () => {
    const repository = branches({ ".env": assignment(mint("payg-compact")) });
    repository.git("merge", "-q", "--no-commit", "topic-0");
    const ran = await preCommit(repository);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain(
      "not refused, because a commit that is being merged holds it already",
    );
  });

  it("is let pass with keys of each of several merged branches, encoded or in another file", async () => {
    const repository = branches(
      { "one.env": assignment(mint("payg-compact")) },
      { "two.txt": encoded(assignment(mint("payg-v2"))), "old.txt": encoded(mint("coding-plan")) },
    );
    repository.git("merge", "-q", "--no-commit", "topic-0", "topic-1");
    repository.git("mv", "one.env", "renamed.env");
    repository.git("mv", "old.txt", "new.txt");
    expect(await preCommit(repository)).toMatchObject({
      status: 0,
      stderr: expect.stringContaining("and 2 more"),
    });
  });

  it("is refused with a key that no parent holds", async () => {
    const known = assignment(mint("payg-compact"));
    const repository = branches({ ".env": known });
    repository.git("merge", "-q", "--no-commit", "topic-0");
    repository.write(".env", `${known}OTHER=${mint("token-plan-compact")}\n`);
    repository.git("add", "-A");
    const ran = await preCommit(repository);
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("refused: this commit would add 1 key.");
  });

  it("is judged by the merge of its own worktree", async () => {
    const repository = branches({ ".env": assignment(mint("payg-compact")) });
    const linked = join(temporaryFolder(), "linked");
    repository.git("worktree", "add", "-q", "-b", "other", linked, "main~1");
    openRepository(linked).git("merge", "-q", "--no-ff", "--no-commit", "topic-0");
    expect((await preCommit({ path: linked })).status).toBe(0);
    repository.git("checkout", "-q", "topic-0", "--", ".env");
    expect((await preCommit(repository)).status).toBe(1);
  });
});

describe("a push of a merge", () => {
  /** Pushed: `main` with a key. Not pushed: `topic`, whose merge of it makes a new version of the file. */
  function merged(merge: (repository: TestRepository) => void): {
    readonly repository: TestRepository;
    readonly push: () => ReturnType<typeof dashleaks>;
  } {
    const repository = freshRepository();
    const remote = join(temporaryFolder(), "origin.git");
    execFileSync("git", ["init", "-q", "--bare", "-b", "main", remote]);
    repository.git("remote", "add", "origin", remote);
    repository.commit({ a: lines(0, 20) });
    repository.git("checkout", "-q", "-b", "topic");
    repository.commit({ a: `${lines(0, 19)}changed\n` });
    repository.git("checkout", "-q", "main");
    repository.commit({ a: assignment(mint("payg-compact")) + lines(1, 20) });
    repository.git("push", "-q", "origin", "main");
    repository.git("checkout", "-q", "topic");
    merge(repository);
    const to = repository.git("rev-parse", "topic");
    const zeros = "0".repeat(40);
    const push = () =>
      dashleaks(["hook", "run", "pre-push", "origin", remote], {
        cwd: repository.path,
        input: `refs/heads/topic ${to} refs/heads/topic ${zeros}\n`,
      });
    return { repository, push };
  }

  it("is let pass with a key that a parent has published, which is told", async () => {
    const { repository, push } = merged((topic) => topic.git("merge", "-q", "main"));
    expect(repository.git("show", "topic:a")).toMatch(/^DASHSCOPE_API_KEY=(.|\n)*changed$/u);
    const pushed = await push();
    expect(pushed.status).toBe(0);
    expect(pushed.stderr).toContain("not refused, because a commit that is there already holds it");
    const { ran, report } = await dashleaksJson(["--range", "main..topic"], {
      cwd: repository.path,
    });
    expect(ran.status).toBe(0);
    expect(report.keys).toMatchObject([{ suppressed: { by: "head" } }]);
  });

  it("is refused with a key that no parent holds, and names the merge", async () => {
    const { repository, push } = merged((topic) => {
      topic.git("merge", "-q", "--no-commit", "main");
      topic.write("evil.env", assignment(mint("token-plan-compact")));
      topic.git("add", "-A");
      topic.git("commit", "-q", "-m", "merge");
    });
    const pushed = await push();
    expect(pushed.status).toBe(1);
    expect(pushed.stderr).toContain("would publish 1 key.");
    const merge = repository.git("rev-parse", "--short=8", "topic");
    expect(pushed.stderr).toContain(`evil.env:1:19 in commit ${merge}`);
  });

  it("is refused with a key of a parent that is not there yet, and names that parent", async () => {
    const { repository, push } = merged((topic) => {
      topic.git("checkout", "-q", "-b", "third", "topic");
      topic.commit({
        a: `${lines(0, 10)}${assignment(mint("coding-plan"))}${lines(11, 19)}changed\n`,
      });
      topic.git("checkout", "-q", "topic");
      topic.commit({ a: `${lines(0, 18)}changed\nchanged\n` });
      topic.git("merge", "-q", "third", "-X", "ours");
    });
    const pushed = await push();
    expect(pushed.status).toBe(1);
    const culprit = repository.git("rev-parse", "--short=8", "third");
    expect(pushed.stderr).toContain(`rewrite commit ${culprit}`);
  });

  it("is let pass with another change of a file, or beside a name, that holds a published key", async () => {
    const repository = freshRepository();
    const text = encoded(assignment(mint("payg-compact")));
    const from = repository.commit({ "d/a.txt": text, [`d/${mint("coding-plan")}.txt`]: "" });
    const to = repository.commit({ "d/a.txt": `changed\n\n${text}` });
    const push = (old: string) =>
      dashleaks(["hook", "run", "pre-push", "nowhere", "nowhere"], {
        cwd: repository.path,
        input: `refs/heads/main ${to} refs/heads/main ${old}\n`,
      });
    expect(await push(from)).toMatchObject({
      status: 0,
      stderr: expect.stringContaining("and 1 more"),
    });
    expect((await push("0".repeat(40))).status).toBe(1);
  });
});

// What the configuration leaves out is left out of commits and pushes, too, by real hooks' calls.
import { describe, expect, it } from "vitest";
import { dashleaks, dashleaksJson } from "../support/dashleaks.js";
import { mint } from "../support/mint.js";
import { freshRepository, type TestRepository } from "../support/repository.js";

const assignment = (key: string): string => `DASHSCOPE_API_KEY=${key}\n`;

/** A repository that leaves its fixtures out, with one commit. */
function configured(): TestRepository {
  const repository = freshRepository();
  repository.commit({ ".dashleaks.toml": 'exclude = ["fixtures/"]\n', "a.txt": "clean\n" });
  return repository;
}

const push = (to: string, from: string): string =>
  `refs/heads/main ${to} refs/heads/main ${from}\n`;

async function prePush({ path }: TestRepository, to: string, from: string) {
  return dashleaks(["hook", "run", "pre-push", "somewhere", "somewhere"], {
    cwd: path,
    input: push(to, from),
  });
}

describe("what the configuration leaves out", () => {
  it("may be committed, and the report counts it", async () => {
    const repository = configured();
    const key = mint("payg-compact");
    repository.write("fixtures/a.env", assignment(key));
    repository.write(`fixtures/${key}.txt`, "named like a key\n");
    repository.write("b.txt", "clean\n");
    repository.git("add", "-A");
    const hook = await dashleaks(["hook", "run", "pre-commit"], { cwd: repository.path });
    expect(hook).toEqual({ status: 0, stdout: "", stderr: "" });
    const { ran, report } = await dashleaksJson(["--staged"], { cwd: repository.path });
    expect([ran.status, report.keys]).toEqual([0, []]);
    expect(report.coverage).toMatchObject({
      objects: 1,
      skipped: [{ what: "staged files", reason: "left out by include and exclude", count: 2 }],
    });
    const unconfigured = await dashleaks(["--staged", "--no-config"], { cwd: repository.path });
    expect(unconfigured.status).toBe(1);
  });

  it("does not hide the same text under another path from a commit", async () => {
    const repository = configured();
    const text = assignment(mint("payg-compact"));
    repository.write("fixtures/a.env", text);
    repository.write("src/b.env", text);
    repository.git("add", "-A");
    const { ran, report } = await dashleaksJson(["--staged"], { cwd: repository.path });
    expect(ran.status).toBe(1);
    expect(report.keys.flatMap(({ places }) => places.map(({ path }) => path))).toEqual([
      "src/b.env",
    ]);
  });

  it("may be pushed, and the report counts it", async () => {
    const repository = configured();
    const from = repository.git("rev-parse", "HEAD");
    const to = repository.commit({ "fixtures/a.env": assignment(mint("payg-compact")) });
    expect(await prePush(repository, to, from)).toEqual({ status: 0, stdout: "", stderr: "" });
    const { ran, report } = await dashleaksJson(["--range", `${from}..`], { cwd: repository.path });
    expect([ran.status, report.keys]).toEqual([0, []]);
    expect(report.coverage).toMatchObject({
      skipped: [
        { what: "git objects with keys", reason: "left out by include and exclude", count: 1 },
      ],
    });
    const unconfigured = await dashleaks(["--range", `${from}..`, "--no-config"], {
      cwd: repository.path,
    });
    expect(unconfigured.status).toBe(1);
  });

  it("does not hide an object that the push brings under another path, then or later", async () => {
    const repository = configured();
    const from = repository.git("rev-parse", "HEAD");
    const text = assignment(mint("payg-compact"));
    repository.commit({ "fixtures/a.env": text });
    const moved = repository.commit({ "src/b.env": text });
    repository.git("rm", "-q", "src/b.env");
    const to = repository.commit({ "c.txt": "clean\n" });
    const pushed = await prePush(repository, to, from);
    expect(pushed.status).toBe(1);
    expect(pushed.stderr).toContain(`src/b.env:1:19 in commit ${moved.slice(0, 8)}`);
  });

  it("does not hide a key in the message of a commit, which has no path", async () => {
    const repository = configured();
    const from = repository.git("rev-parse", "HEAD");
    const to = repository.commit({ "fixtures/a": "clean\n" }, `for ${mint("payg-compact")}`);
    expect((await prePush(repository, to, from)).status).toBe(1);
  });

  it("does not stop a push because it cannot be looked into", async () => {
    const repository = configured();
    const from = repository.git("rev-parse", "HEAD");
    const xz = "\u00fd7zXZ\0 and the rest";
    const to = repository.commit({ "fixtures/a.xz": Buffer.from(xz, "latin1") });
    expect(await prePush(repository, to, from)).toEqual({ status: 0, stdout: "", stderr: "" });
    const again = repository.commit({ "b.xz": Buffer.from(`${xz}, too`, "latin1") });
    expect((await prePush(repository, again, to)).status).toBe(2);
  });

  it("is all but what --include names, in a range as among files", async () => {
    const repository = freshRepository();
    const from = repository.commit({ "a.txt": "clean\n" });
    repository.commit({ "b.env": assignment(mint("payg-compact")), "c.py": "clean\n" });
    const scan = async (glob: string) =>
      (await dashleaks(["--range", `${from}..`, "--include", glob], { cwd: repository.path }))
        .status;
    expect([await scan("*.py"), await scan("*.env")]).toEqual([0, 1]);
  });

  it("is not reported from the history, however often it was changed, unless it lay elsewhere", async () => {
    const repository = configured();
    const key = mint("payg-compact");
    for (const text of ["", "a line before\n", "two\nlines before\n"]) {
      repository.commit({ "fixtures/a.env": text + assignment(key) });
    }
    const clean = await dashleaksJson([], { cwd: repository.path });
    expect([clean.ran.status, clean.report.keys]).toEqual([0, []]);
    expect(clean.report.coverage).toMatchObject({
      skipped: [
        { what: "git objects with keys", reason: "left out by include and exclude", count: 3 },
      ],
    });
    repository.git("mv", "fixtures/a.env", "b.env");
    repository.commit({});
    repository.git("rm", "-q", "b.env");
    repository.commit({});
    const { ran, report } = await dashleaksJson([], { cwd: repository.path });
    expect(ran.status).toBe(1);
    expect(report.keys.flatMap(({ places }) => places.map(({ path }) => path))).toEqual(["b.env"]);
  });

  it("is shown all the same by a proof that a key is gone", async () => {
    const repository = configured();
    const key = mint("payg-compact");
    repository.commit({ "fixtures/a.env": assignment(key) });
    const proof = await dashleaks(["prove", "-"], { cwd: repository.path, input: `${key}\n` });
    expect(proof.status).toBe(1);
    expect(proof.stdout).toContain("fixtures/a.env");
  });
});

// A file that is named: the audit of that path, and what is said where only files are looked at.
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dashleaks, dashleaksJson } from "./support/dashleaks.js";
import { mint } from "./support/mint.js";
import { freshRepository, openRepository, temporaryFolder } from "./support/repository.js";

const assignment = (key: string): string => `DASHSCOPE_API_KEY=${key}\n`;

describe("a file that is named", () => {
  it("is audited with its history, and nothing else is", async () => {
    const repository = freshRepository();
    const commit = repository.commit({
      "d/x": assignment(mint("payg-compact")),
      "d/other": assignment(mint("payg-compact")),
    });
    const { report, ran } = await dashleaksJson(["d/x"], { cwd: repository.path });
    expect(ran.status).toBe(1);
    expect(report.keys).toMatchObject([{ exposure: "committed", action: "reset" }]);
    expect(report.keys[0]?.places).toMatchObject([
      { kind: "commit", path: "d/x", commit },
      { kind: "file", path: "d/x", line: 1 },
    ]);
    const text = await dashleaks(["d/x"], { cwd: repository.path });
    expect(text.stdout).not.toContain("not committed");
  });

  it("has keys that only its history and the index hold", async () => {
    const repository = freshRepository();
    const [old, staged] = [mint("payg-compact"), mint("token-plan-compact")];
    repository.commit({ x: assignment(old) });
    repository.write("x", assignment(staged));
    repository.git("add", "x");
    repository.write("x", "K=\n");
    const { report } = await dashleaksJson(["x"], { cwd: repository.path });
    const kinds = report.keys.map(({ exposure, places }) => [exposure, places[0]?.kind]);
    expect(kinds).toEqual([
      ["committed", "commit"],
      ["staged", "index"],
    ]);
  });

  it("is read although git ignores it, alone and besides the whole", async () => {
    const repository = freshRepository();
    repository.commit({ ".gitignore": "*.env\n" });
    repository.write("local.env", assignment(mint("payg-compact")));
    for (const args of [["local.env"], [".", "local.env"], ["local.env", "."]]) {
      const { report } = await dashleaksJson(args, { cwd: repository.path });
      expect(report.keys).toMatchObject([{ exposure: "working-tree", places: [{ kind: "file" }] }]);
    }
    expect((await dashleaks(["."], { cwd: repository.path })).status).toBe(0);
  });

  it("is not held responsible for what cannot be looked at elsewhere in the history", async () => {
    const repository = freshRepository();
    const xz = Buffer.from("fd377a585a000004e6d6b446", "hex");
    repository.commit({ "a.txt": "clean\n", "b.xz": Buffer.concat([xz, Buffer.alloc(64, 1)]) });
    expect((await dashleaks(["b.xz"], { cwd: repository.path })).status).toBe(2);
    expect((await dashleaks(["a.txt"], { cwd: repository.path })).status).toBe(0);
  });

  it("is only read where it lies in no repository, or in what git keeps for itself", async () => {
    const repository = freshRepository();
    repository.commit({ a: assignment(mint("payg-compact")) });
    const folder = temporaryFolder();
    writeFileSync(join(folder, "x"), assignment(mint("payg-compact")));
    appendFileSync(join(repository.path, ".git/config"), `# ${assignment(mint("payg-compact"))}`);
    for (const path of [join(folder, "x"), join(repository.path, ".git/config")]) {
      const { report } = await dashleaksJson([path], { cwd: folder });
      expect(report.keys).toMatchObject([{ exposure: "working-tree", places: [{ kind: "file" }] }]);
    }
  });

  it("has the index of its own linked worktree", async () => {
    const repository = freshRepository();
    repository.commit({ a: "1" });
    const linked = join(temporaryFolder(), "linked");
    repository.git("worktree", "add", "-q", linked);
    mkdirSync(join(linked, "d"));
    const there = openRepository(linked);
    there.write("d/x", assignment(mint("payg-compact")));
    there.git("add", "-A");
    const { report } = await dashleaksJson(["d/x"], { cwd: linked });
    expect(report.keys).toMatchObject([{ exposure: "staged" }]);
  });
});

describe("a look at files only", () => {
  it("knows of those that are as git has them how far that got", async () => {
    const origin = freshRepository();
    origin.commit({ x: assignment(mint("payg-compact")) });
    const clone = join(temporaryFolder(), "clone");
    origin.git("clone", "-q", `file://${origin.path}`, clone);
    const { report } = await dashleaksJson(["--tree"], { cwd: clone });
    expect(report.keys).toMatchObject([{ exposure: "pushed", action: "reset" }]);
    expect(report.keys[0]?.places).toMatchObject([
      { kind: "file", exposure: "pushed", commit: null },
    ]);
    const named = await dashleaksJson(["--tree", "x"], { cwd: origin.path });
    expect(named.report.keys).toMatchObject([{ exposure: "committed", action: "reset" }]);
  });

  it("does not call uncommitted what it has not looked for", async () => {
    const repository = freshRepository();
    const key = assignment(mint("payg-compact"));
    repository.commit({ x: key });
    repository.write("x", `# changed\n${key}`);
    const { stdout } = await dashleaks(["--tree"], { cwd: repository.path });
    expect(stdout).not.toContain("that are not committed");
    expect(stdout).toContain("as far as was looked");
  });
});

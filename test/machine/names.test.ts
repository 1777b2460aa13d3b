// A repository's authors may write a key where a name belongs: no command repeats it.
import { createHash } from "node:crypto";
import { renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { dashleaks } from "../support/dashleaks.js";
import { mint, type MintedKind } from "../support/mint.js";
import { freshRepository } from "../support/repository.js";

/** A repository in which the key stands in a path, a branch, an author and the folder's own name. */
function repositoryNamedAfter(key: string): string {
  const { git, write, path } = freshRepository();
  write(`n-${key}`, "x\n");
  write("kept.env", `DASHSCOPE_API_KEY=${key}\n`);
  git("add", ".");
  git("-c", `user.name=N ${key}`, "commit", "-qm", "p");
  git("branch", `b-${key}`);
  const named = join(dirname(path), `folder-${key}`);
  renameSync(path, named);
  return named;
}

const commands: readonly (readonly [readonly string[], number])[] = [
  [["purge-plan"], 1],
  [["purge-plan", "--json"], 1],
  [["scan", "--format", "json", "--fail-on", "none"], 0],
  [["hook", "install"], 0],
  [["hook", "status", "--json"], 0],
  [["hook", "uninstall"], 0],
  [["baseline", "create", "--reason", "known"], 0],
];

describe("a key in the names of a path, a branch, an author and a folder", () => {
  it.each(["payg-legacy", "payg-v2"] satisfies MintedKind[])(
    "is repeated by no command: %s",
    async (kind) => {
      const key = mint(kind);
      const cwd = repositoryNamedAfter(key);
      const fingerprint = `sha256:${createHash("sha256").update(key).digest("hex")}`;
      const proofs = [
        [["prove", fingerprint], 1],
        [["prove", fingerprint, "--json"], 1],
      ] as const;
      for (const [args, status] of [...proofs, ...commands]) {
        const ran = await dashleaks(args, { cwd });
        expect(ran.status, `${args.join(" ")}: ${ran.stderr}`).toBe(status);
        expect(ran.stdout.length).toBeGreaterThan(0);
        expect(ran.stdout + ran.stderr).not.toContain(key.slice(6));
      }
    },
  );
});

describe("a keyed fingerprint", () => {
  it("proves nothing with another secret than the report's", async () => {
    const { commit, path: cwd } = freshRepository();
    commit({ "kept.env": `DASHSCOPE_API_KEY=${mint("payg-v2")}\n` });
    const keyed = (secret: string) => ({
      cwd,
      environment: { DASHLEAKS_FINGERPRINT_SECRET: secret },
    });
    await dashleaks(["scan", "-q", "--format", "json", "-o", "../r.json"], keyed("first"));
    const right = await dashleaks(["prove", "../r.json"], keyed("first"));
    expect(right.status).toBe(1);
    const wrong = await dashleaks(["prove", "../r.json"], keyed("second"));
    expect(wrong.status).toBe(2);
    expect(wrong.stdout).not.toMatch(/gone/iu);
    expect(wrong.stderr).toMatch(/keyed with another secret.*\n.*DASHLEAKS_FINGERPRINT_SECRET/u);
    await dashleaks(["scan", "-q", "--format", "json", "-o", "../s.json"], keyed("second"));
    const merged = await dashleaks(["merge", "../r.json", "../s.json"], keyed("second"));
    expect(merged.status).toBe(2);
    expect(merged.stderr).toMatch(/keyed with different secrets/u);
  });
});

// A repository in which something is broken: the rest is looked at, and the answer is not whole.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dashleaksJson } from "../support/dashleaks.js";
import { mint } from "../support/mint.js";
import { freshRepository, openRepository, temporaryFolder } from "../support/repository.js";

const noIndex = "DIRC is how it begins, but that is all that is right about it";

const damages: readonly { readonly what: string; readonly damage: (git: string) => void }[] = [
  {
    what: "the index is damaged",
    damage: (git) => writeFileSync(join(git, "index"), noIndex),
  },
  {
    what: "a folder lies where the index should",
    damage: (git) => {
      rmSync(join(git, "index"));
      mkdirSync(join(git, "index"));
    },
  },
  {
    what: "a file lies where the reflogs should",
    damage: (git) => {
      rmSync(join(git, "logs"), { recursive: true });
      writeFileSync(join(git, "logs"), "");
    },
  },
  {
    what: "packed-refs is damaged",
    damage: (git) => writeFileSync(join(git, "packed-refs"), "no ref\n"),
  },
  {
    what: "a file lies where the list of linked worktrees should",
    damage: (git) => writeFileSync(join(git, "worktrees"), ""),
  },
  {
    what: "a linked worktree's link is none",
    damage: (git) => mkdirSync(join(git, "worktrees/linked/gitdir"), { recursive: true }),
  },
  {
    what: "the list of borrowed objects is none",
    damage: (git) => mkdirSync(join(git, "objects/info/alternates"), { recursive: true }),
  },
];

describe("an audit of a damaged repository", () => {
  it.each(damages)("finds what is in files and in history when $what", async ({ damage }) => {
    const repository = freshRepository();
    const [past, present] = [mint("payg-compact"), mint("token-plan-compact")];
    repository.commit({ ".env": `K=${past}\n` });
    repository.commit({ ".env": "K=\n" });
    repository.write("untracked.env", `K=${present}\n`);
    damage(join(repository.path, ".git"));
    const { ran, report } = await dashleaksJson([], { cwd: repository.path });
    expect(ran).toMatchObject({ status: 1, stderr: "" });
    const ends = report.keys.map(({ masked }) => masked.slice(-4)).toSorted();
    expect(ends).toEqual([past.slice(-4), present.slice(-4)].toSorted());
    expect(report.complete).toBe(false);
  });

  it.each(damages)("is never clean when $what", async ({ damage }) => {
    const repository = freshRepository();
    repository.commit({ a: "clean\n" });
    damage(join(repository.path, ".git"));
    const { ran } = await dashleaksJson([], { cwd: repository.path });
    expect(ran).toMatchObject({ status: 2, stderr: "" });
  });

  it("finds what is in files and in history when a linked worktree's index is damaged", async () => {
    const repository = freshRepository();
    repository.commit({ ".env": `K=${mint("payg-compact")}\n` });
    const linked = join(temporaryFolder(), "linked");
    repository.git("worktree", "add", "-q", linked);
    openRepository(linked).write("other.env", `K=${mint("payg-compact")}\n`);
    writeFileSync(join(repository.path, ".git/worktrees/linked/index"), noIndex);
    const { ran, report } = await dashleaksJson(["scan", linked], { cwd: repository.path });
    expect(ran.status).toBe(1);
    expect(report.keys).toHaveLength(2);
    expect(report.complete).toBe(false);
  });
});

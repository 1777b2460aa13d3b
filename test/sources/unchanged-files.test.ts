// A tracked file is left to its blob only when its blob surely says the same.
import { utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { attribute } from "../../src/sources/attribution.js";
import { files } from "../../src/sources/files.js";
import { openRepository } from "../../src/sources/repository.js";
import { unchangedFiles } from "../../src/sources/unchanged-files.js";
import { collect, everything } from "../support/documents.js";
import { freshRepository, type TestRepository } from "../support/repository.js";

const names = ["clean.txt", "modified.txt", "assumed.txt", "skipped.txt", "plain.secret"] as const;

function worktree(): TestRepository {
  const repository = freshRepository();
  const { git, write, path } = repository;
  repository.commit(Object.fromEntries(names.map((name) => [name, `${name}\n`])));
  // Racy entries would make git look at contents; that is tested with the hostile repositories.
  for (const name of names) utimesSync(join(path, name), 1_600_000_000, 1_600_000_000);
  git("update-index", "-q", "--refresh");
  write("modified.txt", "more\n");
  write("untracked.txt", "new\n");
  git("update-index", "--assume-unchanged", "assumed.txt");
  git("update-index", "--skip-worktree", "skipped.txt");
  write("assumed.txt", "changed\n");
  write("skipped.txt", "changed\n");
  write(".git/info/attributes", "*.secret filter=crypt\n");
  return repository;
}

describe("a file that git takes for unchanged", () => {
  it("is left to its blob, but not when it was modified, hidden from git or is converted", async () => {
    const { path } = worktree();
    const repository = await openRepository(path);
    if (repository === null) throw new Error("no repository");
    const unchanged = await unchangedFiles(repository);
    expect(names.filter((name) => unchanged(name))).toEqual(["clean.txt"]);
    const { documents, sums } = await collect(
      files([path], { ...everything, repository, unchanged }),
    );
    const read = documents.flatMap(({ origin }) => (origin.kind === "file" ? [origin.path] : []));
    expect(read.sort()).toEqual(
      ["assumed.txt", "modified.txt", "plain.secret", "skipped.txt", "untracked.txt"].sort(),
    );
    expect(sums.files).toBe(6);
  });

  it("is a place of its own beside the commit that brought it", async () => {
    const { path, git } = worktree();
    const repository = await openRepository(path);
    if (repository === null) throw new Error("no repository");
    const hits = names.map((name) => ({
      oid: git("rev-parse", `HEAD:${name}`),
      type: "blob" as const,
      fingerprints: new Set([name]),
    }));
    const { places } = await attribute(repository, hits, {
      unchanged: await unchangedFiles(repository),
    });
    expect(places.filter(({ kind }) => kind === "file")).toMatchObject([
      { fingerprint: "clean.txt", path: "clean.txt", exposure: "working-tree" },
    ]);
    expect(places.filter(({ kind }) => kind === "commit")).toHaveLength(names.length);
  });
});

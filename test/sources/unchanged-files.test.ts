// A tracked file is left to its blob only when its blob surely says the same.
import { rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { files } from "../../src/sources/files.js";
import { openRepository } from "../../src/sources/repository.js";
import { unchangedFiles } from "../../src/sources/unchanged-files.js";
import { dashleaksJson } from "../support/dashleaks.js";
import { collect, everything } from "../support/documents.js";
import { mint } from "../support/mint.js";
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
    const { path, git } = worktree();
    const repository = await openRepository(path);
    if (repository === null) throw new Error("no repository");
    const unchanged = await unchangedFiles(repository);
    expect(unchanged).toEqual(new Map([["clean.txt", git("rev-parse", "HEAD:clean.txt")]]));
    const { documents, sums } = await collect(
      files([path], { ...everything, repository, unchanged: (name) => unchanged.has(name) }),
    );
    const read = documents.flatMap(({ origin }) => (origin.kind === "file" ? [origin.path] : []));
    expect(read.sort()).toEqual(
      ["assumed.txt", "modified.txt", "plain.secret", "skipped.txt", "untracked.txt"].sort(),
    );
    expect(sums.files).toBe(6);
  });

  it("is read when its blob is not there", async () => {
    const { path, git } = worktree();
    const oid = git("rev-parse", "HEAD:clean.txt");
    rmSync(join(path, ".git/objects", oid.slice(0, 2), oid.slice(2)));
    expect(await unchangedFiles({ worktree: path })).toEqual(new Map());
  });

  it("of ten thousand files is found like any other, and so is what is changed", async () => {
    const repository = freshRepository();
    repository.git("config", "gc.auto", "0");
    const many = Array.from(
      { length: 14_000 },
      (_, at) => [`dir/file-${at}.txt`, `${at}\n`] as const,
    );
    const [kept, edited, hidden] = [mint("payg-legacy"), mint("payg-legacy"), mint("payg-legacy")];
    const line = (key: string): string => `first\nDASHSCOPE_API_KEY=${key}\n`;
    repository.commit({ ...Object.fromEntries(many), "kept.env": line(kept) });
    repository.write("dir/file-1.txt", line(edited));
    repository.git("update-index", "--assume-unchanged", "dir/file-2.txt");
    repository.write("dir/file-2.txt", line(hidden));
    const { report } = await dashleaksJson(["scan"], { cwd: repository.path });
    expect(report.coverage.files).toBe(many.length + 1);
    const places = report.keys.flatMap((key) => key.places);
    const inFiles = places.filter(({ kind }) => kind === "file");
    expect(inFiles.map(({ path: at, line: number }) => `${at}:${number}`).sort()).toEqual([
      "dir/file-1.txt:2",
      "dir/file-2.txt:2",
      "kept.env:2",
    ]);
    expect(places.filter(({ kind }) => kind === "commit")).toMatchObject([{ path: "kept.env" }]);
  });
});

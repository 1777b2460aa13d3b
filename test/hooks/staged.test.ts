// What a commit would record, in every state that an index can be in; real git is the oracle.
import { symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Secret } from "../../src/model/index.js";
import { locateRepository } from "../../src/sources/repository.js";
import { heldBefore } from "../../src/sources/held-before.js";
import { staged } from "../../src/sources/staged.js";
import { mint } from "../support/mint.js";
import { freshRepository, temporaryFolder, type TestRepository } from "../support/repository.js";
import { documentsOf } from "./sources.js";

async function located(path: string) {
  const repository = await locateRepository(path);
  if (repository === null) throw new Error("no repository");
  return repository;
}

/** `path: text` of every blob that would be committed. */
async function stagedTexts(
  { path }: Pick<TestRepository, "path">,
  environment: Record<string, string> = {},
): Promise<string[]> {
  const { documents } = await documentsOf(staged(await located(path), { environment }));
  return documents.flatMap(({ origin, text }) =>
    origin.kind === "index" ? [`${origin.path}: ${text}`] : [],
  );
}

describe("the staged source", () => {
  it("reads the index, not the file on disk", async () => {
    const repository = freshRepository();
    repository.commit({ a: "old" });
    repository.write("a", "staged");
    repository.git("add", "a");
    repository.write("a", "on disk");
    expect(await stagedTexts(repository)).toEqual(["a: staged"]);
  });

  it("reads a first commit against nothing", async () => {
    const repository = freshRepository();
    repository.write("a", "one");
    repository.write("b", "two");
    repository.git("add", "-A");
    expect(await stagedTexts(repository)).toEqual(["a: one", "b: two"]);
  });

  it("reads nothing where nothing is staged, and nothing in a bare repository", async () => {
    const repository = freshRepository();
    expect(await stagedTexts(repository)).toEqual([]);
    repository.commit({ a: "one" });
    repository.write("a", "not added");
    expect(await stagedTexts(repository)).toEqual([]);
    const bare = join(temporaryFolder(), "bare.git");
    repository.git("clone", "-q", "--bare", ".", bare);
    expect(await stagedTexts({ path: bare })).toEqual([]);
  });

  it("reads a renamed file whole, and its name", async () => {
    const repository = freshRepository();
    repository.commit({ old: "same text\n".repeat(20) });
    repository.git("mv", "old", "new");
    const { documents } = await documentsOf(staged(await located(repository.path)));
    expect(documents.map(({ origin }) => origin)).toMatchObject([
      { kind: "index", path: "new" },
      { kind: "path-name", path: "new" },
    ]);
    const head = await documentsOf(
      heldBefore(await located(repository.path), { kind: "head" }, []),
    );
    expect(head.documents.map(({ text }) => text.length)).toEqual([200]);
  });

  it("leaves out what `git add --intent-to-add` only announces", async () => {
    const repository = freshRepository();
    repository.commit({ a: "one" });
    repository.write("b", "announced");
    repository.git("add", "-N", "b");
    expect(await stagedTexts(repository)).toEqual([]);
    repository.git("add", "b");
    expect(await stagedTexts(repository)).toEqual(["b: announced"]);
  });

  it("reads what a symlink points to after a change of type", async () => {
    const repository = freshRepository();
    repository.commit({ a: "a file" });
    unlinkSync(join(repository.path, "a"));
    symlinkSync("the target", join(repository.path, "a"));
    repository.git("add", "a");
    expect(await stagedTexts(repository)).toEqual(["a: the target"]);
  });

  it("passes over submodule entries", async () => {
    const inner = freshRepository();
    inner.commit({ a: "a" });
    const repository = freshRepository();
    repository.git(
      "-c",
      "protocol.file.allow=always",
      "submodule",
      "-q",
      "add",
      inner.path,
      "inner",
    );
    expect((await stagedTexts(repository)).map((line) => line.split(":")[0])).toEqual([
      ".gitmodules",
    ]);
  });

  it("reads the same text under each of its names", async () => {
    const repository = freshRepository();
    repository.write("a", "twin");
    repository.write("b", "twin");
    repository.git("add", "-A");
    expect(await stagedTexts(repository)).toEqual(["a: twin", "b: twin"]);
  });

  it("reads names with blanks, line ends and other alphabets", async () => {
    const repository = freshRepository();
    const names = ["with blank", "line\nend", "t\ttab", "\u5bc6\u94a5.env"];
    for (const name of names) repository.write(name, "x");
    repository.git("add", "-A");
    expect((await stagedTexts(repository)).toSorted()).toEqual(
      names.map((name) => `${name}: x`).toSorted(),
    );
  });

  it("reads the index that git names in GIT_INDEX_FILE", async () => {
    const repository = freshRepository();
    repository.commit({ a: "old", b: "old" });
    const index = join(repository.path, ".git/other-index");
    repository.write("a", "new");
    repository.git("add", "a");
    repository.git("-c", "core.bare=false", "read-tree", `--index-output=${index}`, "HEAD");
    expect(await stagedTexts(repository)).toEqual(["a: new"]);
    expect(await stagedTexts(repository, { GIT_INDEX_FILE: index })).toEqual([]);
  });

  it("compares a merge with the side that was checked out", async () => {
    const repository = freshRepository();
    repository.commit({ a: "base" });
    repository.git("checkout", "-q", "-b", "topic");
    repository.commit({ a: "theirs", b: "brought" });
    repository.git("checkout", "-q", "main");
    repository.commit({ a: "ours" });
    expect(() => repository.git("merge", "-q", "topic")).toThrow("Command failed");
    const conflict = await documentsOf(staged(await located(repository.path)));
    expect(conflict.notices).toMatchObject([{ subject: "a", incomplete: true }]);
    repository.write("a", "both");
    repository.git("add", "a");
    expect(await stagedTexts(repository)).toEqual(["a: both", "b: brought"]);
  });

  it("is not misled by the repository's diff settings", async () => {
    const repository = freshRepository();
    repository.commit({ "sub/a": "old" });
    repository.write(".gitattributes", "* -diff\n");
    repository.write("sub/a", "new");
    repository.git("add", "-A");
    for (const [name, value] of [
      ["diff.relative", "true"],
      ["diff.orderFile", "nowhere"],
      ["diff.external", "false"],
      ["diff.noprefix", "true"],
      ["core.quotePath", "true"],
    ] as const) {
      repository.git("config", name, value);
    }
    expect(await stagedTexts({ path: join(repository.path, "sub") })).toEqual([
      ".gitattributes: * -diff\n",
      "sub/a: new",
    ]);
  });

  it("works in a linked worktree and says which one", async () => {
    const repository = freshRepository();
    repository.commit({ a: "one" });
    const linked = join(temporaryFolder(), "linked");
    repository.git("worktree", "add", "-q", linked);
    repository.git("-C", linked, "rm", "-q", "--cached", "a");
    repository.git("-C", linked, "config", "core.excludesFile", "/dev/null");
    repository.write("b", "main's");
    repository.git("add", "b");
    expect(await stagedTexts({ path: linked })).toEqual([]);
    repository.git("-C", linked, "add", "a");
    repository.git("-C", linked, "mv", "a", "c");
    const { documents } = await documentsOf(staged(await located(linked)));
    expect(documents.at(0)?.origin).toMatchObject({ path: "c", worktree: linked });
  });
});

describe("what HEAD holds already", () => {
  it("is found in whichever file it lies, and only there", async () => {
    const repository = freshRepository();
    const [known, fresh] = [mint("payg-compact"), mint("coding-plan")] as const;
    repository.commit({ "conf/a.env": `K=${known}\n`, b: "nothing", "odd\nname": `${known}\n` });
    const place = await located(repository.path);
    const found = await documentsOf(
      heldBefore(place, { kind: "head" }, [new Secret(known), new Secret(fresh)]),
    );
    expect(found.documents.map(({ text }) => text)).toEqual([`K=${known}\n`, `${known}\n`]);
    const none = await documentsOf(heldBefore(place, { kind: "head" }, [new Secret(fresh)]));
    expect(none.documents).toEqual([]);
  });

  it("is nothing before the first commit", async () => {
    const repository = freshRepository();
    const place = await located(repository.path);
    const { documents } = await documentsOf(
      heldBefore(place, { kind: "head" }, [new Secret(mint("payg-compact"))]),
    );
    expect(documents).toEqual([]);
  });
});

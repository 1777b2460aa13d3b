// What a push would publish, by real pushes that a real pre-push hook writes down.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pushRange, readPrePush, readPreReceive, receivedRange } from "../../src/hooks/protocol.js";
import type { HitObject } from "../../src/model/index.js";
import { introducedBy } from "../../src/sources/introduced-by.js";
import { outgoing, type Outgoing } from "../../src/sources/outgoing.js";
import { openRepository as openAny } from "../../src/sources/repository.js";
import {
  freshRepository,
  openRepository,
  temporaryFolder,
  type TestRepository,
} from "../support/repository.js";
import { documentsOf } from "./sources.js";

async function located(path: string) {
  const repository = await openAny(path);
  if (repository === null) throw new Error("no repository");
  return repository;
}

/** A repository with a bare remote `origin`, and a pre-push hook that writes down and refuses. */
function withRemote(): { repository: TestRepository; remote: string } {
  const repository = freshRepository();
  const remote = join(temporaryFolder(), "origin.git");
  execFileSync("git", ["init", "-q", "--bare", "-b", "main", remote]);
  repository.git("remote", "add", "origin", remote);
  return { repository, remote };
}

/** What git would tell a pre-push hook for this push. Nothing is pushed. */
function attempt(repository: TestRepository, ...push: string[]): { input: string; remote: string } {
  const hooks = join(repository.path, ".git/hooks");
  mkdirSync(hooks, { recursive: true });
  const hook = join(hooks, "pre-push");
  const seen = join(repository.path, ".git/seen");
  rmSync(seen, { force: true });
  writeFileSync(hook, `#!/bin/sh\n{ printf '%s\\n' "$1"; cat; } >'${seen}'\nexit 1\n`, {
    mode: 0o755,
  });
  expect(() => repository.git("push", "-q", ...push)).toThrow("failed to push");
  rmSync(hook);
  expect(existsSync(seen)).toBe(true);
  const [remote = "", ...lines] = readFileSync(seen, "utf8").split("\n");
  return { input: lines.join("\n"), remote };
}

/** Without witnesses every object is given. */
const exact = { witnesses: null, threads: 1 } as const;

async function published(repository: TestRepository, range: Outgoing): Promise<string[]> {
  const { documents, notices } = await documentsOf(
    outgoing(await located(repository.path), range, exact),
  );
  expect(notices).toEqual([]);
  return documents.flatMap(({ origin, text }) =>
    origin.kind === "object" && origin.type === "blob" ? [text] : [],
  );
}

async function publishedBy(repository: TestRepository, ...push: string[]): Promise<string[]> {
  const { input, remote } = attempt(repository, ...push);
  return (
    await published(repository, pushRange(readPrePush(input), remote, ["origin"]))
  ).toSorted();
}

describe("the outgoing source", () => {
  it("gives everything on a first push, and only what is new after that", async () => {
    const { repository } = withRemote();
    repository.commit({ a: "1" });
    expect(await publishedBy(repository, "origin", "main")).toEqual(["1"]);
    repository.git("push", "-q", "origin", "main");
    repository.commit({ a: "2" });
    repository.commit({ a: "3" });
    expect(await publishedBy(repository, "origin", "main")).toEqual(["2", "3"]);
  });

  it("gives what a new branch, a tag and an annotated tag bring, several at once", async () => {
    const { repository } = withRemote();
    repository.commit({ a: "1" });
    repository.git("push", "-q", "origin", "main");
    repository.git("checkout", "-q", "-b", "topic");
    repository.commit({ b: "topic" });
    repository.git("checkout", "-q", "--detach", "main");
    repository.commit({ c: "tagged" });
    repository.git("tag", "-a", "v1", "-m", "words of a tag");
    expect(await publishedBy(repository, "origin", "topic")).toEqual(["topic"]);
    expect(await publishedBy(repository, "origin", "topic", "v1")).toEqual(["tagged", "topic"]);
    const { input, remote } = attempt(repository, "origin", "v1");
    const range = pushRange(readPrePush(input), remote, ["origin"]);
    const { documents } = await documentsOf(outgoing(await located(repository.path), range, exact));
    const messages = documents.filter(({ text }) => text.includes("words of a tag"));
    expect(messages.map(({ origin }) => origin)).toMatchObject([{ kind: "object", type: "tag" }]);
  });

  it("gives a tag of a blob", async () => {
    const { repository } = withRemote();
    repository.commit({ a: "1" });
    repository.git("push", "-q", "origin", "main");
    const oid = repository.gitWithInput("only in a tag", "hash-object", "-w", "--stdin");
    repository.git("tag", "odd", oid);
    expect(await publishedBy(repository, "origin", "odd")).toEqual(["only in a tag"]);
  });

  it("gives the rewritten commits of a forced push", async () => {
    const { repository } = withRemote();
    repository.commit({ a: "1" });
    repository.commit({ a: "2" });
    repository.git("push", "-q", "origin", "main");
    repository.git("reset", "-q", "--hard", "HEAD~1");
    repository.commit({ a: "other 2" });
    expect(await publishedBy(repository, "--force", "origin", "main")).toEqual(["other 2"]);
  });

  it("gives nothing for a deletion", async () => {
    const { repository } = withRemote();
    repository.commit({ a: "1" });
    repository.git("push", "-q", "origin", "main", "main:old");
    expect(await publishedBy(repository, "origin", ":old")).toEqual([]);
  });

  it("knows of a remote without tracking refs what its refs pointed to", async () => {
    const { repository, remote } = withRemote();
    repository.commit({ a: "1" });
    repository.git("push", "-q", remote, "main");
    repository.commit({ a: "2" });
    expect(await publishedBy(repository, remote, "main")).toEqual(["2"]);
    expect(await publishedBy(repository, remote, "main:elsewhere")).toEqual(["1", "2"]);
  });

  it("does not stumble over an old value that was never fetched", async () => {
    const { repository, remote } = withRemote();
    repository.commit({ a: "1" });
    repository.git("push", "-q", "origin", "main");
    const other = join(temporaryFolder(), "other");
    repository.git("clone", "-q", remote, other);
    openRepository(other).commit({ a: "somebody else's" });
    openRepository(other).git("push", "-q", "origin", "main");
    repository.commit({ a: "2" });
    expect(await publishedBy(repository, "--force", "origin", "main")).toEqual(["2"]);
  });

  it("gives the same of a push that is large", async () => {
    const { repository } = withRemote();
    repository.commit({ known: "already there" });
    repository.git("push", "-q", "origin", "main");
    const files = Array.from(
      { length: 5100 },
      (_, at) => `M 100644 inline f${at}\ndata <<E\n${at}\nE\n`,
    );
    const author = "committer A <a@example.com> 1700000000 +0000";
    repository.gitWithInput(
      `commit refs/heads/main\n${author}\ndata 1\nm\nfrom refs/heads/main^0\n${files.join("")}\n`,
      "fast-import",
      "--quiet",
    );
    const texts = await publishedBy(repository, "origin", "main");
    expect(texts).toHaveLength(5100);
    expect(texts).not.toContain("already there");
  });

  it("refuses a head that is not there", async () => {
    const { repository } = withRemote();
    const range = receivedRange(
      readPreReceive(`${"0".repeat(40)} ${"a".repeat(40)} refs/heads/m\n`),
    );
    await expect(published(repository, range)).rejects.toThrow(/is not in this repository/u);
  });

  it("looks into the quarantine of a receiving server", async () => {
    const { repository, remote } = withRemote();
    repository.commit({ a: "1" });
    repository.git("push", "-q", "origin", "main");
    repository.commit({ a: "2" }, "second");
    const hook = join(remote, "hooks/pre-receive");
    mkdirSync(join(remote, "hooks"), { recursive: true });
    // The quarantine is gone when the hook ends: keep a copy.
    const kept = join(temporaryFolder(), "kept");
    writeFileSync(
      hook,
      `#!/bin/sh\ncat >'${kept}.in'\nenv >'${kept}.env'\ncp -R "$GIT_OBJECT_DIRECTORY" '${kept}'\nexit 1\n`,
      { mode: 0o755 },
    );
    expect(() => repository.git("push", "-q", "origin", "main")).toThrow(
      "pre-receive hook declined",
    );
    const range = receivedRange(readPreReceive(readFileSync(`${kept}.in`, "utf8")));
    const server = await located(remote);
    await expect(documentsOf(outgoing(server, range, exact))).rejects.toThrow(
      /is not in this repository/u,
    );
    const environment = {
      GIT_OBJECT_DIRECTORY: kept,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: join(remote, "objects"),
    };
    const { documents } = await documentsOf(outgoing(server, range, { ...exact, environment }));
    const kinds = documents.map(({ origin }) => (origin.kind === "object" ? origin.type : ""));
    expect(kinds.toSorted()).toEqual(["blob", "commit", "tree"]);
  });
});

describe("the commit to rewrite", () => {
  const everything: Outgoing["known"] = { revisions: [], refs: { kind: "none" } };

  async function introduced(repository: TestRepository, name: string, type: HitObject["type"]) {
    const oid = repository.git("rev-parse", name);
    const hit = { oid, type, fingerprints: new Set(["f"]), names: new Set(["name"]) };
    const range = { tips: ["HEAD"], known: everything };
    return introducedBy(await located(repository.path), range, [hit]);
  }

  it("is the one that brought the blob, and each that brought it back", async () => {
    const repository = freshRepository();
    const first = repository.commit({ "d/\u00e4 b": "1", other: "x" });
    repository.commit({ "d/\u00e4 b": "2" });
    const third = repository.commit({ "d/\u00e4 b": "1" });
    const places = await introduced(repository, "HEAD:d/\u00e4 b", "blob");
    expect(places.map(({ commit, path }) => [commit, path])).toEqual([
      [first, "d/\u00e4 b"],
      [third, "d/\u00e4 b"],
    ]);
    expect(places[0]).toMatchObject({ kind: "commit", author: "Ada Author <ada@example.com>" });
  });

  it("is the merge, when none of its parents has the key", async () => {
    const repository = freshRepository();
    repository.commit({ a: "base" });
    repository.git("checkout", "-q", "-b", "topic");
    repository.commit({ a: "theirs" });
    repository.git("checkout", "-q", "main");
    repository.commit({ a: "ours" });
    expect(() => repository.git("merge", "-q", "topic")).toThrow("Command failed");
    const merge = repository.commit({ a: "evil" }, "merge");
    const places = await introduced(repository, "HEAD:a", "blob");
    expect(places.map(({ commit, path }) => [commit, path])).toEqual([[merge, "a"]]);
  });

  it("is the commit itself for a message, and the oldest one for a name", async () => {
    const repository = freshRepository();
    const first = repository.commit({ "deep/er/name": "1" });
    const second = repository.commit({ top: "2" });
    expect(await introduced(repository, "HEAD", "commit")).toMatchObject([
      { kind: "commit-message", commit: second, path: null },
    ]);
    expect(await introduced(repository, "HEAD:deep/er", "tree")).toMatchObject([
      { kind: "path-name", commit: first, path: "deep/er/name" },
    ]);
    expect(await introduced(repository, "HEAD^{tree}", "tree")).toMatchObject([
      { kind: "path-name", commit: second, path: "name" },
    ]);
  });
});

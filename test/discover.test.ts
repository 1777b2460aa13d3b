// Many repositories at once: which ones there are below a folder, and lists of them.
import { chmodSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { UserError } from "../src/model/index.js";
import { discoverRepositories } from "../src/sources/discover.js";
import { readRepositoryList } from "../src/sources/repository-list.js";
import { openRepository, temporaryFolder, type TestRepository } from "./support/repository.js";

/** Makes a repository with one commit below a folder. */
function repositoryAt(path: string, ...initArguments: string[]): TestRepository {
  mkdirSync(path, { recursive: true });
  const repository = openRepository(path);
  repository.git("init", "-q", "-b", "main", ...initArguments);
  if (!initArguments.includes("--bare")) repository.commit({ "a.txt": "a\n" });
  return repository;
}

async function found(folder: string): Promise<string[]> {
  const { repositories, notices } = await discoverRepositories(folder);
  expect(notices).toEqual([]);
  return repositories.map((path) => relative(realpathSync(folder), path));
}

describe("--discover", () => {
  it("finds worktrees, nested ones and bare repositories, in a stable order", async () => {
    const folder = temporaryFolder();
    repositoryAt(join(folder, "z/app"));
    repositoryAt(join(folder, "z/app/vendor/inner"));
    repositoryAt(join(folder, "B.git"), "--bare");
    repositoryAt(join(folder, "a"));
    mkdirSync(join(folder, "empty/.git"), { recursive: true });
    const order = ["B.git", "a", "z/app", "z/app/vendor/inner"];
    expect(await found(folder)).toEqual(order);
    expect(await found(folder)).toEqual(order);
  });

  it("finds the repository that the folder itself is", async () => {
    const folder = temporaryFolder();
    repositoryAt(folder);
    expect(await found(folder)).toEqual([""]);
    expect(await found(join(folder, ".git"))).toEqual([""]);
  });

  it("counts the linked worktrees of one repository once", async () => {
    const folder = temporaryFolder();
    const repository = repositoryAt(join(folder, "main"));
    repository.git("worktree", "add", "-q", "../a-linked");
    repository.git("worktree", "add", "-q", "../b-linked");
    expect(await found(folder)).toEqual(["main"]);
  });

  it("takes a linked worktree when the main one lies elsewhere", async () => {
    const folder = temporaryFolder();
    const repository = repositoryAt(join(folder, "elsewhere/main"));
    mkdirSync(join(folder, "here"));
    repository.git("worktree", "add", "-q", "../../here/b");
    repository.git("worktree", "add", "-q", "../../here/a");
    expect(await found(join(folder, "here"))).toEqual(["a"]);
  });

  it("finds a submodule once, and a removed one by its git directory", async () => {
    const folder = temporaryFolder();
    const library = repositoryAt(join(folder, "elsewhere/library"));
    const app = repositoryAt(join(folder, "here/app"));
    const add = ["-c", "protocol.file.allow=always", "submodule", "add", "-q"];
    app.git(...add, library.path, "libs/kept");
    app.git(...add, library.path, "libs/gone");
    app.commit({}, "submodules");
    expect(await found(join(folder, "here"))).toEqual(["app", "app/libs/gone", "app/libs/kept"]);
    app.git("rm", "-q", "-f", "libs/gone");
    app.commit({}, "gone");
    expect(await found(join(folder, "here"))).toEqual([
      "app",
      "app/.git/modules/libs/gone",
      "app/libs/kept",
    ]);
  });

  it("finds a repository whose git directory lies apart", async () => {
    const folder = temporaryFolder();
    repositoryAt(join(folder, "here/app"), "--separate-git-dir", join(folder, "apart"));
    expect(await found(join(folder, "here"))).toEqual(["app"]);
    expect(await found(folder)).toEqual(["here/app"]);
  });

  it("does not follow links around in a circle", async () => {
    const folder = temporaryFolder();
    repositoryAt(join(folder, "app"));
    symlinkSync(folder, join(folder, "app/loop"));
    symlinkSync("../app", join(folder, "app/self"));
    expect(await found(folder)).toEqual(["app"]);
  });

  it("says so when a .git file leads nowhere", async () => {
    const folder = temporaryFolder();
    const repository = repositoryAt(join(folder, "main"));
    repository.git("worktree", "add", "-q", "../linked");
    rmSync(repository.path, { recursive: true });
    const { repositories, notices } = await discoverRepositories(folder);
    expect(repositories).toEqual([]);
    expect(notices).toMatchObject([
      { subject: join(realpathSync(folder), "linked"), incomplete: true },
    ]);
  });

  it("passes over a .git file that is something else", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, ".git"), "notes\n");
    expect(await found(folder)).toEqual([]);
  });

  it("is incomplete when a bound is reached", async () => {
    const folder = temporaryFolder();
    repositoryAt(join(folder, "a/b/c/app"));
    const deep = await discoverRepositories(folder, { maximumDepth: 2 });
    expect(deep.notices).toMatchObject([{ code: "discovery-limit", incomplete: true }]);
    const many = await discoverRepositories(folder, { maximumFolders: 3 });
    expect(many.notices).toMatchObject([{ code: "discovery-limit", incomplete: true }]);
    expect(many.repositories).toEqual([]);
  });

  it("is incomplete when a folder cannot be read", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "closed"));
    chmodSync(folder, 0o755);
    chmodSync(join(folder, "closed"), 0o000);
    // The superuser may read everything: be nobody meanwhile.
    const superuser = process.geteuid?.() === 0;
    if (superuser) process.seteuid?.(65_534);
    const { notices } = await discoverRepositories(folder).finally(() => {
      if (superuser) process.seteuid?.(0);
    });
    expect(notices).toMatchObject([{ code: "unreadable-file", incomplete: true }]);
  });
});

describe("--repos-from", () => {
  it("reads one path a line, without comments and blanks, each once", () => {
    const text = "\ufeff# ours\n/srv/a\r\n\n  b c \n#d\n../e\n/srv/a\n";
    expect(readRepositoryList(text, "list", "/x/y")).toEqual(["/srv/a", "/x/y/b c", "/x/e"]);
  });

  it.each(["https://example.com/a.git", "git@example.com:a/b.git", "~/a", "a\0b"])(
    "names the line of %j",
    (line) => {
      expect(() => readRepositoryList(`# first\n${line}\n`, "repos.txt", "/x")).toThrow(
        /^repos\.txt:2: /u,
      );
    },
  );

  it("takes an empty list for a mistake", () => {
    expect(() => readRepositoryList("# nothing\n", "repos.txt", "/x")).toThrow(UserError);
  });
});

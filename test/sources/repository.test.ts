// What is known of a repository, from whatever path in it somebody names.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { UserError } from "../../src/model/index.js";
import { locateRepository, openRepository } from "../../src/sources/repository.js";
import { freshRepository, temporaryFolder } from "../support/repository.js";

describe("opening a repository", () => {
  it("finds it from its top, a folder in it, and a file in it", async () => {
    const { path, commit } = freshRepository();
    commit({ "deep/er/file.txt": "x" });
    for (const named of [path, join(path, "deep/er"), join(path, "deep/er/file.txt")]) {
      expect(await openRepository(named)).toMatchObject({
        named,
        worktree: path,
        gitDirectory: join(path, ".git"),
        commonDirectory: join(path, ".git"),
        objectFormat: "sha1",
        bare: false,
        shallow: false,
        partial: false,
        remotes: [],
      });
    }
  });

  it("finds it from its .git folder, with the worktree it belongs to", async () => {
    const { path } = freshRepository();
    const repository = await openRepository(join(path, ".git"));
    expect(repository).toMatchObject({ worktree: path, bare: false });
  });

  it("opens a bare repository, which has no worktree", async () => {
    const { path } = freshRepository("--bare");
    expect(await openRepository(path)).toMatchObject({ worktree: null, bare: true, worktrees: [] });
  });

  it("opens a linked worktree and knows all worktrees", async () => {
    const { path, git, commit } = freshRepository();
    commit({ "a.txt": "a" });
    const linked = join(temporaryFolder(), "linked");
    git("worktree", "add", "-q", "--detach", linked);
    const repository = await openRepository(linked);
    expect(repository).toMatchObject({
      worktree: linked,
      gitDirectory: join(path, ".git/worktrees/linked"),
      commonDirectory: join(path, ".git"),
      worktrees: [
        { path, gitDirectory: join(path, ".git") },
        { path: linked, gitDirectory: join(path, ".git/worktrees/linked") },
      ],
    });
    rmSync(linked, { recursive: true });
    expect((await openRepository(path))?.worktrees).toHaveLength(2);
  });

  it("opens a submodule as a repository of its own", async () => {
    const inner = freshRepository();
    inner.commit({ "inner.txt": "x" });
    const { path, git } = freshRepository();
    git("-c", "protocol.file.allow=always", "submodule", "-q", "add", inner.path, "sub");
    expect(await openRepository(join(path, "sub"))).toMatchObject({
      worktree: join(path, "sub"),
      gitDirectory: join(path, ".git/modules/sub"),
    });
    expect((await openRepository(join(path, ".git/modules/sub")))?.worktree).toBe(
      join(path, "sub"),
    );
  });

  it("knows a SHA-256 repository", async () => {
    const { path } = freshRepository("--object-format=sha256");
    expect(await openRepository(path)).toMatchObject({ objectFormat: "sha256" });
  });

  it("knows a shallow clone, a partial clone, and their remotes", async () => {
    const { path, git, commit } = freshRepository();
    git("config", "uploadpack.allowFilter", "true");
    commit({ "a.txt": "1" });
    commit({ "a.txt": "2" });
    const folder = temporaryFolder();
    git("clone", "-q", "--depth=1", `file://${path}`, join(folder, "shallow"));
    git("clone", "-q", "--filter=blob:none", `file://${path}`, join(folder, "partial"));
    expect(await openRepository(join(folder, "shallow"))).toMatchObject({
      shallow: true,
      partial: false,
      remotes: ["origin"],
    });
    expect(await openRepository(join(folder, "partial"))).toMatchObject({
      shallow: false,
      partial: true,
      remotes: ["origin"],
    });
  });

  it("gives nothing where there is no repository", async () => {
    expect(await openRepository(temporaryFolder())).toBeNull();
  });

  it("is not led astray by GIT_DIR, unless a hook passes it on", async () => {
    const other = freshRepository();
    const { path } = freshRepository();
    vi.stubEnv("GIT_DIR", join(other.path, ".git"));
    expect((await locateRepository(path))?.worktree).toBe(path);
    const environment = { GIT_DIR: join(other.path, ".git"), GIT_WORK_TREE: other.path };
    expect((await locateRepository(path, environment))?.gitDirectory).toBe(
      join(other.path, ".git"),
    );
    vi.unstubAllEnvs();
  });

  it("says in one sentence that a path does not exist", async () => {
    const path = join(temporaryFolder(), "nowhere");
    await expect(openRepository(path)).rejects.toThrow(UserError);
    await expect(openRepository(path)).rejects.toThrow(`${path} cannot be opened (ENOENT)`);
  });

  it("says what to do when git refuses a repository of another owner", async () => {
    const { path } = freshRepository();
    vi.stubEnv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
    await expect(openRepository(path)).rejects.toMatchObject({
      message: expect.stringContaining("another user owns it"),
      remedy: expect.stringContaining(`safe.directory ${path}`),
    });
    vi.unstubAllEnvs();
  });

  it("tells a broken repository from none", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, ".git"), "gitdir: /nowhere/at/all\n");
    await expect(openRepository(folder)).rejects.toThrow(/cannot read the repository/u);
  });
});

// `dashleaks hook install` and `status` as people type them, in a folder of hooks that is committed.
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dashleaks } from "../support/dashleaks.js";
import { freshRepository, temporaryFolder, type TestRepository } from "../support/repository.js";

const gate = join(import.meta.dirname, "../../bin/dashleaks-hook");

function sharedHooks(): TestRepository {
  const repository = freshRepository();
  repository.git("config", "core.hooksPath", "hk");
  return repository;
}

/** Puts the program where npm would. */
function installedIn(folder: string): string {
  const bin = join(folder, "node_modules/.bin");
  mkdirSync(bin, { recursive: true });
  symlinkSync(gate, join(bin, "dashleaks-hook"));
  return bin;
}

describe("hooks in a folder that is committed", () => {
  it("are refused where they would not find the program, with what to do", async () => {
    const { path } = sharedHooks();
    const ran = await dashleaks(["hook", "install"], { cwd: path });
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr).toMatch(
      /^dashleaks: hooks in \S+ would not find dashleaks-hook[^\n]+\n {2}[^\n]+npm install --save-dev dashleaks[^\n]+\n$/u,
    );
    expect((await dashleaks(["hook", "status"], { cwd: path })).stdout).not.toContain("hk");
  });

  it("are not taken in by what npx puts on PATH for one command", async () => {
    const { path } = sharedHooks();
    const bin = installedIn(temporaryFolder());
    const environment = { PATH: `${bin}:${process.env["PATH"] ?? ""}` };
    const ran = await dashleaks(["hook", "install"], { cwd: path, environment });
    expect(ran.status).toBe(2);
  });

  it("are installed with the package, and their status tells when it is gone", async () => {
    const { path, git } = sharedHooks();
    installedIn(path);
    const ran = await dashleaks(["hook", "install"], { cwd: path });
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect((await dashleaks(["hook", "status"], { cwd: path })).status).toBe(0);
    git("clean", "-q", "-fdx", "node_modules");
    const status = await dashleaks(["hook", "status"], { cwd: path });
    expect(status.status).toBe(2);
    expect(status.stdout).toMatch(/^pre-commit: installed; THE PROGRAM IS NOT FOUND: Run npm/mu);
  });
});

describe("hooks through lefthook", () => {
  it("say what to do while the program that they start is not there", async () => {
    const { path } = freshRepository();
    const install = () => dashleaks(["hook", "install", "--manager", "lefthook"], { cwd: path });
    expect((await install()).stdout).toContain("npm install --save-dev dashleaks");
    installedIn(path);
    expect((await install()).stdout).not.toContain("npm install");
  });
});

describe("hooks that are named", () => {
  it("are shown and taken out alone", async () => {
    const { path } = freshRepository();
    await dashleaks(["hook", "install"], { cwd: path });
    const status = await dashleaks(["hook", "status", "pre-push"], { cwd: path });
    expect(status.stdout).toMatch(/^pre-push: installed [^\n]+\n$/u);
    const out = await dashleaks(["hook", "uninstall", "pre-push"], { cwd: path });
    expect(out.stdout).toMatch(/^pre-push: taken out [^\n]+\n$/u);
    const left = await dashleaks(["hook", "status"], { cwd: path });
    expect(left.stdout).toMatch(/^pre-commit: installed/mu);
  });
});

describe("hook install --quiet", () => {
  it("says nothing", async () => {
    const { path } = freshRepository();
    for (const word of ["install", "status", "uninstall"]) {
      const ran = await dashleaks(["hook", word, "-q"], { cwd: path });
      expect(ran).toEqual({ status: 0, stdout: "", stderr: "" });
    }
  });
});

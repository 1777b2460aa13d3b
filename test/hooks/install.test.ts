// Installing into real repositories of every sort, and taking exactly that out again.
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { adviseFramework, frameworkIn, withdrawFramework } from "../../src/hooks/frameworks.js";
import { defaultHooks } from "../../src/hooks/hook-names.js";
import { globalPlace, hookPlace } from "../../src/hooks/hook-place.js";
import { hookStates, installHooks, uninstallHooks } from "../../src/hooks/install.js";
import { locateRepository } from "../../src/sources/repository.js";
import { freshRepository, temporaryFolder } from "../support/repository.js";

/** A stand-in for bin/dashleaks-hook: says how it was called, and refuses when told so. */
function program(): string {
  const path = join(temporaryFolder(), "jos\u00e9's tools", "dashleaks-hook");
  mkdirSync(dirname(path));
  writeFileSync(
    path,
    '#!/bin/sh\necho "gate $1" >>"$GATE_LOG"\n[ "$1" != pre-push ] || cat >>"$GATE_LOG"\nexit "${GATE_STATUS:-0}"\n',
    { mode: 0o755 },
  );
  return path;
}

async function placeOf(path: string, husky = false, hook = program()) {
  const located = await locateRepository(path);
  if (located === null) throw new Error("no repository");
  return hookPlace(located, { program: hook, husky });
}

/** Every file below a folder, with mode and content: what must be as it was. */
function snapshot(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  return Object.fromEntries(
    readdirSync(folder)
      .filter((name) => !name.endsWith(".sample"))
      .map((name) => {
        const path = join(folder, name);
        const facts = lstatSync(path);
        const text = facts.isFile() ? readFileSync(path, "latin1") : "not a file";
        return [name, `${facts.mode.toString(8)} ${text}`];
      }),
  );
}

/** Commits in a repository whose gate writes to a log; gives the log, and whether git succeeded. */
function commitThrough(
  path: string,
  status = 0,
  variables: Readonly<Record<string, string>> = {},
): { log: string; committed: boolean; said: string } {
  const log = join(temporaryFolder(), "log");
  writeFileSync(log, "");
  const ran = spawnSync(
    "git",
    ["-c", "user.name=A", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "m"],
    {
      cwd: path,
      encoding: "utf8",
      env: {
        ...process.env,
        GIT_CONFIG_GLOBAL: "/dev/null",
        GATE_LOG: log,
        GATE_STATUS: `${status}`,
        ...variables,
      },
    },
  );
  return { log: readFileSync(log, "utf8"), committed: ran.status === 0, said: ran.stderr };
}

describe("installing hooks", () => {
  it("makes hooks that git runs, and that refuse, from a path with blanks and quotes", async () => {
    const { path } = freshRepository();
    const changes = await installHooks(await placeOf(path), defaultHooks);
    expect(changes.map(({ hook, change }) => [hook, change])).toEqual([
      ["pre-commit", "made"],
      ["commit-msg", "made"],
      ["pre-push", "made"],
    ]);
    expect(commitThrough(path)).toMatchObject({
      log: "gate pre-commit\ngate commit-msg\n",
      committed: true,
    });
    expect(commitThrough(path, 1)).toMatchObject({ log: "gate pre-commit\n", committed: false });
  });

  it("changes nothing when done again, and leaves nothing when taken out", async () => {
    const { path } = freshRepository();
    const before = snapshot(join(path, ".git/hooks"));
    const place = await placeOf(path);
    await installHooks(place, defaultHooks);
    const once = snapshot(join(path, ".git/hooks"));
    const again = await installHooks(place, defaultHooks);
    expect(again.every(({ change }) => change === "unchanged")).toBe(true);
    expect(snapshot(join(path, ".git/hooks"))).toEqual(once);
    const out = await uninstallHooks(place);
    expect(out.every(({ change }) => change === "removed")).toBe(true);
    expect(snapshot(join(path, ".git/hooks"))).toEqual(before);
    expect(await uninstallHooks(place)).toEqual([]);
  });

  it("follows the package when it moved", async () => {
    const { path } = freshRepository();
    await installHooks(await placeOf(path), ["pre-commit"]);
    const moved = await placeOf(path);
    const [change] = await installHooks(moved, ["pre-commit"]);
    expect(change?.change).toBe("updated");
    expect(commitThrough(path).log).toBe("gate pre-commit\n");
  });

  it.each([
    ["a shell hook", '#!/bin/sh\necho foreign >>"$GATE_LOG"\n', 0o755, "joined"],
    [
      "a hook that is no shell script",
      "#!/usr/bin/env -S node\nrequire('fs').appendFileSync(process.env.GATE_LOG, 'foreign\\n')\n",
      0o755,
      "wrapped",
    ],
  ])("runs %s too, after ours, and gives it back unchanged", async (_what, text, mode, change) => {
    const { path } = freshRepository();
    const folder = join(path, ".git/hooks");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "pre-commit"), text, { mode });
    const before = snapshot(folder);
    const place = await placeOf(path);
    const changes = await installHooks(place, ["pre-commit"]);
    expect(changes.map((each) => each.change)).toEqual([change]);
    expect(commitThrough(path).log).toBe("gate pre-commit\nforeign\n");
    expect(commitThrough(path, 1)).toMatchObject({ log: "gate pre-commit\n", committed: false });
    expect((await hookStates(place)).find(({ hook }) => hook === "pre-commit")).toMatchObject({
      installed: true,
      foreign: true,
      programFound: true,
    });
    await uninstallHooks(place);
    expect(snapshot(folder)).toEqual(before);
  });

  it("does not wake up a hook that its owner switched off, and keeps a link a link", async () => {
    const { path } = freshRepository();
    const folder = join(path, ".git/hooks");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "pre-commit"), '#!/bin/sh\necho asleep >>"$GATE_LOG"\n', {
      mode: 0o644,
    });
    writeFileSync(join(path, "real.sh"), '#!/bin/sh\necho linked >>"$GATE_LOG"\n', { mode: 0o755 });
    symlinkSync("../../real.sh", join(folder, "commit-msg"));
    const before = snapshot(folder);
    const place = await placeOf(path);
    await installHooks(place, ["pre-commit", "commit-msg"]);
    expect(commitThrough(path).log).toBe("gate pre-commit\ngate commit-msg\nlinked\n");
    await uninstallHooks(place);
    expect(snapshot(folder)).toEqual(before);
    expect(lstatSync(join(folder, "commit-msg")).isSymbolicLink()).toBe(true);
  });

  it("leaves what somebody added to our file later", async () => {
    const { path } = freshRepository();
    const place = await placeOf(path);
    await installHooks(place, ["pre-commit"]);
    const file = join(path, ".git/hooks/pre-commit");
    writeFileSync(file, `${readFileSync(file, "latin1")}echo mine >>"$GATE_LOG"\n`);
    const [out] = await uninstallHooks(place);
    expect(out?.change).toBe("left");
    expect(commitThrough(path).log).toBe("mine\n");
  });

  it("gives a pre-push hook beside ours the same standard input", async () => {
    const repository = freshRepository();
    const { path } = repository;
    const remote = join(temporaryFolder(), "remote.git");
    execFileSync("git", ["init", "-q", "--bare", remote]);
    repository.commit({ a: "a" });
    const log = join(path, "foreign.log");
    mkdirSync(join(path, ".git/hooks"), { recursive: true });
    writeFileSync(join(path, ".git/hooks/pre-push"), `#!/bin/sh\ncat >${log}\n`, { mode: 0o755 });
    await installHooks(await placeOf(path), ["pre-push"]);
    const gate = join(path, "gate.log");
    execFileSync("git", ["push", "-q", remote, "main"], {
      cwd: path,
      env: { ...process.env, GATE_LOG: gate },
    });
    const seen = readFileSync(log, "utf8");
    expect(seen).toMatch(/^refs\/heads\/main [0-9a-f]{40} refs\/heads\/main 0{40}\n$/u);
    expect(readFileSync(gate, "utf8")).toBe(`gate pre-push\n${seen}`);
  });

  it("serves linked worktrees from the one folder that they share", async () => {
    const repository = freshRepository();
    repository.commit({ a: "a" });
    const linked = join(temporaryFolder(), "linked");
    repository.git("worktree", "add", "-q", linked);
    const place = await placeOf(linked);
    expect(place.directory).toBe(join(repository.path, ".git/hooks"));
    await installHooks(place, ["pre-commit"]);
    expect(commitThrough(linked).log).toBe("gate pre-commit\n");
  });

  it("gives a submodule hooks of its own", async () => {
    const inner = freshRepository();
    inner.commit({ a: "a" });
    const outer = freshRepository();
    outer.git(
      "-c",
      "protocol.file.allow=always",
      "submodule",
      "--quiet",
      "add",
      inner.path,
      "inner",
    );
    const place = await placeOf(join(outer.path, "inner"));
    expect(place.directory).toBe(join(outer.path, ".git/modules/inner/hooks"));
    await installHooks(place, ["pre-commit"]);
    expect(commitThrough(join(outer.path, "inner")).log).toBe("gate pre-commit\n");
    expect(commitThrough(outer.path).log).toBe("");
  });

  it("goes where core.hooksPath points, without a path of this machine in a shared folder", async () => {
    const repository = freshRepository();
    repository.git("config", "core.hooksPath", "tools/hooks");
    const place = await placeOf(repository.path);
    expect(place).toMatchObject({
      kind: "hooks-path",
      directory: join(repository.path, "tools/hooks"),
      program: { kind: "shared", local: "node_modules/.bin/dashleaks-hook" },
      findsProgram: false,
    });
    await installHooks(place, ["pre-commit"]);
    expect(readFileSync(join(place.directory, "pre-commit"), "utf8")).not.toContain("/tmp");
  });

  it("starts the program of the repository's packages from a shared folder, else that on PATH", async () => {
    const repository = freshRepository();
    repository.git("config", "core.hooksPath", "tools/hooks");
    await installHooks(await placeOf(repository.path), ["pre-commit", "commit-msg"]);
    const without = commitThrough(repository.path);
    expect(without).toMatchObject({ log: "", committed: false });
    expect(without.said).toContain("npm install --save-dev dashleaks");
    const onPath = { PATH: `${dirname(program())}:${process.env["PATH"] ?? ""}` };
    expect(commitThrough(repository.path, 0, onPath)).toMatchObject({
      log: "gate pre-commit\ngate commit-msg\n",
      committed: true,
    });
    expect(commitThrough(repository.path, 1, onPath).committed).toBe(false);
    const bin = join(repository.path, "node_modules/.bin");
    mkdirSync(bin, { recursive: true });
    symlinkSync(program(), join(bin, "dashleaks-hook"));
    expect(commitThrough(repository.path).committed).toBe(true);
  });

  it("finds the program of a package below the top, beside its husky folder", async () => {
    const repository = freshRepository();
    const bin = join(repository.path, "web/node_modules/.bin");
    mkdirSync(bin, { recursive: true });
    symlinkSync(program(), join(bin, "dashleaks-hook"));
    repository.git("config", "core.hooksPath", "web/.husky");
    const place = await placeOf(repository.path);
    expect(place).toMatchObject({
      program: { kind: "shared", local: "web/node_modules/.bin/dashleaks-hook" },
      findsProgram: true,
    });
    await installHooks(place, ["pre-commit"]);
    expect(commitThrough(repository.path).log).toBe("gate pre-commit\n");
  });

  it("works through husky as it is", async () => {
    const repository = freshRepository();
    const husky = join(import.meta.dirname, "../../node_modules/husky/bin.js");
    execFileSync(process.execPath, [husky], { cwd: repository.path });
    repository.write(".husky/pre-commit", 'echo mine >>"$GATE_LOG"\n');
    const bin = join(repository.path, "node_modules/.bin");
    mkdirSync(bin, { recursive: true });
    symlinkSync(program(), join(bin, "dashleaks-hook"));
    const place = await placeOf(repository.path);
    expect(place).toMatchObject({ kind: "husky", directory: join(repository.path, ".husky") });
    await installHooks(place, ["pre-commit", "commit-msg"]);
    expect(commitThrough(repository.path)).toMatchObject({
      log: "gate pre-commit\nmine\ngate commit-msg\n",
      committed: true,
    });
    expect(commitThrough(repository.path, 1).committed).toBe(false);
    await uninstallHooks(place);
    expect(readFileSync(join(repository.path, ".husky/pre-commit"), "utf8")).toBe(
      'echo mine >>"$GATE_LOG"\n',
    );
    expect(existsSync(join(repository.path, ".husky/commit-msg"))).toBe(false);
  });

  it("says that husky still has to be switched on", async () => {
    const repository = freshRepository();
    mkdirSync(join(repository.path, ".husky"));
    expect((await placeOf(repository.path)).remark).toMatch(/not active/u);
  });

  it("finds that the program is gone", async () => {
    const { path } = freshRepository();
    const place = await placeOf(path, false, join(path, "nowhere/dashleaks-hook"));
    await installHooks(place, ["pre-commit"]);
    const state = (await hookStates(place)).find(({ hook }) => hook === "pre-commit");
    expect(state).toMatchObject({ installed: true, programFound: false });
    expect(commitThrough(path).committed).toBe(false);
  });
});

describe("hooks for all repositories", () => {
  it("puts a template in place that git copies into new repositories", async () => {
    const home = temporaryFolder();
    const place = await globalPlace(program(), home, join(home, ".config"));
    expect(place.kind).toBe("template");
    await installHooks(place, ["pre-commit"]);
    const path = join(home, "new");
    execFileSync("git", ["init", "-q", `--template=${place.templateDirectory ?? ""}`, path]);
    expect(statSync(join(path, ".git/hooks/pre-commit")).mode & 0o111).not.toBe(0);
    expect(commitThrough(path).log).toBe("gate pre-commit\n");
  });
});

describe("hook managers with a configuration of their own", () => {
  it("gets one written where there is none, and taken out again", async () => {
    const folder = temporaryFolder();
    expect(await frameworkIn(folder)).toBeNull();
    const advice = await adviseFramework(folder, "lefthook", defaultHooks, "1.0.0");
    expect(advice.written).toBe(true);
    expect(await frameworkIn(folder)).toBe("lefthook");
    expect((await withdrawFramework(folder, "lefthook", defaultHooks, "1.0.0"))?.removed).toBe(
      true,
    );
    expect(await frameworkIn(folder)).toBeNull();
  });

  it("keeps one that is there, and shows what to put in", async () => {
    const folder = temporaryFolder();
    const file = join(folder, ".pre-commit-config.yaml");
    writeFileSync(file, "repos: []\n");
    chmodSync(file, 0o600);
    const advice = await adviseFramework(folder, "pre-commit", defaultHooks, "1.0.0");
    expect(advice).toMatchObject({ written: false, path: file });
    expect(advice.configuration).toContain("pass_filenames: false");
    expect(readFileSync(file, "utf8")).toBe("repos: []\n");
    expect((await withdrawFramework(folder, "pre-commit", defaultHooks, "1.0.0"))?.removed).toBe(
      false,
    );
  });
});

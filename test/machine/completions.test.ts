// Completions, asked for in the real shells: what would a user be offered after TAB?
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands.js";
import { commandNames, flags } from "../../src/cli/flags.js";
import { dashleaks } from "../support/dashleaks.js";
import { temporaryFolder } from "../support/repository.js";

async function script(shell: string): Promise<string> {
  const ran = await dashleaks(["completions", shell], { cwd: temporaryFolder() });
  expect(ran).toMatchObject({ status: 0, stderr: "" });
  return ran.stdout;
}

function run(shell: string, args: readonly string[], folder: string): string[] {
  const ran = spawnSync(shell, args, { encoding: "utf8", cwd: folder });
  if (ran.error) throw new Error(`${shell} is needed: apt-get install ${shell}`);
  expect(ran.stderr).toBe("");
  return ran.stdout.split("\n").filter((line) => line !== "");
}

/** What bash offers behind the words, the last of which is being typed. */
async function inBash(...words: readonly string[]): Promise<string[]> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "completions"), await script("bash"));
  const list = ["dashleaks", ...words].map((word) => `'${word}'`).join(" ");
  const program = `source ./completions; COMP_WORDS=(${list}); COMP_CWORD=${words.length}; _dashleaks; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return run("bash", ["--norc", "-c", program], folder);
}

async function inFish(line: string): Promise<string[]> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "completions"), await script("fish"));
  const program = `set -x HOME ${folder}; source ./completions; complete -C '${line}'`;
  return run("fish", ["--no-config", "-c", program], folder).map(
    (offer) => offer.split("\t")[0] ?? "",
  );
}

const namesOf = (command: (typeof commandNames)[number]): string[] =>
  flags.filter((flag) => flag.commands.includes(command)).map(({ name }) => `--${name}`);

describe("bash", () => {
  it("offers every command, and every flag of scan, which needs no name", async () => {
    const offers = await inBash("");
    expect(offers).toEqual(expect.arrayContaining([...commandNames, ...namesOf("scan")]));
  });

  it("offers the flags and words of the command that was typed, and no others", async () => {
    const offers = await inBash("hook", "");
    expect(offers.sort()).toEqual([...namesOf("hook"), ...commands.hook.subcommands].sort());
  });

  it("offers the values that a flag takes", async () => {
    expect(await inBash("--fail-on", "p")).toEqual(["proven", "possible"]);
    expect(await inBash("--format", "=", "sa")).toEqual(["sarif"]);
  });
});

describe("fish", () => {
  it("offers commands, flags of the command, and the values of a flag", async () => {
    expect(await inFish("dashleaks pro")).toContain("prove");
    expect(await inFish("dashleaks rules --js")).toEqual(["--json"]);
    expect(await inFish("dashleaks scan --fail-on pos")).toContain("possible");
  });
});

describe("zsh", () => {
  it("takes the script, and binds it to dashleaks", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "home"));
    writeFileSync(join(folder, "completions"), await script("zsh"));
    const program = `HOME=${folder}/home; autoload -Uz compinit && compinit -D -u; source ./completions; print -r -- $_comps[dashleaks]`;
    expect(run("zsh", ["-f", "-c", program], folder)).toEqual(["_dashleaks"]);
  });
});

describe("PowerShell", () => {
  it("is given every command and flag", async () => {
    const text = await script("powershell");
    for (const name of commandNames) expect(text).toContain(`'${name}'`);
    for (const { name } of flags) expect(text).toContain(`'--${name}'`);
  });
});

describe("another shell", () => {
  it("is refused with the names of those that are known", async () => {
    const ran = await dashleaks(["completions", "tcsh"], { cwd: temporaryFolder() });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain("It is one of: bash, zsh, fish, powershell.");
  });
});

// Completions, asked for in the real shells: what would a user be offered after TAB?
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands.js";
import { commandNames, flags } from "../../src/cli/flags.js";
import { hookNames } from "../../src/hooks/hook-names.js";
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

/** A shell in a terminal of zsh's own, in which the line is typed and TAB is pressed. */
const zshTerminal = String.raw`zmodload zsh/zpty || exit 1
zpty -b shell zsh -f -i
output () {
  local piece tries=0
  out=
  while (( tries++ < $2 )); do
    if zpty -r -t shell piece; then
      out+=$piece
      [[ -n $1 && $out == *$1* ]] && return
    else
      sleep 0.05
    fi
  done
}
zpty -w shell 'PROMPT=; autoload -Uz compinit && compinit -D -u; source ./completions; bindkey "^I" complete-word; zstyle ":completion:*" insert-tab false; print REA""DY'
output READY 200
zpty -w -n shell "$1"$'\t'
output '' 14
print -r -- "$out"`;

/** What zsh shows after TAB: the line as it then is, or all that it offers. */
async function inZsh(line: string): Promise<string[]> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "completions"), await script("zsh"));
  writeFileSync(join(folder, "some-file"), "");
  const program = `HOME=${folder}; ${zshTerminal}`;
  const shown = run("zsh", ["-f", "-c", program, "zsh", line], folder).join("\n");
  // Without the terminal's commands and the bell; what is left are words, in columns.
  return stripVTControlCharacters(shown).split(/[^\p{L}\p{N}._-]+/u);
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
    expect(await inBash("-f", "sa")).toEqual(["sarif"]);
    expect(await inBash("scan", "--fail-on", "likely", "-f", "j")).toEqual([
      "json",
      "jsonl",
      "junit",
    ]);
  });

  it("leaves it to the shell to offer files where a flag takes one", async () => {
    expect(await inBash("-o", "")).toEqual([]);
    expect(await inBash("--output", "=", "re")).toEqual([]);
  });

  it("offers hooks behind the word of a hook command, wherever its flags stand", async () => {
    expect(await inBash("hook", "run", "pre-")).toEqual(["pre-commit", "pre-push", "pre-receive"]);
    expect(await inBash("hook", "--manager", "git", "install", "com")).toEqual(["commit-msg"]);
    expect(await inBash("hook", "run", "inst")).toEqual([]);
    expect(await inBash("hook", "--manager", "git", "inst")).toEqual(["install"]);
    expect(await inBash("completions", "bash", "zs")).toEqual([]);
  });
});

describe("fish", () => {
  it("offers commands, flags of the command, and the values of a flag", async () => {
    expect(await inFish("dashleaks pro")).toContain("prove");
    expect(await inFish("dashleaks rules --js")).toEqual(["--json"]);
    expect(await inFish("dashleaks scan --fail-on pos")).toContain("possible");
    expect(await inFish("dashleaks -f sari")).toEqual(["sarif"]);
  });

  it("offers hooks behind the word of a hook command, and no files where there can be none", async () => {
    const offered = async (line: string) => (await inFish(line)).toSorted();
    expect(await offered("dashleaks hook ")).toEqual(["install", "run", "status", "uninstall"]);
    expect(await offered("dashleaks hook run ")).toEqual([...hookNames].toSorted());
    expect(await offered("dashleaks hook --manager git run pre-c")).toEqual(["pre-commit"]);
    expect(await offered("dashleaks completions ")).toEqual(["bash", "fish", "powershell", "zsh"]);
    expect(await offered("dashleaks completions bash ")).toEqual([]);
    expect(await offered("dashleaks help hook ")).toEqual([]);
    expect(await offered("dashleaks merge comp")).toEqual(["completions"]);
    expect(await offered("dashleaks scan --output comp")).toEqual(["completions"]);
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

describe("zsh in a terminal", () => {
  it("offers words, then hooks, and values behind short flags, too", async () => {
    expect(await inZsh("dashleaks hook ")).toEqual(
      expect.arrayContaining(["install", "uninstall", "status", "run"]),
    );
    const hooks = await inZsh("dashleaks hook --manager git run ");
    expect(hooks).toEqual(expect.arrayContaining([...hookNames]));
    expect(hooks).not.toContain("uninstall");
    expect(await inZsh("dashleaks -f j")).toEqual(expect.arrayContaining(["json", "jsonl"]));
  });

  it("offers files only where there can be some", async () => {
    expect(await inZsh("dashleaks merge some")).toContain("some-file");
    expect(await inZsh("dashleaks rules list some")).not.toContain("some-file");
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

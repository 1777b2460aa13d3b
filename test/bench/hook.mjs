// Bench rows of the hooks: what a clean commit and a clean push cost beside git's own work.
// Printing a table of them is left to the bench.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const project = join(import.meta.dirname, "../..");
const gate = join(project, "bin/dashleaks-hook");
const bin = join(project, "bin/dashleaks.js");

/**
 * @typedef {object} HookRow
 * @property {string} title
 * @property {number} oursMilliseconds
 * @property {string} reference
 * @property {number} referenceMilliseconds
 * @property {string} target  what has to hold
 * @property {boolean} held  whether it does
 */

/**
 * Measures side by side: each round runs ours and the reference once, and medians are compared.
 * @param {string} folder an empty folder for the repositories, gone when the caller is done
 * @returns {readonly HookRow[]}
 */
export function hookRows(folder, rounds = 15) {
  return [...stagedRows(join(folder, "staged"), rounds), pushRow(join(folder, "pushed"))];
}

/** Three clean files staged in a repository of 78 000 files. */
function stagedRows(path, rounds) {
  mkdirSync(path, { recursive: true });
  git(path, ["init", "-q", "-b", "main"]);
  const blob = git(path, ["hash-object", "-w", "--stdin"], "the same in every file\n").trim();
  const entries = Array.from(
    { length: 78_000 },
    (_, at) => `100644 ${blob} 0\tlib${at % 50}/part${Math.floor(at / 50) % 40}/file${at}.c\n`,
  );
  git(path, ["update-index", "--index-info"], entries.join(""));
  git(path, ["commit", "-q", "-m", "large"]);
  for (const name of ["one.ts", "two.ts", "three.ts"]) {
    writeFileSync(join(path, name), sourceText(name));
    git(path, ["add", name]);
  }
  const [script, throughNode, diff, bare] = medians(path, rounds, [
    [gate, "pre-commit"],
    [process.execPath, bin, "hook", "run", "pre-commit"],
    ["git", "diff", "--cached"],
    [process.execPath, "-e", "0"],
  ]);
  return [
    {
      title: "commit of 3 clean files, 78 000 in the repository: script",
      oursMilliseconds: script,
      reference: "git diff --cached",
      referenceMilliseconds: diff,
      target: "at most 1.3 times",
      held: script <= 1.3 * diff,
    },
    {
      title: "the same through Node alone",
      oursMilliseconds: throughNode,
      reference: "node -e 0",
      referenceMilliseconds: bare,
      target: "at most 40 ms more",
      held: throughNode <= bare + 40,
    },
  ];
}

/** 10 000 clean commits, pushed to an empty bare repository on the same disk. */
function pushRow(path) {
  mkdirSync(path, { recursive: true });
  git(path, ["init", "-q", "-b", "main"]);
  git(path, ["fast-import", "--quiet"], manyCommits(10_000));
  const remote = join(path, "../remote.git");
  git(path, ["init", "-q", "--bare", remote]);
  git(path, ["remote", "add", "origin", remote]);
  const head = git(path, ["rev-parse", "main"]).trim();
  const line = `refs/heads/main ${head} refs/heads/main ${"0".repeat(head.length)}\n`;
  const ours = time(
    path,
    [process.execPath, bin, "hook", "run", "pre-push", "origin", remote],
    line,
  );
  const push = time(path, ["git", "push", "-q", "origin", "main"]);
  return {
    title: "push of 10 000 clean commits",
    oursMilliseconds: ours,
    reference: "git push to a local bare repository",
    referenceMilliseconds: push,
    target: "less time",
    held: ours < push,
  };
}

/** A stream for fast-import: each commit changes one of 200 files of some kilobytes. */
function manyCommits(count) {
  const texts = Array.from({ length: 200 }, (_, at) => sourceText(`module${at}`).split("\n"));
  const parts = [];
  for (let at = 0; at < count; at += 1) {
    const lines = texts[at % texts.length] ?? [];
    lines[(at * 7) % lines.length] = `  const step${at} = advance(state, ${at});`;
    const text = lines.join("\n");
    parts.push(
      `commit refs/heads/main\ncommitter A <a@example.com> ${1_700_000_000 + at} +0000\n`,
      `data 8\nchange ${(at % 10).toString()}`,
      `\nM 100644 inline src/module${at % 200}.ts\ndata ${Buffer.byteLength(text)}\n${text}\n`,
    );
  }
  return parts.join("");
}

function sourceText(name) {
  return Array.from(
    { length: 120 },
    (_, at) =>
      `export function ${name.replace(".", "_")}${at}(value: number): number { return value + ${at}; }`,
  ).join("\n");
}

function medians(path, rounds, commands) {
  const times = commands.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, command] of commands.entries()) times[at]?.push(time(path, command));
  }
  const [a = 0, b = 0, c = 0, d = 0] = times.map(
    (each) => each.toSorted((one, other) => one - other)[Math.floor(each.length / 2)] ?? 0,
  );
  return [a, b, c, d];
}

function time(path, [command = "", ...args], input = "") {
  const started = performance.now();
  const ran = spawnSync(command, args, {
    cwd: path,
    input,
    env: environment(path),
    maxBuffer: 1 << 28,
  });
  const milliseconds = performance.now() - started;
  if (ran.status !== 0) throw new Error(`${command} ${args.join(" ")}: ${ran.stderr.toString()}`);
  return milliseconds;
}

function git(path, args, input = "") {
  const ran = spawnSync("git", args, {
    cwd: path,
    input,
    encoding: "utf8",
    env: environment(path),
    maxBuffer: 1 << 28,
  });
  if (ran.status !== 0) throw new Error(`git ${args.join(" ")}: ${ran.stderr}`);
  return ran.stdout;
}

/** Without the variable that makes every start of Node read a file of certificates. */
function environment(path) {
  const { NODE_EXTRA_CA_CERTS: _certificates, ...rest } = process.env;
  return {
    ...rest,
    HOME: path,
    XDG_CONFIG_HOME: "",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: "A",
    GIT_AUTHOR_EMAIL: "a@example.com",
    GIT_COMMITTER_NAME: "A",
    GIT_COMMITTER_EMAIL: "a@example.com",
  };
}

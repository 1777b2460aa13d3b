// What is measured: ours, git's and ripgrep's floors, and every other scanner that is on PATH, each
// looking for one kind of key where it can be told so.
// Running and timing are left to measure.mjs.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {readonly string[]} command  a program and its arguments
 * @property {string} [directory]  where it runs
 * @property {string} [input]  a file that is its standard input
 * @property {readonly number[]} [statuses]  exit statuses that are no failure
 */

const dashleaks = fileURLToPath(new URL("../../bin/dashleaks.js", import.meta.url));
const pattern = "sk-[0-9a-f]{32}";
const folder = mkdtempSync(join(tmpdir(), "dashleaks-bench-"));

function file(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const gitleaksRule = file(
  "gitleaks.toml",
  `title = "one rule"\n[[rules]]\nid = "k1"\nregex = '''${pattern}'''\nkeywords = ["sk-"]\n`,
);
const noseyParkerRule = file(
  "noseyparker.yml",
  `rules:\n- name: k1\n  id: bench.k1\n  pattern: '(${pattern})'\n  examples: []\n`,
);
const kingfisherRule = file(
  "kingfisher.yml",
  `rules:\n- name: k1\n  id: bench.k1\n  pattern: '(${pattern})'\n  min_entropy: 0\n`,
);
const secretlintRule = file(
  "secretlintrc.json",
  JSON.stringify({
    rules: [
      {
        id: "@secretlint/secretlint-rule-pattern",
        options: { patterns: [{ name: "k1", pattern: `/${pattern}/` }] },
      },
    ],
  }),
);

/**
 * The history of a repository, all objects of it.
 * @param {string} repository a git directory
 * @param {string} blobs a file with the ids of all blobs, in the order in which they lie in packs
 * @param {string} shared a repository that borrows all objects, to keep our record in
 * @returns {readonly Row[]}
 */
export function historyRows(repository, blobs, shared) {
  const scan = ["node", dashleaks, "scan", "--history", "--format", "json"];
  return [
    {
      name: "git cat-file --batch --buffer, all blobs (git's floor)",
      command: ["git", "-C", repository, "cat-file", "--batch", "--buffer"],
      input: blobs,
    },
    {
      name: "git log -p -U0 --all",
      command: ["git", "-C", repository, "log", "-p", "-U0", "--all"],
    },
    { name: "node -e 0", command: ["node", "-e", "0"] },
    {
      name: "dashleaks scan --history --no-cache",
      command: [...scan, "--no-cache", repository],
      statuses: [0, 1, 2],
    },
    {
      name: "dashleaks scan --history, a second time",
      command: [...scan, shared],
      statuses: [0, 1, 2],
    },
    {
      name: "gitleaks git, one rule",
      command: [
        "gitleaks",
        "git",
        "--no-banner",
        // Its usual status for keys, 1, says that something went wrong as well.
        "--exit-code=9",
        "-c",
        gitleaksRule,
        "--log-opts=--all",
        repository,
      ],
      statuses: [0, 9],
    },
    {
      name: "betterleaks git, one rule",
      command: [
        "betterleaks",
        "git",
        "--no-banner",
        // Its usual status for keys, 1, says that something went wrong as well.
        "--exit-code=9",
        "-c",
        gitleaksRule,
        "--log-opts=--all",
        repository,
      ],
      statuses: [0, 9],
    },
    {
      name: "trufflehog git, all detectors, nothing verified",
      command: [
        "trufflehog",
        "git",
        "--no-update",
        "--no-verification",
        "--bare",
        `file://${repository}`,
      ],
      statuses: [0, 183],
    },
    {
      name: "kingfisher scan, one rule",
      command: [
        "kingfisher",
        "scan",
        "--no-update-check",
        "--no-validate",
        "--load-builtins=false",
        "--rules-path",
        kingfisherRule,
        repository,
      ],
      statuses: [0, 200, 205],
    },
    {
      name: "noseyparker scan, one rule",
      command: [
        "noseyparker",
        "scan",
        "--datastore",
        join(folder, `np-${process.hrtime.bigint()}`),
        "--rules",
        noseyParkerRule,
        "--ruleset",
        "default",
        repository,
      ],
      statuses: [0, 2],
    },
    {
      name: "titus scan, all rules",
      command: ["titus", "scan", "--git", repository],
      statuses: [0, 1],
    },
  ];
}

/**
 * The files of a working tree.
 * @param {string} directory
 * @returns {readonly Row[]}
 */
export function treeRows(directory) {
  return [
    {
      name: "rg -c, one pattern",
      command: ["rg", "-c", pattern, "."],
      directory,
      statuses: [0, 1],
    },
    {
      name: "git grep -cE, one pattern",
      command: ["git", "grep", "-cE", pattern],
      directory,
      statuses: [0, 1],
    },
    {
      name: "dashleaks scan --tree",
      command: ["node", dashleaks, "scan", "--tree", "--format", "json", "."],
      directory,
      statuses: [0, 1, 2],
    },
    {
      name: "gitleaks dir, one rule",
      command: ["gitleaks", "dir", "--no-banner", "--exit-code=9", "-c", gitleaksRule, "."],
      directory,
      statuses: [0, 9],
    },
    {
      name: "betterleaks dir, one rule",
      command: ["betterleaks", "dir", "--no-banner", "--exit-code=9", "-c", gitleaksRule, "."],
      directory,
      statuses: [0, 9],
    },
    {
      name: "secretlint, one rule",
      command: ["secretlint", "--secretlintrc", secretlintRule, "**/*"],
      directory,
      statuses: [0, 1],
    },
  ];
}

// The table of `npm run bench`: for each repository that is named, and for one that it makes itself,
// ours beside the floors and beside every other scanner on PATH.
//
//   npm run bench -- [--rounds N] [--tree FOLDER] [--hooks] [REPOSITORY …]
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { historyRows, treeRows } from "./commands.mjs";
import { hookRows } from "./hook.mjs";
import { measure } from "./measure.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "3" },
    tree: { type: "string", multiple: true, default: [] },
    hooks: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
const folder = mkdtempSync(join(tmpdir(), "dashleaks-bench-"));
// The record of what is clean goes where it harms nobody.
process.env["XDG_CACHE_HOME"] = join(folder, "cache");

function git(...args) {
  return execFileSync("git", args, { maxBuffer: 1 << 30, stdio: ["ignore", "pipe", "ignore"] });
}

/** A history of text files that grow and change, made anew each time and always the same. */
function makeRepository() {
  const path = join(folder, "made.git");
  git("init", "-q", "--bare", path);
  let seed = 1;
  const below = (limit) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
  };
  const words = "return const import task-runner value of the if else function data".split(" ");
  const line = () =>
    Array.from({ length: 4 + below(8) }, () => words[below(words.length)]).join(" ");
  const files = Array.from({ length: 300 }, () => Array.from({ length: 50 + below(400) }, line));
  const stream = [];
  for (let commit = 0; commit < 6000; commit++) {
    stream.push(`commit refs/heads/main\ncommitter A <a@b> ${1.6e9 + commit} +0000\ndata 1\nc\n`);
    for (let edits = commit === 0 ? files.length : 1 + below(4); edits > 0; edits--) {
      const file = commit === 0 ? edits - 1 : below(files.length);
      const lines = files[file] ?? [];
      if (commit > 0) lines.splice(below(lines.length), below(2), line());
      const text = `${lines.join("\n")}\n`;
      stream.push(`M 100644 inline d${file % 20}/f${file}.txt\ndata ${text.length}\n${text}\n`);
    }
  }
  execFileSync("git", ["-C", path, "fast-import", "--quiet"], { input: stream.join("") });
  git("-C", path, "repack", "-q", "-a", "-d", "-f");
  return path;
}

function blobsOf(repository) {
  const listed = git(
    "-C",
    repository,
    "cat-file",
    "--batch-all-objects",
    "--unordered",
    "--buffer",
    "--batch-check=%(objecttype) %(objectname)",
  );
  const blobs = listed.toString("latin1").match(/(?<=^blob )\w+/gmu) ?? [];
  const path = join(folder, "blobs");
  writeFileSync(path, `${blobs.join("\n")}\n`);
  return { path, count: blobs.length };
}

function print(title, results, floor) {
  const base = results.find(({ name }) => name === floor)?.seconds ?? null;
  const number = (value, digits) => (value === null ? "–" : value.toFixed(digits));
  const lines = results.map(({ name, failure, seconds, cpu, megabytes }) =>
    failure === null
      ? `| ${name} | ${number(seconds, 2)} | ${number(base && seconds / base, 2)} | ${number(cpu, 2)} | ${number(megabytes, 0)} |`
      : `| ${name} | failed: ${failure.split("\n")[0]} | | | |`,
  );
  process.stdout.write(
    `\n**${title}** (medians of ${rounds})\n\n| | wall s | ratio | CPU s | MB |\n|---|---|---|---|---|\n${lines.join("\n")}\n`,
  );
}

function printHooks(rows) {
  const lines = rows.map(
    ({ title, oursMilliseconds, reference, referenceMilliseconds, target, held }) =>
      `| ${title} | ${oursMilliseconds.toFixed(0)} | ${reference}: ${referenceMilliseconds.toFixed(0)} | ${target}: ${held ? "yes" : "no"} |`,
  );
  process.stdout.write(
    `\n**hooks**\n\n| | ms | beside | holds |\n|---|---|---|---|\n${lines.join("\n")}\n`,
  );
}

try {
  for (const named of [...positionals, null]) {
    const repository = named === null ? makeRepository() : resolve(named);
    const blobs = blobsOf(repository);
    const shared = join(folder, "shared.git");
    git("clone", "-q", "--mirror", "--shared", repository, shared);
    const rows = historyRows(repository, blobs.path, shared);
    // The first audit of the borrowed objects, which writes the record.
    measure(rows.slice(4, 5), 1);
    const title = `${named === null ? "a made repository" : basename(repository)}: ${blobs.count} blobs`;
    print(title, measure(rows, rounds), rows[0]?.name);
    rmSync(shared, { recursive: true });
  }
  for (const tree of values.tree) {
    const rows = treeRows(resolve(tree));
    print(`files of ${basename(resolve(tree))}`, measure(rows, rounds), rows[0]?.name);
  }
  if (values.hooks) printHooks(hookRows(join(folder, "hooks")));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

// A repository's own configuration and attributes run nothing and reach no network, whatever is read.
// Each trap is proven to be alive: plain git falls into it.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Repository } from "../../src/model/index.js";
import { attribute } from "../../src/sources/attribution.js";
import { incompleteness } from "../../src/sources/completeness.js";
import { files } from "../../src/sources/files.js";
import { exactHistory } from "../../src/sources/history.js";
import { refNames } from "../../src/sources/ref-names.js";
import { reflogTexts } from "../../src/sources/reflogs.js";
import { openRepository } from "../../src/sources/repository.js";
import { staged } from "../../src/sources/staged.js";
import { unchangedFiles } from "../../src/sources/unchanged-files.js";
import { collect, everything } from "../support/documents.js";
import { freshRepository, temporaryFolder, type TestRepository } from "../support/repository.js";

interface Trap {
  readonly name: string;
  /** @param program a program that leaves a mark */
  readonly set: (repository: TestRepository, program: string) => void;
  /** A plain git command that falls into it. */
  readonly bait: readonly string[];
}

const traps: readonly Trap[] = [
  {
    name: "core.fsmonitor",
    set: ({ git }, program) => git("config", "core.fsmonitor", program),
    bait: ["status"],
  },
  {
    name: "a hook in core.hooksPath",
    set: ({ git, path }, program) => {
      mkdirSync(join(path, ".git/evil"));
      for (const hook of ["post-index-change", "reference-transaction", "post-checkout"]) {
        writeFileSync(join(path, ".git/evil", hook), `#!/bin/sh\nexec '${program}'\n`);
        chmodSync(join(path, ".git/evil", hook), 0o755);
      }
      git("config", "core.hooksPath", join(path, ".git/evil"));
    },
    bait: ["update-ref", "refs/heads/bait", "HEAD"],
  },
  {
    name: "a textconv driver",
    set: ({ git, write }, program) => {
      write(".git/info/attributes", "* diff=evil\n");
      git("config", "diff.evil.textconv", program);
    },
    bait: ["log", "-p"],
  },
  {
    name: "a diff driver's command",
    set: ({ git, write }, program) => {
      write(".git/info/attributes", "* diff=evil\n");
      git("config", "diff.evil.command", program);
    },
    bait: ["diff", "HEAD~1"],
  },
  {
    name: "diff.external",
    set: ({ git }, program) => git("config", "diff.external", program),
    bait: ["diff", "HEAD~1"],
  },
  ...(["clean", "process"] as const).map((way) => ({
    name: `a filter's ${way} program, by an attributes file of the tree`,
    set: ({ git, write, path }: TestRepository, program: string) => {
      write(".gitattributes", "*.txt filter=evil\n");
      git("config", `filter.evil.${way}`, program);
      utimesSync(join(path, "a.txt"), 1, 1); // git will want to look again
    },
    bait: ["diff"],
  })),
  {
    name: "a filter, by core.attributesFile",
    set: ({ git, write, path }, program) => {
      write(".git/evil-attributes", "* filter=evil\n");
      git("config", "core.attributesFile", join(path, ".git/evil-attributes"));
      git("config", "filter.evil.clean", program);
      utimesSync(join(path, "a.txt"), 1, 1);
    },
    bait: ["diff"],
  },
  {
    name: "gpg.program, by log.showSignature",
    set: ({ git, gitWithInput }, program) => {
      const [head, ...body] = git("cat-file", "commit", "HEAD").split("\n\n");
      const signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----";
      const signed = `${head}\n${signature}\n\n${body.join("\n\n")}\n`;
      const oid = gitWithInput(signed, "hash-object", "-t", "commit", "-w", "--stdin");
      git("update-ref", "refs/heads/signed", oid);
      git("config", "log.showSignature", "true");
      git("config", "gpg.program", program);
    },
    bait: ["log", "-1", "signed"],
  },
  {
    name: "core.alternateRefsCommand",
    set: ({ git, path, write }, program) => {
      const other = freshRepository();
      other.commit({ "other.txt": "x" });
      write(".git/objects/info/alternates", `${join(other.path, ".git/objects")}\n`);
      git("config", "core.alternateRefsCommand", program);
      expect(path).not.toBe(other.path);
    },
    bait: ["rev-list", "--alternate-refs"],
  },
  {
    name: "a lazy fetch by an ext:: remote of a partial clone",
    set: ({ git, path }, program) => {
      const oid = git("rev-parse", "HEAD~1:a.txt");
      git("config", "core.repositoryFormatVersion", "1");
      git("config", "extensions.partialClone", "origin");
      git("config", "remote.origin.url", `ext::${program}`);
      git("config", "remote.origin.promisor", "true");
      git("config", "protocol.ext.allow", "always");
      git("config", "protocol.allow", "always");
      rmSync(join(path, ".git/objects", oid.slice(0, 2), oid.slice(2)));
    },
    bait: ["cat-file", "-p", "HEAD~1:a.txt"],
  },
  {
    name: "a program by an included configuration file",
    set: ({ git, path, write }, program) => {
      write(".git/more", `[core]\n\tfsmonitor = "${program}"\n`);
      git("config", "include.path", join(path, ".git/more"));
    },
    bait: ["status"],
  },
];

/** A program that leaves a mark when it runs, and how to tell. */
function alarm(): { readonly program: string; readonly rang: () => boolean } {
  const folder = temporaryFolder();
  const [program, mark] = [join(folder, "alarm"), join(folder, "mark")];
  writeFileSync(program, `#!/bin/sh\ntouch '${mark}'\nexit 1\n`);
  chmodSync(program, 0o755);
  return { program, rang: () => existsSync(mark) };
}

function twoCommits(): TestRepository {
  const repository = freshRepository();
  repository.commit({ "a.txt": "one\n" });
  repository.commit({ "a.txt": "two\n", "b.txt": "b\n" });
  repository.write("untracked.txt", "u\n");
  return repository;
}

/** Does everything that this room can do. */
async function readAll(path: string): Promise<Repository> {
  const repository = await openRepository(path);
  if (repository === null) throw new Error("no repository");
  const options = { ...everything, threads: 2 };
  const sources = [
    files([path], { ...options, repository }),
    files([path], { ...options, repository, ignored: true }),
    exactHistory(repository, options),
    refNames(repository, options),
    reflogTexts(repository, { witnesses: null }),
    ...(repository.worktree === null ? [] : [staged({ ...repository, worktree: path })]),
  ];
  for (const source of sources) await collect(source);
  await incompleteness(repository);
  await unchangedFiles(repository);
  const list = execFileSync("git", ["rev-list", "--objects", "--all", "--missing=allow-any"], {
    cwd: path,
    encoding: "utf8",
    env: { ...process.env, GIT_NO_LAZY_FETCH: "1" },
  });
  const hits = list
    .trim()
    .split("\n")
    .map((line) => ({ oid: line.split(" ")[0] ?? "", fingerprints: new Set(["a key"]) }))
    .map((hit) => ({ ...hit, type: "blob" as const }));
  expect((await attribute(repository, hits)).notices).toEqual([]);
  return repository;
}

describe("a hostile repository", () => {
  it.each(traps)("cannot run a program by $name", async ({ set, bait }) => {
    const repository = twoCommits();
    const { program, rang } = alarm();
    set(repository, program);
    await readAll(repository.path);
    expect(rang()).toBe(false);
    try {
      repository.git(...bait);
    } catch {
      // The alarm makes git fail; that it rang is what counts.
    }
    expect(rang()).toBe(true);
  });

  it("cannot hide anything by settings that change what git prints", async () => {
    const repository = twoCommits();
    const settings = {
      "log.showRoot": "false",
      "diff.relative": "true",
      "diff.orderFile": join(repository.path, "nowhere"),
      "diff.renames": "copies",
      "core.quotePath": "true",
      "core.abbrev": "4",
      "log.date": "relative",
      "i18n.logOutputEncoding": "UTF-16",
      "color.ui": "always",
      "format.pretty": "oneline",
      "diff.ignoreSubmodules": "all",
      "core.commitGraph": "true",
    };
    for (const [name, value] of Object.entries(settings)) repository.git("config", name, value);
    const root = repository.git("rev-parse", "HEAD~1");
    repository.write(".git/info/grafts", `${repository.git("rev-parse", "HEAD")}\n`);
    repository.git("replace", "--graft", "HEAD");
    const opened = await readAll(repository.path);
    const oid = repository.git("rev-parse", `${root}:a.txt`);
    const fingerprints = new Set(["a key"]);
    const { places } = await attribute(opened, [{ oid, type: "blob", fingerprints }]);
    expect(places).toMatchObject([
      { path: "a.txt", commit: root, author: "Ada Author <ada@example.com>" },
    ]);
    expect(places[0]?.removed?.date).toMatch(/^\d{4}-\d\d-\d\dT/u);
  });
});

// The script that stands before Node: what it lets pass, what it hands on, and that it fails closed.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { gateFiles } from "../../src/hooks/gate-files.js";
import { grepPattern, trTable } from "../../src/hooks/grep-patterns.js";
import type { Witness } from "../../src/model/index.js";
import { loadRuleset } from "../../src/ruleset/load.js";
import { witnessesOf } from "../../src/ruleset/witnesses.js";
import { mint, mintedKinds } from "../support/mint.js";
import { freshRepository, temporaryFolder, type TestRepository } from "../support/repository.js";

const project = join(import.meta.dirname, "../..");
const judged = 7;
const witnessSet = witnessesOf(loadRuleset());
const files = gateFiles(witnessSet);

let gate = "";
let repository: TestRepository;

/** The script in a package of its own, in which a stand-in for the command line says it was asked. */
beforeEach(() => {
  const folder = join(temporaryFolder(), "the package");
  gate = join(folder, "bin/dashleaks-hook");
  mkdirSync(dirname(gate), { recursive: true });
  mkdirSync(join(folder, "dist/hooks"), { recursive: true });
  cpSync(join(project, "bin/dashleaks-hook"), gate);
  writeFileSync(join(folder, "dist/hooks/witnesses"), files.witnesses, "latin1");
  writeFileSync(join(folder, "dist/hooks/canaries"), files.canaries, "latin1");
  writeFileSync(join(folder, "package.json"), "{}");
  writeFileSync(
    join(folder, "bin/dashleaks.js"),
    `process.stdout.write("asked: " + process.argv.slice(2).join(" ")); process.exit(${judged});`,
  );
  repository = freshRepository();
  repository.commit({ a: "one\ntwo\nthree\n", kept: `K=${"x".repeat(20)}\n` });
});

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(environment: Record<string, string> = {}, ...args: string[]): Ran {
  const given = args.length > 0 ? args : ["pre-commit"];
  const { status, stdout, stderr } = spawnSync(gate, given, {
    cwd: repository.path,
    encoding: "utf8",
    env: { ...process.env, HOME: repository.path, XDG_CONFIG_HOME: "", ...environment },
  });
  return { status, stdout, stderr };
}

function stage(path: string, content: string | Uint8Array): void {
  repository.write(path, content);
  repository.git("add", "-A");
}

/** A PATH on which only some programs are found. */
function pathWith(programs: Readonly<Record<string, string>>): Record<string, string> {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(programs)) {
    if (text === "") symlinkSync(which(name), join(folder, name));
    else {
      writeFileSync(join(folder, name), text);
      chmodSync(join(folder, name), 0o755);
    }
  }
  return { PATH: folder };
}

function which(name: string): string {
  const found = spawnSync("/bin/sh", ["-c", `command -v ${name}`], { encoding: "utf8" });
  return found.stdout.trim();
}

const usual = { git: "", cut: "", grep: "", tr: "", node: "", cat: "" };

describe("the gate before Node", () => {
  it("lets a clean commit pass without Node, and says nothing", () => {
    expect(run()).toEqual({ status: 0, stdout: "", stderr: "" });
    stage("a", "one\ntwo\nfour\n");
    expect(run()).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  it.each(mintedKinds)("asks Node about a %s key", (kind) => {
    stage("b", `K=${mint(kind)}\n`);
    expect(run()).toMatchObject({ status: judged, stdout: "asked: hook run pre-commit" });
  });

  it.each([
    ["UTF-16", (key: string) => Buffer.from(`\ufeffK=${key}\r\n`, "utf16le")],
    ["base64", (key: string) => `x: ${Buffer.from(`K=${key}`).toString("base64")}\n`],
    ["gzip", (key: string) => gzipSync(`K=${key}`)],
    ["a binary file", (key: string) => Buffer.from(`\0\u00ff\0${key}\0\u0001`, "latin1")],
    ["two lines", (key: string) => `K=${key.slice(0, 9)}\\\n${key.slice(9)}\n`],
  ] as const)("asks Node about a key in %s", (_form, write) => {
    stage("b", write(mint("payg-compact")));
    expect(run().status).toBe(judged);
  });

  it("asks Node about a key that a commit completes by a line without any mark of a key", () => {
    const key = mint("payg-compact");
    const head = `K="${key.slice(0, 30)}" +\n`;
    repository.commit({ b: head });
    stage("b", `${head}  "${key.slice(30)}"\n`);
    expect(run().status).toBe(judged);
  });

  it("asks Node about a key in the name of a file", () => {
    stage(`notes-${mint("coding-plan")}.txt`, "");
    expect(run().status).toBe(judged);
  });

  it.each([0, 39, 40, 41, 90])("asks Node about a key in the file after %i others", (count) => {
    for (let file = 0; file < count; file++) repository.write(`many/${file}`, `${file}\n`);
    stage("the last", "clean\n");
    expect(run()).toEqual({ status: 0, stdout: "", stderr: "" });
    stage("the last", `K=${mint("payg-legacy")}\n`);
    expect(run().status).toBe(judged);
  });

  it.each(["\u2060", "\u00ad", "\uff2b"])(
    "asks Node about a name of a file with %j, by which keys are broken or spelt",
    (character) => {
      repository.git("config", "core.quotePath", "false");
      stage(`a name${character}.txt`, "");
      expect(run().status).toBe(judged);
    },
  );

  it("does not ask Node about a name of a file in Chinese", () => {
    stage("说明.txt", "");
    expect(run().status).toBe(0);
  });

  it("does not see what is not staged", () => {
    repository.write("a", mint("payg-compact"));
    expect(run().status).toBe(0);
  });

  it("is not misled by attributes, settings or variables", () => {
    stage("b", `K=${mint("payg-legacy")}\n`);
    stage(".gitattributes", "* -diff\nb diff=blind\n");
    for (const [name, value] of [
      ["diff.blind.textconv", "true"],
      ["diff.blind.command", "true"],
      ["diff.external", "true"],
      ["diff.relative", "true"],
      ["diff.orderFile", "/nowhere"],
      ["color.ui", "always"],
      ["color.diff", "always"],
      ["diff.context", "0"],
    ] as const) {
      repository.git("config", name, value);
    }
    const variables = { GREP_OPTIONS: "-v", GREP_COLOR: "1", GIT_EXTERNAL_DIFF: "true" };
    expect(run({ ...variables, GIT_DIFF_OPTS: "-u0" }).status).toBe(judged);
    repository.git("config", "--unset", "diff.orderFile");
    repository.git("commit", "-q", "-m", "the key is there");
    stage("a", "clean\n");
    expect(run().status).toBe(0);
  });

  it("asks Node where a staged blob is missing", () => {
    stage("b", "soon gone\n");
    const oid = repository.git("rev-parse", ":b");
    unlinkSync(join(repository.path, ".git/objects", oid.slice(0, 2), oid.slice(2)));
    expect(run().status).toBe(judged);
  });

  it("leaves the judgement to Node where a configuration has rules of its own", () => {
    repository.write(".dashleaks.toml", 'exclude = ["x"]\n');
    expect(run().status).toBe(0);
    repository.write(".dashleaks.toml", "[[rule]]\n");
    expect(run().status).toBe(judged);
    repository.write(".dashleaks.toml", '[["\\u0072ule"]]\n');
    expect(run().status).toBe(judged);
    repository.write(".dashleaks.toml", "");
    repository.write(".config/dashleaks/config.toml", "[[rule]]\n");
    expect(run().status).toBe(judged);
  });

  it("leaves to Node what it does not do itself", () => {
    expect(run({}, "pre-push", "origin", "url").stdout).toBe("asked: hook run pre-push origin url");
    expect(run({}, "pre-receive").status).toBe(judged);
    expect(run({}, "pre-commit", "--quiet").stdout).toBe("asked: hook run pre-commit --quiet");
    expect(run({ PRE_COMMIT: "1" }).status).toBe(judged);
    expect(run({}, "post-merge")).toMatchObject({ status: 2, stdout: "" });
  });

  it("looks at a commit's message", () => {
    repository.write("message", "a clean subject\n");
    expect(run({}, "commit-msg", "message")).toMatchObject({ status: 0, stdout: "" });
    repository.write("message", `subject\n\n${mint("payg-v2")}\n`);
    expect(run({}, "commit-msg", "message").stdout).toBe("asked: hook run commit-msg message");
    expect(run({}, "commit-msg", "no such file").status).toBe(judged);
  });

  it("is found through a link, as npm makes them", () => {
    const link = join(temporaryFolder(), "dashleaks-hook");
    symlinkSync(gate, link);
    gate = link;
    stage("b", `K=${mint("payg-legacy")}\n`);
    expect(run().status).toBe(judged);
  });
});

describe("the gate fails closed", () => {
  it.each([
    ["git", "git was not found"],
    ["grep", "cut, tr or grep"],
    ["tr", "cut, tr or grep"],
  ] as const)("without %s", (missing, words) => {
    const { [missing]: _missing, ...programs } = usual;
    const ran = run(pathWith(programs));
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr).toContain(words);
  });

  it("without cut, which long lists of files go through", () => {
    for (let file = 0; file < 60; file++) stage(`many/${file}`, `${file}\n`);
    expect(run()).toEqual({ status: 0, stdout: "", stderr: "" });
    const { cut: _cut, ...programs } = usual;
    const ran = run(pathWith(programs));
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr).toContain("cut, tr or grep");
  });

  it("without Node, when there is something to judge", () => {
    const { node: _node, ...rest } = usual;
    stage("b", `K=${mint("payg-legacy")}\n`);
    const ran = run(pathWith(rest));
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain("node was not found");
  });

  it.each([
    ["at once", "#!/bin/sh\nexit 128\n"],
    ["half-way", "#!/bin/sh\necho 'diff --git a/x b/x'\nexit 1\n"],
    ["by a signal", "#!/bin/sh\necho x\nkill -9 $$\n"],
  ])("when git ends %s: Node, which asks git itself, has the last word", (_when, git) => {
    expect(run(pathWith({ ...usual, git })).status).toBe(judged);
  });

  it.each([
    ["finds nothing", "#!/bin/sh\ncat >/dev/null\necho 0\nexit 1\n"],
    ["fails", "#!/bin/sh\ncat >/dev/null\nexit 2\n"],
    ["loses the last of it", "#!/bin/sh\ncat >/dev/null\necho 5\nexit 0\n"],
    ["says nothing", "#!/bin/sh\ncat >/dev/null\nexit 0\n"],
  ])("when grep %s", (_what, grep) => {
    expect(run(pathWith({ ...usual, grep }))).toMatchObject({ status: 2, stdout: "" });
  });

  it("when grep does not read at all: whoever notices first, it is not clean", () => {
    const grep = "#!/bin/sh\necho 6\nexit 0\n";
    repository.write("large", "x".repeat(1 << 20));
    repository.git("add", "large");
    expect([2, judged]).toContain(run(pathWith({ ...usual, grep })).status);
  });

  it.each(["tr", "cut"])("when %s loses everything, or some of it", (program) => {
    for (let file = 0; file < 60; file++) stage(`many/${file}`, `${file}\n`);
    for (const lines of ["cat >/dev/null", "read -r line; cat >/dev/null"]) {
      const ran = run(pathWith({ ...usual, [program]: `#!/bin/sh\n${lines}\n` }));
      expect(ran).toMatchObject({ status: 2, stdout: "" });
    }
  });

  it("when the package is incomplete", () => {
    const witnesses = join(dirname(gate), "../dist/hooks/witnesses");
    const lines = readFileSync(witnesses, "latin1").split("\n");
    for (const kept of [lines.slice(1), [lines.join("\n").slice(0, 2000)], []]) {
      writeFileSync(witnesses, kept.join("\n"), "latin1");
      expect(run()).toMatchObject({ status: 2, stdout: "" });
    }
    writeFileSync(join(dirname(gate), "../dist/hooks/canaries"), "");
    expect(run()).toMatchObject({ status: 2, stdout: "" });
  });
});

describe("patterns for grep", () => {
  it("match every text in which a witness occurs", () => {
    const folder = temporaryFolder();
    const patterns = `${grepPattern(witnessSet.witnesses)}\n`;
    writeFileSync(join(folder, "patterns"), patterns, "latin1");
    // The texts are apart by 0xFF, as grep gets them from tr.
    const texts = instances(witnessSet.witnesses);
    const made = spawnSync("tr", [trTable.from, trTable.to], {
      input: Buffer.from(texts.join("\u00ff"), "latin1"),
      encoding: "latin1",
      env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C" },
    }).stdout;
    writeFileSync(join(folder, "text"), made, "latin1");
    const greps = [["grep"], ["busybox", "grep"]].filter(([program = ""]) => which(program) !== "");
    for (const [program = "", ...first] of greps) {
      const found = spawnSync(
        program,
        [...first, "-a", "-v", "-n", "-E", "-f", "patterns", "text"],
        {
          cwd: folder,
          encoding: "latin1",
          env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C" },
        },
      );
      expect(found).toMatchObject({ stdout: "", stderr: "", status: 1 });
    }
    expect(made.split("\n")).toHaveLength(texts.length);
  });

  it("are those by which the script has its text changed", () => {
    const script = readFileSync(join(project, "bin/dashleaks-hook"), "utf8");
    expect(script).toContain(`tr '${trTable.from}' '${trTable.to}'`);
  });
});

/** Texts that hold one witness each, with neighbours and without. */
function instances(witnesses: readonly Witness[]): readonly string[] {
  let seed = 42;
  const draw = (count: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return (seed >> 8) % count;
  };
  return witnesses.flatMap((witness) =>
    Array.from({ length: 12 }, (_, round) => {
      const bytes = witness.map((byteClass) => {
        // Line ends often: they are what is hard.
        if (byteClass.has(10) && round % 3 === 0) return 10;
        return [...byteClass][draw(byteClass.size)] ?? 0;
      });
      const neighbours = ["", "~", "a\n", "\0"][round % 4] ?? "";
      return `${neighbours}${Buffer.from(bytes).toString("latin1")}${neighbours}`;
    }),
  );
}

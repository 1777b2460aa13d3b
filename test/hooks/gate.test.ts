// The script that stands before Node: what it lets pass, what it hands on, and that it fails closed.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { gateFiles } from "../../src/hooks/gate-files.js";
import { linePatterns } from "../../src/hooks/line-patterns.js";
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

const usual = { git: "", grep: "", tr: "", node: "", cat: "" };

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

  it("cannot be narrowed by GIT_DIFF_OPTS", () => {
    const key = mint("payg-compact");
    repository.commit({ b: `K="${key.slice(0, 30)}" +\n` });
    stage("b", `K="${key.slice(0, 30)}" +\n  "${key.slice(30)}"\n`);
    expect(run({ GIT_DIFF_OPTS: "--unified=0" }).status).toBe(judged);
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
    ["git", { grep: "", tr: "", node: "", cat: "" }],
    ["grep", { git: "", tr: "", node: "", cat: "" }],
    ["tr", { git: "", grep: "", node: "", cat: "" }],
  ] as const)("without %s", (missing, programs) => {
    const ran = run(pathWith(programs));
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr).toContain(missing === "git" ? "git was not found" : "grep or tr");
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
    ["does not read to the end", "#!/bin/sh\necho 1\nexit 0\n"],
    ["says nothing", "#!/bin/sh\ncat >/dev/null\nexit 0\n"],
  ])("when grep %s", (_what, grep) => {
    expect(run(pathWith({ ...usual, grep }))).toMatchObject({ status: 2, stdout: "" });
  });

  it("when tr loses everything", () => {
    const ran = run(pathWith({ ...usual, tr: "#!/bin/sh\ncat >/dev/null\n" }));
    expect(ran).toMatchObject({ status: 2, stdout: "" });
  });

  it("when the package is incomplete", () => {
    const witnesses = join(dirname(gate), "../dist/hooks/witnesses");
    const lines = readFileSync(witnesses, "latin1").split("\n");
    for (const kept of [lines.slice(0, 20), []]) {
      writeFileSync(witnesses, kept.join("\n"), "latin1");
      expect(run()).toMatchObject({ status: 2, stdout: "" });
    }
    writeFileSync(join(dirname(gate), "../dist/hooks/canaries"), "");
    expect(run()).toMatchObject({ status: 2, stdout: "" });
  });
});

describe("patterns for grep", () => {
  it("match a line of every text in which a witness occurs, behind a diff's mark or not", () => {
    const { witnesses } = witnessSet;
    const folder = temporaryFolder();
    writeFileSync(join(folder, "patterns"), `${linePatterns(witnesses).join("\n")}\n`, "latin1");
    for (const mark of ["", "+", " "]) {
      const { text, spans } = instances(witnesses, mark);
      writeFileSync(join(folder, "text"), text, "latin1");
      // No shell: the bytes go to grep as the gate's `tr` leaves them.
      const found = spawnSync("grep", ["-a", "-n", "-E", "-f", "patterns", "text"], {
        cwd: folder,
        encoding: "latin1",
        maxBuffer: 1 << 28,
        env: { PATH: process.env["PATH"] ?? delimiter, LC_ALL: "C" },
      });
      const lines = new Set(found.stdout.split("\n").map((line) => Number(line.split(":")[0])));
      const missed = spans.filter(({ from, to }) => {
        for (let line = from; line <= to; line += 1) if (lines.has(line)) return false;
        return true;
      });
      expect(missed).toEqual([]);
    }
  });
});

/** Texts that hold one witness each, with the lines that each stands on. */
function instances(witnesses: readonly Witness[], mark: string) {
  let text = "";
  let line = 1;
  let seed = 42;
  const draw = (count: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return (seed >> 8) % count;
  };
  const spans: { readonly from: number; readonly to: number; readonly of: number }[] = [];
  for (const [of, witness] of witnesses.entries()) {
    for (let round = 0; round < 12; round += 1) {
      const bytes = witness.map((byteClass) => {
        const choices = [...byteClass];
        // Line ends often: they are what is hard.
        if (byteClass.has(10) && round % 3 === 0) return 10;
        return choices[draw(choices.length)] ?? 0;
      });
      const piece = Buffer.from(bytes)
        .toString("latin1")
        .replaceAll("\0", "\u0001")
        .split("\n")
        .join(`\n${mark}`);
      const span = piece.split("\n").length - 1;
      spans.push({ from: line, to: line + span, of });
      text += `${mark}${round % 2 === 0 ? "" : "~"}${piece}${round % 2 === 0 ? "~" : ""}\n`;
      line += span + 1;
    }
  }
  return { text, spans };
}

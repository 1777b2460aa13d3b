// The command line as users meet it: real repositories, the real program, its JSON and its status.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dashleaks, dashleaksJson } from "./support/dashleaks.js";
import { mint, mintedKinds, mintHexWithoutMarks, reportedKind } from "./support/mint.js";
import { freshRepository, openRepository, temporaryFolder } from "./support/repository.js";

const bin = join(import.meta.dirname, "../bin/dashleaks.js");
const assignment = (key: string): string => `DASHSCOPE_API_KEY=${key}\n`;

describe("dashleaks in a repository", () => {
  it("says that a clean repository is clean, with status 0", async () => {
    const repository = freshRepository();
    repository.commit({ "README.md": "# nothing to see\n" });
    const ran = await dashleaks([], { cwd: repository.path });
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(ran.stdout).toMatch(/^No keys found · 1 file, \d+ git objects/u);
  });

  it.each(mintedKinds)("finds a committed %s key once, with its kind, and fails", async (kind) => {
    const repository = freshRepository();
    const key = mint(kind);
    repository.commit({ ".env": assignment(key), "copy/of.env": `\n\n  ${assignment(key)}` });
    const { ran, report } = await dashleaksJson([], { cwd: repository.path });
    expect(ran.status).toBe(1);
    expect(report.keys).toHaveLength(1);
    expect(report.keys[0]).toMatchObject({
      kind: reportedKind[kind],
      confidence: "proven",
      provider: "dashscope",
      exposure: "committed",
      action: "reset",
    });
    const places = report.keys[0]?.places.filter((place) => place.kind === "commit");
    expect(places?.map(({ path, line, column }) => [path, line, column]).sort()).toEqual([
      [".env", 1, 19],
      ["copy/of.env", 3, 21],
    ]);
  });

  it("fails for a key that is staged or in a file again, whatever else is left over of it", async () => {
    const { path: cwd, git, commit } = freshRepository();
    commit({ "README.md": "# nothing to see\n" });
    commit({ ".env": assignment(mint("payg-v2")) });
    git("reset", "-q", "HEAD~1");
    const inFile = await dashleaksJson([], { cwd });
    git("add", ".env");
    const inIndex = await dashleaksJson([], { cwd });
    for (const { ran, report } of [inFile, inIndex]) {
      expect(ran.status).toBe(1);
      expect(report.keys).toMatchObject([{ action: "remove" }]);
    }
    git("rm", "-q", "-f", ".env");
    const leftOver = await dashleaksJson([], { cwd });
    expect(leftOver.ran.status).toBe(0);
    expect(leftOver.report.keys).toMatchObject([{ action: "review" }]);
  });

  it("names places by paths from the root, with forward slashes, wherever it is started", async () => {
    const repository = freshRepository();
    repository.commit({ "deep/down/.env": assignment(mint("payg-legacy")) });
    const { report } = await dashleaksJson([], { cwd: join(repository.path, "deep") });
    expect(report.keys[0]?.places.map(({ path }) => path)).toContain("deep/down/.env");
  });

  it("looks only below the sub-folder that is named", async () => {
    const repository = freshRepository();
    const [inside, outside] = [mint("payg-legacy"), mint("payg-legacy")];
    repository.commit({ "a/.env": assignment(inside), "b/.env": assignment(outside) });
    const { report } = await dashleaksJson(["scan", "a"], { cwd: repository.path });
    expect(report.keys.map(({ masked }) => masked.slice(-4))).toEqual([inside.slice(-4)]);
  });

  it("reads a single file that is named, and several paths at once", async () => {
    const repository = freshRepository();
    const [one, two] = [mint("payg-legacy"), mint("coding-plan")];
    repository.commit({ "a.env": assignment(one), "b.env": assignment(two), "c.env": "" });
    const single = await dashleaksJson(["scan", "a.env"], { cwd: repository.path });
    expect(single.report.keys.map(({ kind }) => kind)).toEqual(["payg-legacy"]);
    const both = await dashleaksJson(["scan", "b.env", "a.env"], { cwd: repository.path });
    expect(both.report.keys).toHaveLength(2);
  });

  it("reads a bare repository", async () => {
    const repository = freshRepository();
    repository.commit({ ".env": assignment(mint("payg-compact")) });
    const bare = join(temporaryFolder(), "bare.git");
    repository.git("clone", "-q", "--bare", repository.path, bare);
    const { ran, report } = await dashleaksJson(["scan", bare], { cwd: temporaryFolder() });
    expect(ran.status).toBe(1);
    expect(report.keys).toHaveLength(1);
  });

  it("sees with --staged what would be committed and not what lies in the file", async () => {
    const repository = freshRepository();
    repository.commit({ ".env": "X=1\n" });
    const [staged, unstaged] = [mint("payg-legacy"), mint("payg-legacy")];
    repository.write(".env", assignment(staged));
    repository.git("add", ".env");
    repository.write(".env", assignment(unstaged));
    const { report } = await dashleaksJson(["--staged"], { cwd: repository.path });
    expect(report.keys.map(({ masked, exposure }) => [masked.slice(-4), exposure])).toEqual([
      [staged.slice(-4), "staged"],
    ]);
  });

  it("names the commit that brought a key, not the later versions of the file that keep it", async () => {
    const repository = freshRepository();
    const key = mint("payg-legacy");
    const first = repository.commit({ ".env": `A=1\n${assignment(key)}` });
    repository.commit({ ".env": `A=2\n${assignment(key)}` });
    repository.commit({ ".env": `A=3\n${assignment(key)}` });
    const last = repository.commit({ ".env": "A=4\n" });
    const { report } = await dashleaksJson([], { cwd: repository.path });
    expect(report.keys).toHaveLength(1);
    expect(report.keys[0]?.places).toMatchObject([
      { kind: "commit", path: ".env", commit: first, removed: { commit: last } },
    ]);
  });

  it("sees with --range only what these commits bring", async () => {
    const repository = freshRepository();
    const [old, recent] = [mint("payg-legacy"), mint("payg-legacy")];
    const base = repository.commit({ "a.env": assignment(old) });
    const head = repository.commit({ "b.env": assignment(recent) });
    const { report } = await dashleaksJson(["--range", `${base}..${head}`], {
      cwd: repository.path,
    });
    expect(report.keys.map(({ masked }) => masked.slice(-4))).toEqual([recent.slice(-4)]);
    expect(report.keys[0]?.places[0]).toMatchObject({ path: "b.env", commit: head });
  });

  it("sees with --tree files only, and with --history git objects only", async () => {
    const repository = freshRepository();
    const [gone, untracked] = [mint("payg-legacy"), mint("coding-plan")];
    repository.commit({ ".env": assignment(gone) });
    repository.git("rm", "-q", ".env");
    repository.commit({});
    repository.write("new.env", assignment(untracked));
    const tree = await dashleaksJson(["--tree"], { cwd: repository.path });
    const history = await dashleaksJson(["--history"], { cwd: repository.path });
    expect(tree.report.keys.map(({ kind }) => kind)).toEqual(["coding-plan"]);
    expect(history.report.keys.map(({ kind }) => kind)).toEqual(["payg-legacy"]);
  });

  it("reads ignored files only when asked to", async () => {
    const repository = freshRepository();
    repository.commit({ ".gitignore": "*.env\n" });
    repository.write("local.env", assignment(mint("payg-legacy")));
    expect((await dashleaks([], { cwd: repository.path })).status).toBe(0);
    expect((await dashleaks(["--ignored"], { cwd: repository.path })).status).toBe(1);
  });

  it("leaves out what --exclude names and the configuration excludes", async () => {
    const repository = freshRepository();
    repository.write("docs/a.md", assignment(mint("payg-legacy")));
    expect((await dashleaks(["--tree"], { cwd: repository.path })).status).toBe(1);
    const excluded = await dashleaks(["--tree", "--exclude", "docs/**", "--allow-incomplete"], {
      cwd: repository.path,
    });
    expect(excluded.status).toBe(0);
  });
});

describe("dashleaks elsewhere", () => {
  it("walks a folder that is no repository", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "sub"));
    writeFileSync(join(folder, "sub/.env"), assignment(mint("payg-legacy")));
    const { ran, report } = await dashleaksJson(["scan", folder], { cwd: temporaryFolder() });
    expect(ran.status).toBe(1);
    expect(report.keys[0]).toMatchObject({ exposure: "working-tree", action: "remove" });
    expect(report.keys[0]?.places[0]).toMatchObject({ kind: "file", path: "sub/.env", line: 1 });
  });

  it("reads a file whatever it is called, below folders whatever they are called", async () => {
    const folder = temporaryFolder();
    const bytes = (name: string): Buffer => Buffer.from(`${folder}/${name}`, "latin1");
    const folders = ["a\\b", "[x]", "d\u00ff", "d\u00fe"];
    for (const name of folders) mkdirSync(bytes(name));
    const names = ["c\\d.env", "\u00ff.env", "\u00fe.env", "n\n.env", "n\\x0a.env", "{a,b}.env"];
    const keys = ["", ...folders.map((name) => `${name}/`)].flatMap((below) =>
      names.map((name) => {
        const key = mint("payg-legacy");
        writeFileSync(bytes(below + name), assignment(key));
        return key.slice(-4);
      }),
    );
    const plain = await dashleaksJson(["scan", folder], { cwd: temporaryFolder() });
    expect(plain.report.keys.map(({ masked }) => masked.slice(-4)).sort()).toEqual(keys.sort());
    openRepository(folder).git("init", "-q");
    const tracked = await dashleaksJson(["--tree"], { cwd: folder });
    expect(tracked.report.keys.map(({ masked }) => masked.slice(-4)).sort()).toEqual(keys);
  });

  it("is never clean where git no longer knows a repository for one", async () => {
    const repository = freshRepository();
    repository.commit({ "a.txt": "clean\n" });
    writeFileSync(join(repository.path, ".git/HEAD"), "\0\0\0\0");
    const { ran, report } = await dashleaksJson([], { cwd: repository.path });
    expect(ran.status).toBe(2);
    expect(report.notices.map(({ code }) => code)).toEqual(["broken-repository"]);
  });

  it("reads standard input", async () => {
    const { ran, report } = await dashleaksJson(["scan", "-"], {
      cwd: temporaryFolder(),
      input: `a\nb\n${assignment(mint("payg-v2"))}`,
    });
    expect(ran.status).toBe(1);
    expect(report.keys[0]?.places[0]).toMatchObject({ kind: "stdin", path: null, line: 3 });
  });
});

describe("what is not certain", () => {
  it("is ambiguous when nothing tells whose key it is, and is not dropped", async () => {
    const repository = freshRepository();
    repository.commit({ "a.py": `key = "${mint("payg-legacy")}"\n` });
    const { ran, report } = await dashleaksJson([], { cwd: repository.path });
    expect(ran.status).toBe(1);
    expect(report.keys[0]).toMatchObject({
      provider: "ambiguous",
      confidence: "likely",
      action: "review",
    });
  });

  it("is another provider's when the context says so, and does not fail the run", async () => {
    const repository = freshRepository();
    repository.commit({ ".env": `DEEPSEEK_API_KEY=${mint("payg-legacy")}\n` });
    const { ran, report } = await dashleaksJson([], { cwd: repository.path });
    expect(ran.status).toBe(0);
    expect(report.keys[0]).toMatchObject({ provider: "other", providerName: "deepseek" });
  });

  it("is likely when a body without marks stands in strong context", async () => {
    const repository = freshRepository();
    repository.commit({ ".env": assignment(`sk-${mintHexWithoutMarks()}`) });
    const { report } = await dashleaksJson([], { cwd: repository.path });
    expect(report.keys[0]).toMatchObject({ confidence: "likely", provider: "dashscope" });
  });
});

describe("a repository that says where its worktree is, as a submodule does", () => {
  it.each([["scan"], ["purge-plan"], ["prove"]])("is understood by %s", async (command) => {
    const repository = freshRepository();
    const key = assignment(mint("payg-legacy"));
    repository.commit({ ".env": key });
    repository.commit({ ".env": "X=1\n" });
    repository.git("config", "core.worktree", repository.path);
    const args = command === "prove" ? ["prove", "-"] : [command];
    const ran = await dashleaks(args, { cwd: repository.path, input: key });
    expect(ran).toMatchObject({ status: 1, stderr: "" });
  });
});

describe("an answer that is not whole", () => {
  it("is never clean for a shallow clone", async () => {
    const repository = freshRepository();
    repository.commit({ ".env": assignment(mint("payg-legacy")) });
    repository.commit({ ".env": "X=1\n" });
    const shallow = join(temporaryFolder(), "shallow");
    repository.git("clone", "-q", "--depth", "1", `file://${repository.path}`, shallow);
    const { ran, report } = await dashleaksJson([], { cwd: shallow });
    expect(ran.status).toBe(2);
    expect(report.complete).toBe(false);
    expect(report.notices.map(({ code }) => code)).toContain("shallow-clone");
    expect((await dashleaks(["--allow-incomplete"], { cwd: shallow })).status).toBe(0);
  });

  it("is never clean when an object is missing", async () => {
    const repository = freshRepository();
    repository.commit({ "a.txt": "some text\n" });
    const oid = repository.git("rev-parse", "HEAD:a.txt");
    const path = join(repository.path, ".git/objects", oid.slice(0, 2), oid.slice(2));
    chmodSync(path, 0o600);
    writeFileSync(path, "not a git object");
    const ran = await dashleaks(["--history"], { cwd: repository.path });
    expect(ran.status).toBe(2);
    expect(ran.stdout).toContain("not looked at:");
  });

  it.each([
    { what: "the audit", args: ["--exclude", "**"] },
    { what: "files", args: ["--tree", "--exclude", "*.txt"] },
    { what: "history", args: ["--history", "--include", "nowhere/"] },
  ])("is never clean when the filters leave nothing of $what", async ({ args }) => {
    const repository = freshRepository();
    repository.commit({ "a.txt": "1\n" });
    const ran = await dashleaks(args, { cwd: repository.path });
    expect(ran.status).toBe(2);
    expect(ran.stdout).toContain("every path is left out by include and exclude");
  });

  it("is whole when the filters leave something that lies only in history", async () => {
    const repository = freshRepository();
    repository.commit({ "old.env": "1\n", "a.txt": "1\n" });
    repository.git("rm", "-q", "old.env");
    repository.commit({});
    const ran = await dashleaks(["--include", "old.env"], { cwd: repository.path });
    expect(ran.status).toBe(0);
  });

  it("is never clean for the files of a bare repository, which has none", async () => {
    const repository = freshRepository();
    repository.commit({ "a.txt": "1\n" });
    const bare = join(temporaryFolder(), "bare.git");
    repository.git("clone", "-q", "--bare", repository.path, bare);
    const ran = await dashleaks(["--tree"], { cwd: bare });
    expect(ran.status).toBe(2);
    expect(ran.stdout).toContain("a bare repository has no files");
  });
});

describe("where nothing is", () => {
  it.each([
    { what: "an empty folder", make: () => temporaryFolder() },
    { what: "an empty repository", make: () => freshRepository().path },
    {
      what: "an empty clone without a worktree",
      make: () => {
        const bare = join(temporaryFolder(), "bare.git");
        freshRepository().git("clone", "-q", "--bare", ".", bare);
        return bare;
      },
    },
  ])("$what is clean, and that there was nothing is said", async ({ make }) => {
    const cwd = make();
    const environment = { HOME: temporaryFolder() };
    for (const args of [[], ["scan", cwd], ["--exclude", "**"]]) {
      const ran = await dashleaks(args, { cwd, environment });
      expect(ran.status).toBe(0);
      expect(ran.stdout).toContain("There is nothing to scan");
    }
  });
});

describe("an output that takes nothing", () => {
  const run = (args: string, cwd: string) => {
    const { NODE_EXTRA_CA_CERTS: _ca, ...inherited } = process.env;
    return spawnSync("sh", ["-c", `"$0" "$1" ${args}`, process.execPath, bin], {
      cwd,
      encoding: "utf8",
      env: { ...inherited, HOME: cwd },
    });
  };

  it.each(["--version", "help", "completions bash", "scan", "scan --format json", "rules list"])(
    "is told in a sentence, with status 2, by %s",
    (args) => {
      const { path } = freshRepository();
      writeFileSync(join(path, "a"), "clean\n");
      const ran = run(`${args} >/dev/full`, path);
      expect(ran.stderr).toBe(
        "dashleaks: standard output cannot be written (ENOSPC)\n  See that there is room where it leads, and that it is open.\n",
      );
      expect(ran.status).toBe(2);
    },
  );

  it("is no reason to fall silent about keys when it is standard error", () => {
    const { path } = freshRepository();
    expect(run("scan no/such/path 2>/dev/full", path).status).toBe(2);
  });

  it("is no error when a reader has read enough", () => {
    const { path } = freshRepository();
    const ran = run("help scan | true", path);
    expect(ran).toMatchObject({ status: 0, stderr: "" });
  });
});

describe("dashleaks:allow", () => {
  it("lets a key pass with a reason; without one the key counts, and what is missing is said", async () => {
    const repository = freshRepository();
    repository.write("a.env", `K=${mint("payg-compact")} # dashleaks:allow sample of the docs\n`);
    const passed = await dashleaks(["--tree"], { cwd: repository.path });
    expect(passed.status).toBe(0);
    repository.write("a.env", `\nK=${mint("payg-compact")} # dashleaks:allow\n`);
    const { ran, report } = await dashleaksJson(["--tree"], { cwd: repository.path });
    expect(ran.status).toBe(1);
    expect(report.notices).toMatchObject([{ code: "allow-without-reason", incomplete: false }]);
    expect(report.notices[0]?.message).toContain("at a.env:2 gives no reason");
  });
});

describe("outside of a repository", () => {
  it.each([
    { name: "a plain folder", prepare: () => undefined },
    {
      name: "a folder whose .git is empty",
      prepare: (folder: string) => mkdirSync(join(folder, ".git")),
    },
  ])(
    "in $name, nothing is said of an index or a history that is not there",
    async ({ prepare }) => {
      const folder = temporaryFolder();
      prepare(folder);
      writeFileSync(join(folder, "plain.env"), assignment(mint("payg-legacy")));
      const calls = [
        ["--staged"],
        ["--range", "A..B"],
        ["--history"],
        ["--history", "plain.env"],
        ["hook", "run", "pre-commit"],
        ["hook", "run", "pre-push", "origin", "url"],
      ];
      const [one, two] = ["1".repeat(40), "2".repeat(40)];
      const input = `refs/heads/x ${one} refs/heads/x ${two}\n`;
      for (const args of calls) {
        const ran = await dashleaks(args, { cwd: folder, input });
        expect(ran).toMatchObject({ status: 2, stdout: "" });
        expect(ran.stderr).toMatch(
          /^dashleaks: \S+ is in no git repository: [^\n]+\n {2}Stand in [^\n]+\n$/u,
        );
      }
      const gate = join(import.meta.dirname, "../bin/dashleaks-hook");
      const gated = spawnSync("sh", [gate, "pre-commit"], { cwd: folder, encoding: "utf8" });
      expect(gated).toMatchObject({ status: 2, stdout: "" });
      expect(gated.stderr).toMatch(/^dashleaks: \S+ is in no git repository/u);
    },
  );

  it("standard input has no history either", async () => {
    const ran = await dashleaks(["scan", "--history", "-"], { cwd: temporaryFolder() });
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr).toContain("standard input is no git repository");
  });

  it("one of several places is enough to refuse", async () => {
    const repository = freshRepository();
    repository.commit({ a: "clean\n" });
    const ran = await dashleaks(["scan", "--history", repository.path, temporaryFolder()], {
      cwd: repository.path,
    });
    expect(ran).toMatchObject({ status: 2, stdout: "" });
  });
});

describe("a file that is named together with a scope", () => {
  it("is looked at as it is staged, or in history, not as it lies there", async () => {
    const repository = freshRepository();
    const [past, staged, lying] = [mint("payg-legacy"), mint("coding-plan"), mint("payg-compact")];
    repository.commit({ "a.env": assignment(past), "other.env": assignment(mint("payg-legacy")) });
    repository.write("a.env", assignment(staged));
    repository.git("add", "a.env");
    repository.write("a.env", assignment(lying));
    const keysOf = async (scope: string) => {
      const { report } = await dashleaksJson(["scan", scope, "a.env"], { cwd: repository.path });
      return report.keys.map(({ masked }) => masked.slice(-4)).toSorted();
    };
    expect(await keysOf("--staged")).toEqual([staged.slice(-4)]);
    expect(await keysOf("--history")).toEqual(
      [past, staged].map((key) => key.slice(-4)).toSorted(),
    );
    expect(await keysOf("--tree")).toEqual([lying.slice(-4)]);
  });

  it("has nothing staged in a bare repository, which is no clean answer", async () => {
    const bare = join(temporaryFolder(), "bare.git");
    freshRepository().git("init", "-q", "--bare", bare);
    const ran = await dashleaks(["--staged"], { cwd: bare });
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr).toContain("is a bare repository");
  });
});

describe("what cannot be done", () => {
  it.each([
    [["scan", "no/such/path"], "there is no file or folder no/such/path"],
    [["--range", "nonsense"], '--range does not understand "nonsense"'],
    [["--range", "main...HEAD"], '--range does not understand "main...HEAD"'],
    [["--range", "no-such-branch..HEAD"], "revision no-such-branch is not in this repository"],
    [["--tree", "--staged"], "--tree and --staged exclude each other"],
    [["--shard", "1/2", "--staged"], "--shard and --staged exclude each other"],
    [["--range", "HEAD~1..", "--shard", "2/2"], "--shard and --range exclude each other"],
    [["--config", "a.toml", "--no-config"], "--config and --no-config exclude each other"],
    [["--config", "none.toml"], "there is no configuration file none.toml"],
    [["--threads", "many"], '--threads does not take "many"'],
    [["--output", "report.unknown"], "report.unknown does not tell a format"],
    [["--verify-timeout", "x"], '--verify-timeout does not take "x"'],
    [["--workspace-id", "bad"], "--workspace-id was not understood"],
    [["--workspace-id", "nowhere=ws-1"], "a region that is not known"],
    [["--endpoint", "http://e"], "--endpoint is not an https URL"],
    [["completions", "bash", "zsh"], 'dashleaks completions bash does not take "zsh"'],
    [["rules", "list", "all"], 'dashleaks rules list does not take "all"'],
    [["help", "scan", "ci"], 'dashleaks help scan does not take "ci"'],
    [["help", "nothing"], 'there is no command "nothing"'],
    [["baseline", "prune", "sha256:1"], 'dashleaks baseline prune does not take "sha256:1"'],
    [["baseline", "prune", "--expires", "soon"], '--expires does not take "soon"'],
    [["hook", "uninstall", "--global", "pre-push"], 'does not take "pre-push"'],
  ])("is said in a sentence, with status 2: %j", async (args, sentence) => {
    const repository = freshRepository();
    repository.commit({ "a.txt": "clean\n" });
    const ran = await dashleaks(args, { cwd: repository.path });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain(sentence);
    expect(ran.stderr).not.toMatch(/^\s+at /mu);
  });

  it("is told with file and line for a configuration that is not understood", async () => {
    const repository = freshRepository();
    repository.write(".dashleaks.toml", "exclude = []\n\nnonsense = 1\n");
    const ran = await dashleaks([], { cwd: repository.path });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('.dashleaks.toml:3: unknown field "nonsense"');
  });

  it("is told with file and line for a rule that is not understood", async () => {
    const repository = freshRepository();
    repository.write(".dashleaks.toml", '[[rule]]\nid = "mine"\nshap = "x"\n');
    const ran = await dashleaks([], { cwd: repository.path });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(/\.dashleaks\.toml:3: .*shap/u);
  });
});

describe("where dashleaks cannot work", () => {
  it("says in a sentence that git is missing", async () => {
    const { path } = freshRepository();
    const ran = await dashleaks([], { cwd: path, environment: { PATH: "/nowhere" } });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain("git was not found");
    expect(ran.stderr).not.toMatch(/^\s+at /mu);
  });

  it("says in a sentence that the current directory is gone", () => {
    const folder = temporaryFolder();
    const script = 'rmdir "$1"; exec "$2" "$3"';
    const args = ["-c", script, "sh", folder, process.execPath, bin];
    const ran = spawnSync("sh", args, { cwd: folder, encoding: "utf8" });
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr).toContain("the current directory is gone");
  });
});

describe("an interrupted run", () => {
  it("ends with status 2 and says that the answer is not whole", async () => {
    // Standard input that never ends.
    const child = spawn(process.execPath, [bin, "scan", "-"], { cwd: temporaryFolder() });
    const shown = { stdout: "", stderr: "" };
    child.stdout.on("data", (text: Buffer) => (shown.stdout += text.toString()));
    child.stderr.on("data", (text: Buffer) => (shown.stderr += text.toString()));
    const ended = new Promise((resolve) => {
      child.on("close", (status, signal) => resolve({ status, signal }));
    });
    const impatience = setInterval(() => child.kill("SIGINT"), 1500);
    const result = await ended;
    clearInterval(impatience);
    expect(result).toEqual({ status: 2, signal: null });
    expect(shown.stdout).toContain("not looked at: Standard input could not be read to its end");
    expect(shown.stderr).toBe("");
  });
});

describe("reports", () => {
  it("go to several files in one run without changing the status", async () => {
    const repository = freshRepository();
    repository.commit({ ".env": assignment(mint("payg-legacy")) });
    const out = temporaryFolder();
    const files = ["r.json", "r.sarif", "r.csv", "r.md"].map((name) => join(out, name));
    const ran = await dashleaks(
      files.flatMap((file) => ["--output", file]),
      { cwd: repository.path },
    );
    expect(ran.status).toBe(1);
    expect(ran.stdout).toMatch(/^RESET {2}sk-/u);
    for (const file of files) expect(readFileSync(file, "utf8").length).toBeGreaterThan(50);
  });

  it("show no colours to a pipe, unless told to", async () => {
    const repository = freshRepository();
    repository.commit({ ".env": assignment(mint("payg-legacy")) });
    const escape = "\u001B[";
    const plain = await dashleaks([], {
      cwd: repository.path,
      environment: { CI: "true" },
    });
    const forced = await dashleaks([], {
      cwd: repository.path,
      environment: { FORCE_COLOR: "1" },
    });
    expect(plain.stdout).not.toContain(escape);
    expect(forced.stdout).toContain(escape);
  });

  it.each([
    "text",
    "json",
    "jsonl",
    "sarif",
    "gitlab",
    "github",
    "junit",
    "csv",
    "markdown",
    "html",
  ])("in %s send no escapes to the terminal by paths, authors or refs", async (format) => {
    const repository = freshRepository();
    repository.write("evil\u001B[31m\u0007\n.env", assignment(mint("payg-legacy")));
    repository.write("broken", "");
    repository.git("add", "-A");
    const author = "\u001B]0;title\u0007 Eve\u009B2J <eve@example.com>";
    repository.git("commit", "-q", "-m", "x", `--author=${author}`);
    repository.git("update-ref", "refs/heads/evil\u009B2J\u202E", "HEAD");
    const ran = await dashleaks(["--format", format, "--allow-incomplete"], {
      cwd: repository.path,
    });
    expect(ran.stdout).toContain("evil");
    // JSON's readers get names as they are; whoever shows them takes care of the rest.
    const isJson = /json|sarif|gitlab/u.test(format);
    const shown = ["\u001B", "\u0007", ...(isJson ? [] : ["\u009B", "\u202E"])];
    expect(shown.filter((character) => ran.stdout.includes(character))).toEqual([]);
  });

  it("in JSON name files as they are called", async () => {
    const repository = freshRepository();
    repository.commit({ "a\nb\t\u001B[31m.env": assignment(mint("payg-legacy")) });
    const { report } = await dashleaksJson([], { cwd: repository.path });
    const paths = new Set(report.keys[0]?.places.map(({ path }) => path));
    expect([...paths]).toEqual(["a\nb\t\u001B[31m.env"]);
  });

  it.each(["text", "json", "jsonl", "sarif", "gitlab", "github", "junit", "csv", "markdown"])(
    "in %s hold no eight characters in a row of any key",
    async (format) => {
      const repository = freshRepository();
      const keys = mintedKinds.map(mint);
      const content = keys.map((key) => assignment(key)).join("");
      const cut = mint("payg-compact").slice(0, -30);
      repository.commit(
        { ".env": `${content}${assignment(cut)}`, [`${keys[0]}.txt`]: "x" },
        `leak ${keys[1]}`,
      );
      repository.git("branch", `b-${keys[0]}`);
      symlinkSync(keys[2] ?? "", join(repository.path, "link"));
      const ran = await dashleaks(["--format", format, "--debug"], { cwd: repository.path });
      expect(ran.status).toBe(1);
      const shown = ran.stdout + ran.stderr;
      for (const key of [...keys, cut]) {
        const random = key.replace(/^sk-(?:ws-|sp-)?(?:djI\.)?/u, "");
        const leaked = Array.from({ length: random.length - 7 }, (_, at) =>
          random.slice(at, at + 8),
        ).filter((piece) => shown.includes(piece));
        expect(leaked.map((piece) => piece.length)).toEqual([]);
      }
    },
  );
});

describe("the scanned repository's own files", () => {
  it("cannot change how it is scanned when one stands elsewhere", async () => {
    const repository = freshRepository();
    repository.commit({
      ".dashleaks.toml": 'exclude = [".env"]\nfail-on = "none"\n',
      ".env": assignment(mint("payg-legacy")),
    });
    const outside = await dashleaks(["scan", repository.path], { cwd: temporaryFolder() });
    expect(outside.status).toBe(1);
    const inside = await dashleaks([], { cwd: openRepository(repository.path).path });
    expect(inside.status).toBe(0);
    const unconfigured = await dashleaks(["--no-config"], { cwd: repository.path });
    expect(unconfigured.status).toBe(1);
  });
});

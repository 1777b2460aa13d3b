// Which files are read, in a repository and elsewhere, and that nothing on a disk can hang it.
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { UserError } from "../../src/model/index.js";
import { files, type FileOptions } from "../../src/sources/files.js";
import { openRepository } from "../../src/sources/repository.js";
import { collect, everything, witnessesOf, type Collected } from "../support/documents.js";
import { mint } from "../support/mint.js";
import { freshRepository, temporaryFolder } from "../support/repository.js";

async function read(
  targets: readonly string[],
  options: Partial<FileOptions> = {},
): Promise<Collected & { readonly paths: readonly string[] }> {
  const repository =
    options.repository === undefined ? await openRepository(targets[0] ?? "") : null;
  const result = await collect(files(targets, { ...everything, repository, ...options }));
  const documents = result.documents.filter(({ origin }) => origin.kind === "file");
  return {
    ...result,
    documents,
    paths: documents.map(({ origin }) => ("path" in origin ? origin.path : "")),
  };
}

function plant(folder: string, contents: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(contents)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** The super-user reads everything; for a moment, be nobody. */
async function asOrdinaryUser<Result>(run: () => Promise<Result>): Promise<Result> {
  if (process.getuid?.() !== 0) return run();
  process.seteuid?.(65_534);
  try {
    return await run();
  } finally {
    process.seteuid?.(0);
  }
}

describe("the files of a repository", () => {
  it("are the tracked ones, then the untracked ones that git does not ignore", async () => {
    const { path, commit, write } = freshRepository();
    commit({ "b.txt": "b", "a/tracked.txt": "a", ".gitignore": "*.log\nbuild/\n" });
    write("z-untracked.txt", "z");
    write("a/untracked.txt", "u");
    write("a/noise.log", "n");
    write("build/out.js", "o");
    expect((await read([path])).paths).toEqual([
      ".gitignore",
      "a/tracked.txt",
      "b.txt",
      "a/untracked.txt",
      "z-untracked.txt",
    ]);
    const all = await read([path], { ignored: true });
    expect([...all.paths].sort()).toEqual([
      ".gitignore",
      "a/noise.log",
      "a/tracked.txt",
      "a/untracked.txt",
      "b.txt",
      "build/out.js",
      "z-untracked.txt",
    ]);
  });

  it("are read even when ignored and tracked", async () => {
    const { path, git, commit, write } = freshRepository();
    commit({ ".gitignore": ".env\n" });
    write(".env", "K=1");
    git("add", "-f", ".env");
    expect((await read([path])).paths).toEqual([".env", ".gitignore"]);
  });

  it("can be narrowed to folders and single files, with paths from the repository's top", async () => {
    const { path, commit, write } = freshRepository();
    commit({ "a/one.txt": "1", "a/b/two.txt": "2", "c.txt": "3", ".gitignore": "skip/\n" });
    write("skip/four.txt", "4");
    expect((await read([join(path, "a")])).paths).toEqual(["a/b/two.txt", "a/one.txt"]);
    expect((await read([join(path, "c.txt"), join(path, "a/b")])).paths).toEqual([
      "c.txt",
      "a/b/two.txt",
    ]);
    // Somebody who names an ignored thing wants it.
    expect((await read([join(path, "skip")])).paths).toEqual(["skip/four.txt"]);
    expect((await read([join(path, "skip/four.txt")])).paths).toEqual(["skip/four.txt"]);
  });

  it("obey include and exclude globs", async () => {
    const { path, commit } = freshRepository();
    commit({ "a.py": "", "src/b.py": "", "src/c.js": "", "vendor/d.py": "", "x/vendor/e.py": "" });
    expect((await read([path], { include: ["*.py"], exclude: ["/vendor"] })).paths).toEqual([
      "a.py",
      "src/b.py",
      "x/vendor/e.py",
    ]);
    expect((await read([path], { exclude: ["vendor/", "src/*.js"] })).paths).toEqual([
      "a.py",
      "src/b.py",
    ]);
  });

  it("do not include those of a submodule or a nested repository, and that is said", async () => {
    const inner = freshRepository();
    inner.commit({ "inner.txt": "x" });
    const { path, git, commit } = freshRepository();
    git("-c", "protocol.file.allow=always", "submodule", "-q", "add", inner.path, "sub");
    commit({ "outer.txt": "y" });
    git("clone", "-q", inner.path, "nested");
    const { paths, skips } = await read([path]);
    expect(paths).toEqual([".gitmodules", "outer.txt"]);
    expect(skips.map(({ what }) => what)).toEqual(["sub", "nested"]);
  });

  it("are left in peace when deleted from the worktree", async () => {
    const { path, commit } = freshRepository();
    commit({ "gone.txt": "g", "folder/was-here": "x", "here.txt": "h" });
    rmSync(join(path, "gone.txt"));
    rmSync(join(path, "folder"), { recursive: true });
    const { paths, notices } = await read([path]);
    expect(paths).toEqual(["here.txt"]);
    expect(notices).toEqual([]);
  });

  it("may have any name that git allows", async () => {
    const { path, commit, write } = freshRepository();
    const names = ["line\nend", 'quo"te', "通义.txt", ":(top)magic", "-dash", "back\\slash", "*"];
    commit(Object.fromEntries(names.map((name) => [name, name])));
    write("new\nline", "u");
    const latin1 = Buffer.from(`${path}/caf\u00e9.txt`, "latin1");
    writeFileSync(latin1, "not UTF-8");
    const { documents, notices } = await read([path]);
    expect(documents.map(({ bytes }) => bytes.toString()).sort()).toEqual(
      [...names, "u", "not UTF-8"].sort(),
    );
    expect(notices).toEqual([]);
  });

  it("come in the order of the index however often one asks", async () => {
    const { path, commit } = freshRepository();
    commit(Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`${n * 7}.txt`, `${n}`])));
    expect((await read([path])).paths).toEqual((await read([path])).paths);
  });

  it("give their symbolic links' targets as documents, wherever these point", async () => {
    const { path, commit } = freshRepository();
    const secret = join(temporaryFolder(), "outside.txt");
    writeFileSync(secret, "outside");
    symlinkSync(secret, join(path, "link"));
    symlinkSync("..", join(path, "loop"));
    commit({});
    symlinkSync("/dev/zero", join(path, "untracked"));
    const { documents } = await read([path]);
    expect(documents.map(({ bytes }) => bytes.toString())).toEqual([secret, "..", "/dev/zero"]);
  });
});

describe("the files of a folder without a repository", () => {
  it("are walked as git would, with ignore files at every depth", async () => {
    const folder = temporaryFolder();
    plant(folder, {
      ".gitignore": [
        "*.log",
        "!keep.log",
        "/top-only",
        "build/",
        "a/**/deep.txt",
        "\\#hash",
        "sp ace ",
        "[ab].x",
        "doc/*.txt",
        "Case.TXT",
      ].join("\n"),
      "one.log": "",
      "keep.log": "",
      "top-only": "",
      "sub/top-only": "",
      "sub/.gitignore": "\uFEFF!two.log\r\nlocal.txt\r\n",
      "sub/two.log": "",
      "sub/three.log": "",
      "sub/local.txt": "",
      "local.txt": "",
      "build/kept.txt": "",
      "sub/build/x": "",
      "build.txt": "",
      "a/b/c/deep.txt": "",
      "a/deep.txt": "",
      "#hash": "",
      "sp ace": "",
      "a.x": "",
      "c.x": "",
      "doc/a.txt": "",
      "doc/b/a.txt": "",
      "case.txt": "",
      ".hidden/.env": "",
      "excluded-parent/.gitignore": "*\n!.gitignore\n!back.txt",
      "excluded-parent/back.txt": "",
      "excluded-parent/gone.txt": "",
      "node_modules/.gitignore": "*",
      "node_modules/x/index.js": "",
    });
    const { paths } = await read([folder], { repository: null });

    // git is the oracle: the same folder as a repository.
    execFileSync("git", ["init", "-q"], { cwd: folder });
    const listed = execFileSync("git", ["ls-files", "-o", "--exclude-standard", "-z"], {
      cwd: folder,
      encoding: "utf8",
    });
    expect([...paths].sort()).toEqual(listed.split("\0").filter(Boolean).sort());
    expect(paths).toEqual((await read([folder], { repository: null })).paths);
  });

  it("are walked with .ignore files, too, and without any when asked", async () => {
    const folder = temporaryFolder();
    plant(folder, { ".gitignore": "*.a", ".ignore": "!y.a\n*.b", "x.a": "", "y.a": "", "z.b": "" });
    expect((await read([folder])).paths).toEqual([".gitignore", ".ignore", "y.a"]);
    expect((await read([folder], { ignored: true })).paths).toHaveLength(5);
  });

  it("are read with the history of a nested repository left out, and that is said", async () => {
    const folder = temporaryFolder();
    plant(folder, { "project/.git/HEAD": "ref: refs/heads/main\n", "project/code.py": "" });
    const { paths, skips } = await read([folder]);
    expect(paths).toEqual(["project/code.py"]);
    expect(skips).toMatchObject([{ what: "project" }]);
  });

  it("obey globs, and single files can be named", async () => {
    const folder = temporaryFolder();
    plant(folder, { "a.py": "", "b.js": "", "deep/c.py": "" });
    expect((await read([folder], { include: ["*.py"] })).paths).toEqual(["a.py", "deep/c.py"]);
    expect((await read([join(folder, "deep/c.py")])).paths).toEqual(["c.py"]);
    expect((await read([join(folder, "deep/c.py")], { root: folder })).paths).toEqual([
      "deep/c.py",
    ]);
  });
});

describe("reading a file", () => {
  it("never hangs on a pipe, a socket, a device or a loop of links", async () => {
    const folder = temporaryFolder();
    plant(folder, { "plain.txt": "p" });
    execFileSync("sh", ["-c", 'mkfifo "$1"', "sh", join(folder, "pipe")]);
    symlinkSync("loop-a", join(folder, "loop-b"));
    symlinkSync("loop-b", join(folder, "loop-a"));
    symlinkSync(folder, join(folder, "up"));
    const server = createServer().listen(join(folder, "socket"));
    await new Promise((resolve) => server.once("listening", resolve));
    onTestFinished(() => void server.close());
    const { paths, notices } = await read([folder]);
    expect(paths).toEqual(["loop-a", "loop-b", "plain.txt", "up"]);
    expect(notices).toMatchObject([
      { code: "special-file", subject: "pipe", incomplete: false },
      { code: "special-file", subject: "socket", incomplete: false },
    ]);
    // A device, and a pipe that somebody named: told, not hung, and not clean.
    const named = await read(["/dev/zero", join(folder, "pipe")], { repository: null });
    expect(named.notices).toMatchObject([
      { code: "special-file", incomplete: true },
      { code: "special-file", incomplete: true },
    ]);
  });

  it("follows a link that was named", async () => {
    const folder = temporaryFolder();
    plant(folder, { "real/file.txt": "content" });
    symlinkSync("real/file.txt", join(folder, "file"));
    symlinkSync("real", join(folder, "folder"));
    expect((await read([join(folder, "file")])).documents[0]?.bytes.toString()).toBe("content");
    expect((await read([join(folder, "folder")])).paths).toEqual(["file.txt"]);
  });

  it("says that a name leads nowhere", async () => {
    const folder = temporaryFolder();
    const missing = join(folder, "missing.txt");
    const reading = collect(files([missing], { ...everything, repository: null }));
    await expect(reading).rejects.toThrow(UserError);
    await expect(collect(files([missing], { ...everything, repository: null }))).rejects.toThrow(
      `${missing} does not exist`,
    );
  });

  it("says that a file or folder is unreadable", async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    plant(folder, { "closed.txt": "x", "open.txt": "y", "locked/inside.txt": "z" });
    await read([folder]); // loads what is loaded lazily
    chmodSync(join(folder, "closed.txt"), 0);
    chmodSync(join(folder, "locked"), 0);
    onTestFinished(() => chmodSync(join(folder, "locked"), 0o700));
    const { paths, notices } = await asOrdinaryUser(() => read([folder], { repository: null }));
    expect(paths).toEqual(["open.txt"]);
    expect(notices).toMatchObject([
      { code: "unreadable-file", subject: "locked", incomplete: true },
      { code: "unreadable-file", subject: "closed.txt", incomplete: true },
    ]);
  });

  it("gives empty, small and grown files whole, each content once", async () => {
    const folder = temporaryFolder();
    const sizes = [0, 1, 2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1, 3 * 2 ** 20];
    for (const size of sizes)
      writeFileSync(join(folder, `${size}`), Buffer.alloc(size, `${size};`));
    linkSync(join(folder, "1"), join(folder, "1-hard"));
    const { documents, sums } = await read([folder]);
    expect(documents).toHaveLength(sizes.length + 1);
    for (const { origin, bytes, chunks } of documents) {
      const name = "path" in origin ? origin.path.replace("-hard", "") : "";
      expect(bytes.equals(Buffer.alloc(Number(name), `${name};`))).toBe(true);
      expect(chunks).toBe(1);
    }
    expect(sums.files).toBe(sizes.length + 1);
    expect(sums.bytes).toBe(1 + sizes.reduce((sum, size) => sum + size, 0));
  });

  it("gives a file above 64 MB in pieces that make up the whole", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "large");
    writeFileSync(file, "begin");
    truncateSync(file, 66 * 2 ** 20);
    writeFileSync(file, "the end", { flag: "a" });
    const { documents } = await read([folder]);
    expect(documents[0]?.chunks).toBeGreaterThan(10);
    expect(documents[0]?.bytes.length).toBe(66 * 2 ** 20 + 7);
    expect(documents[0]?.bytes.subarray(0, 5).toString()).toBe("begin");
    expect(documents[0]?.bytes.subarray(-7).toString()).toBe("the end");
  });
});

describe("a file's name", () => {
  it("is a document when it could hold a key", async () => {
    const key = mint("payg-legacy");
    const { path, write, commit } = freshRepository();
    commit({ "tracked.txt": "" });
    write(`notes/${key}.txt`, "");
    const options = { repository: await openRepository(path), threads: 1 };
    const { documents } = await collect(
      files([path], { ...options, witnesses: witnessesOf(key.slice(0, 11)) }),
    );
    expect(documents.filter(({ origin }) => origin.kind === "path-name")).toMatchObject([
      { origin: { kind: "path-name", path: `notes/${key}.txt` } },
    ]);
  });
});

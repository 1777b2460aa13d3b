// The file reader with threads gives what the plain one gives, less the files without a witness.
import { execFileSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { Readable } from "node:stream";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ListedFile } from "../src/sources/list-files.js";
import { fastFileReader } from "../src/sources/read-files-fast.js";
import { readFiles, type FileReader } from "../src/sources/read-files.js";
import { testWitnesses, witnessPlaces } from "./support/oracle.js";
import { freshRepository, type TestRepository } from "./support/repository.js";

const start = "sk-0123abcd";

function listed(repository: TestRepository, paths: readonly string[]): ListedFile[] {
  return paths.map((path) => ({
    kind: "file",
    path,
    location: join(repository.path, path),
    named: false,
  }));
}

interface Answer {
  readonly documents: ReadonlyMap<string, string>;
  readonly notices: readonly string[];
  readonly files: number;
}

async function answerOf(read: FileReader, files: readonly ListedFile[]): Promise<Answer> {
  const documents = new Map<string, string>();
  const notices: string[] = [];
  let count = 0;
  for await (const item of read(Readable.from([files]))) {
    if (item.kind === "notice") notices.push(`${item.code} ${item.subject}`);
    if (item.kind === "progress") count += item.files ?? 0;
    if (item.kind !== "chunk" || item.origin.kind !== "file") continue;
    const { path } = item.origin;
    const text = Buffer.from(item.bytes).toString("latin1");
    documents.set(path, (item.first ? "" : (documents.get(path) ?? "")) + text);
  }
  return { documents, notices, files: count };
}

async function expectTheSame(
  repository: TestRepository,
  paths: readonly string[],
  threads: number,
): Promise<Answer> {
  const files = listed(repository, paths);
  const witnesses = { witnesses: testWitnesses, rulesWithout: [] };
  const fast = await answerOf(fastFileReader({ witnesses, threads }), files);
  const plain = await answerOf(readFiles, files);
  const wanted = [...plain.documents].filter(
    ([, text]) => witnessPlaces(Buffer.from(text, "latin1"), testWitnesses).length > 0,
  );
  for (const [path, text] of wanted) expect(fast.documents.get(path)).toBe(text);
  expect(fast.notices).toEqual(plain.notices);
  expect(fast.files).toBe(plain.files);
  return fast;
}

describe("the file reader with threads", () => {
  it("finds keys among thousands of files", async () => {
    const repository = freshRepository();
    const paths = Array.from({ length: 3000 }, (_, at) => `d${at % 40}/f${at}.txt`);
    for (const [at, path] of paths.entries()) {
      repository.write(path, at % 100 === 7 ? `text\n${start}${at}\n` : `text ${at}`);
    }
    const { documents } = await expectTheSame(repository, paths, 2);
    expect(documents.size).toBe(30);
  });

  it("takes pipes, links, empty, large and missing files as the plain one does", async () => {
    const repository = freshRepository();
    repository.write("empty", "");
    repository.write("plain", `a ${start}`);
    repository.write("large", Buffer.concat([Buffer.alloc(3 << 20, "x "), Buffer.from(start)]));
    repository.write("exact", Buffer.alloc(2 << 20, "y "));
    symlinkSync(`${start}/target`, join(repository.path, "link"));
    execFileSync("mkfifo", [join(repository.path, "pipe")]);
    repository.write("folder/file", start);
    const paths = ["empty", "plain", "large", "exact", "link", "pipe", "folder", "gone"];
    const { documents, notices } = await expectTheSame(repository, paths, 1);
    expect(documents.get("link")).toBe(`${start}/target`);
    expect(notices).toEqual(["special-file pipe"]);
  });

  it("finds a key wherever in a large file it stands, also over the end of a piece", async () => {
    const repository = freshRepository();
    const piece = 2 << 20;
    const places = [piece - 5, piece - start.length, piece, 2 * piece - 16, 3 * piece - 40];
    const paths = places.map((place, at) => {
      const bytes = Buffer.alloc(3 * piece, "text\n");
      bytes.write(start, place, "latin1");
      repository.write(`f${at}.txt`, bytes);
      return `f${at}.txt`;
    });
    repository.write("clean.txt", Buffer.alloc(3 * piece, "text\n"));
    const { documents, files } = await expectTheSame(repository, [...paths, "clean.txt"], 1);
    expect([...documents.keys()].sort()).toEqual(paths);
    expect(files).toBe(paths.length + 1);
  });

  it("gives every file when a rule has no witness", () => {
    const witnesses = { witnesses: testWitnesses, rulesWithout: ["anything"] };
    expect(fastFileReader({ witnesses, threads: 2 })).toBe(readFiles);
  });
});

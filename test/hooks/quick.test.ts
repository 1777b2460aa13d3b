// The way through Node on a clean commit: lets pass what is plainly clean, and nothing else.
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { nothingStaged } from "../../src/cli/hook-quick.js";
import { kernelSearch } from "../../src/sources/kernel/kernel-search.js";
import {
  makeWitnessTables,
  packTables,
  unpackTables,
} from "../../src/sources/kernel/witness-tables.js";
import { mint, mintedKinds } from "../support/mint.js";
import { freshRepository, temporaryFolder, type TestRepository } from "../support/repository.js";

function plainlyClean({ path }: TestRepository, variables: Record<string, string> = {}) {
  return nothingStaged(path, { ...process.env, HOME: path, XDG_CONFIG_HOME: "", ...variables });
}

describe("the quick way through Node", () => {
  it("lets clean commits pass, the first one too", async () => {
    const repository = freshRepository();
    expect(await plainlyClean(repository)).toBe(true);
    repository.write("a", "clean\n");
    repository.git("add", "-A");
    expect(await plainlyClean(repository)).toBe(true);
    repository.git("commit", "-q", "-m", "m");
    repository.write("a", `K=${mint("payg-legacy")} not staged`);
    expect(await plainlyClean(repository)).toBe(true);
  });

  it.each([
    ...mintedKinds.map((kind) => [kind, mint(kind)] as const),
    ["gzip", gzipSync(mint("payg-compact"))] as const,
    ["UTF-16", Buffer.from(mint("coding-plan"), "utf16le")] as const,
    ["behind a mebibyte", `${"x".repeat((1 << 20) - 5)}${mint("payg-compact")}`] as const,
  ])("leaves a key to judge: %s", async (_what, content) => {
    const repository = freshRepository();
    repository.write("a", content);
    repository.git("add", "-A");
    expect(await plainlyClean(repository)).toBe(false);
  });

  it("leaves all that is not plain to judge", async () => {
    const repository = freshRepository();
    expect(await plainlyClean(repository, { PRE_COMMIT: "1" })).toBe(false);
    expect(await plainlyClean(repository, { GIT_INDEX_FILE: "/dev/null/no-index" })).toBe(false);
    repository.write(".dashleaks.toml", "");
    expect(await plainlyClean(repository)).toBe(false);
    expect(await nothingStaged(temporaryFolder(), {})).toBe(false);
  });

  it("leaves a key in the name of a file to judge", async () => {
    const repository = freshRepository();
    repository.write(mint("payg-legacy"), "");
    repository.git("add", "-A");
    expect(await plainlyClean(repository)).toBe(false);
  });
});

describe("the kernel's search", () => {
  it("finds a witness wherever it lies across the pieces in which it is looked for", () => {
    const text = "sk-ws-";
    const witness = Array.from(Buffer.from(text), (byte) => new Set([byte]));
    const search = kernelSearch(unpackTables(packTables(makeWitnessTables([witness])))).mayHold;
    const piece = 1 << 20;
    for (const at of [0, 1, piece - 12, piece - 6, piece - 3, piece - 1, piece, 2 * piece - 20]) {
      const bytes = Buffer.alloc(2 * piece + 7, ".");
      expect(search(bytes)).toBe(false);
      bytes.write(text, at);
      expect(search(bytes)).toBe(true);
    }
    expect(search(Buffer.alloc(0))).toBe(false);
    expect(search(Buffer.from(text))).toBe(true);
  });
});

// `--repos-from`, `--discover`, `--shard`: which repositories, and which part of the work.
// What they mean is left to sources (discover) and model (shard).
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { UserError } from "../model/errors.js";
import { parseShard } from "../model/shard.js";
import type { ScanOptions } from "../scan.js";
import { readRepositoryList } from "../sources/repository-list.js";
import type { Typed } from "./parse.js";

/**
 * Reads the list and checks the part.
 * @throws UserError when the list cannot be read, or a part is not I/N
 */
export async function repositoryOptions(
  typed: Typed,
): Promise<Pick<ScanOptions, "paths" | "discover" | "shard">> {
  const list = typed.flags.get("repos-from")?.[0];
  const shard = typed.flags.get("shard")?.[0];
  if (shard !== undefined && typed.operands.includes("-")) {
    throw new UserError("standard input cannot be split", "Leave out --shard, or the `-`.");
  }
  return {
    paths: [...typed.operands, ...(list === undefined ? [] : await listed(list))],
    discover: typed.flags.has("discover"),
    shard: shard === undefined ? null : parseShard(shard),
  };
}

async function listed(file: string): Promise<string[]> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      `the list ${file} cannot be read (${error.code})`,
      "Name a file with one path a line.",
    );
  });
  return readRepositoryList(text, file, dirname(resolve(file)));
}

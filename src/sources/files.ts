// The files of a worktree or folder, and their names, as documents.
// Which files there are is left to list-files, reading them to a reader (read-files by default).
import { shardHasName } from "../model/shard.js";
import type { SourceItem, SourceOptions } from "../model/source.js";
import { listFiles, type Listed, type ListedFile, type ListOptions } from "./list-files.js";
import { searchFor } from "./kernel/kernel-search.js";
import { fastFileReader } from "./read-files-fast.js";
import type { FileReader } from "./read-files.js";

export interface FileOptions extends SourceOptions, Omit<ListOptions, "signal"> {
  /** Reads what was listed; the default is the one with threads. */
  readonly reader?: FileReader;
}

/**
 * The files below the targets, each once, and every file name in which a witness occurs.
 * @param targets folders and files that exist; in a repository all below its worktree
 * @throws UserError when a target does not exist
 */
export async function* files(
  targets: readonly string[],
  options: FileOptions,
): AsyncGenerator<SourceItem> {
  const reader = options.reader ?? fastFileReader(options);
  yield* reader(withNames(partOf(listFiles(targets, options), options.shard), options));
}

async function* partOf(
  listing: AsyncIterable<Listed>,
  shard: SourceOptions["shard"],
): AsyncGenerator<Listed> {
  for await (const listed of listing) {
    if (listed.kind !== "file" || shardHasName(shard, listed.path)) yield listed;
  }
}

/** Names are looked at this many at a time. */
const namesAtOnce = 512;

/** Passes the listing on and adds the names that could hold a key, each as a document. */
async function* withNames(
  listing: AsyncIterable<Listed>,
  { witnesses }: FileOptions,
): AsyncGenerator<ListedFile | SourceItem> {
  const search = searchFor(witnesses);
  let names: string[] = [];
  const documents = function* (): Generator<SourceItem> {
    const taken = names;
    names = [];
    if (!search(Buffer.from(taken.join("\n")))) return;
    for (const path of taken) {
      const bytes = Buffer.from(path);
      if (!search(bytes)) continue;
      yield { kind: "chunk", origin: { kind: "path-name", path }, bytes, first: true, last: true };
    }
  };
  for await (const listed of listing) {
    yield listed;
    if (listed.kind !== "file") continue;
    names.push(listed.path);
    if (names.length === namesAtOnce) yield* documents();
  }
  yield* documents();
}

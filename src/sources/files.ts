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
  listing: AsyncIterable<readonly Listed[]>,
  shard: SourceOptions["shard"],
): AsyncGenerator<readonly Listed[]> {
  for await (const batch of listing) {
    yield batch.filter((listed) => listed.kind !== "file" || shardHasName(shard, listed.path));
  }
}

/** Names are looked at this many at a time. */
const namesAtOnce = 512;

/** Passes the listing on and adds the names that could hold a key, each as a document. */
async function* withNames(
  listing: AsyncIterable<readonly Listed[]>,
  { witnesses }: FileOptions,
): AsyncGenerator<readonly (ListedFile | SourceItem)[]> {
  const search = searchFor(witnesses);
  for await (const batch of listing) {
    yield batch;
    const names = batch.flatMap((listed) => (listed.kind === "file" ? [listed.path] : []));
    for (let from = 0; from < names.length; from += namesAtOnce) {
      const some = names.slice(from, from + namesAtOnce);
      if (!search(Buffer.from(some.join("\n")))) continue;
      yield some
        .map((path) => [path, Buffer.from(path)] as const)
        .filter(([, bytes]) => search(bytes))
        .map(([path, bytes]) => {
          const origin = { kind: "path-name", path } as const;
          return { kind: "chunk", origin, bytes, first: true, last: true };
        });
    }
  }
}

// The files of a worktree or folder, and their names, as documents.
// Which files there are is left to list-files, reading them to a reader (read-files by default).
import { join } from "node:path";
import type { Notice } from "../model/notice.js";
import { shardHasName } from "../model/shard.js";
import type { SourceItem, SourceOptions } from "../model/source.js";
import { listFiles, type Listed, type ListedFile, type ListOptions } from "./list-files.js";
import { searchFor } from "./kernel/kernel-search.js";
import { fastFileReader } from "./read-files-fast.js";
import type { FileReader } from "./read-files.js";

export interface FileOptions extends SourceOptions, Omit<ListOptions, "signal"> {
  /** Reads what was listed; the default is the one with threads. */
  readonly reader?: FileReader;
  /** Top folders of repositories that the same run scans by themselves. */
  readonly alsoScanned?: ReadonlySet<string>;
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
  const nested: string[] = [];
  const listing = watched(listFiles(targets, options), nested);
  yield* reader(withNames(partOf(listing, options.shard), options));
  const { root = "", alsoScanned } = options;
  const untold = nested.filter((path) => alsoScanned?.has(join(root, path)) !== true);
  if (untold.length > 0) yield nestedNotice(untold);
}

/** Passes a listing on and keeps the names of repositories that lie in it. */
async function* watched(
  listing: AsyncIterable<readonly Listed[]>,
  nested: string[],
): AsyncGenerator<readonly Listed[]> {
  for await (const batch of listing) {
    for (const listed of batch) {
      if (listed.kind === "skip" && listed.nested === true) nested.push(listed.what);
    }
    yield batch;
  }
}

/** So many nested repositories are named. */
const mostNamed = 5;

function nestedNotice(paths: readonly string[]): Notice {
  const more = paths.length - mostNamed;
  const names = paths.slice(0, mostNamed).join(", ") + (more > 0 ? ` and ${more} more` : "");
  return {
    kind: "notice",
    code: "nested-repository",
    message: `${names} ${paths.length === 1 ? "is a git repository of its own and was" : "are git repositories of their own and were"} left to another scan: name ${paths.length === 1 ? "it" : "them"}, or use --discover.`,
    subject: names,
    incomplete: false,
  };
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

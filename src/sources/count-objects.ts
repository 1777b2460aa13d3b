// How many objects a repository holds and how large they are, without reading them: what a run counts
// where it did not read all of them itself.
// Reading them is left to history and packs.
import type { Progress, Repository, SourceItem } from "../model/index.js";
import { gitStream } from "./git.js";
import type { GitOptions } from "./git-options.js";

/** Counts objects, borrowed ones too, each once; bytes are those of the expanded objects. */
async function countObjects(
  repository: Pick<Repository, "gitDirectory">,
  belongs: (oid: string) => boolean,
  { signal, environment }: GitOptions = {},
): Promise<Required<Pick<Progress, "objects" | "bytes">>> {
  const args = ["cat-file", "--batch-all-objects", "--unordered"];
  const stream = gitStream(
    repository.gitDirectory,
    [...args, "--batch-check=%(objectname) %(objectsize)"],
    { ...(signal ? { signal } : {}), ...(environment ? { environment } : {}) },
  );
  let objects = 0;
  let bytes = 0;
  let rest = "";
  for await (const piece of stream) {
    const lines = (rest + piece.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const [oid = "", size = ""] = line.split(" ");
      // Of an object that git cannot read it says "missing": nobody has looked at that one.
      if (!belongs(oid) || !/^[0-9]+$/u.test(size)) continue;
      objects += 1;
      bytes += Number(size);
    }
  }
  return { objects, bytes };
}

/**
 * A history of which this run may have read a part in another repository. What was looked at there
 * counts here, too: the coverage of a repository does not depend on what it was scanned beside, and
 * the parts of a scan that share nothing add up to the same.
 * @param readElsewhere is asked while the history is read, and when it was
 */
export async function* historyReadElsewhere(
  repository: Pick<Repository, "gitDirectory">,
  history: AsyncIterable<SourceItem>,
  readElsewhere: () => boolean,
  options: GitOptions = {},
): AsyncGenerator<SourceItem> {
  // What a history leaves out is what is known to be clean.
  const held: SourceItem[] = [];
  let read = { objects: 0, bytes: 0 };
  let counting: ReturnType<typeof countObjects> | undefined;
  const count = (): NonNullable<typeof counting> =>
    (counting ??= countObjects(repository, () => true, options));
  for await (const item of history) {
    // While the rest is read; awaited below, and must not count as unhandled until then.
    if (counting === undefined && readElsewhere()) count().catch(() => undefined);
    if (item.kind === "skip") {
      held.push(item);
      continue;
    }
    if (item.kind === "progress") {
      const { objects = 0, bytes = 0 } = item;
      read = { objects: read.objects + objects, bytes: read.bytes + bytes };
    }
    yield item;
  }
  if (!readElsewhere()) {
    yield* held;
    return;
  }
  const all = await count();
  yield { kind: "progress", objects: all.objects - read.objects, bytes: all.bytes - read.bytes };
}

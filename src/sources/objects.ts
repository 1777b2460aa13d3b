// Lists every object that a repository holds, reachable or not, alternates included.
// Reading them is left to history.
import type { GitObjectType } from "../model/origin.js";
import type { Repository } from "../model/source.js";
import { gitStream } from "./git.js";
import type { GitOptions } from "./git-options.js";

/** Ids in the order in which git stores them, without a string for each. */
export interface ObjectList {
  readonly count: number;
  /** The ids from one index up to another (not included). */
  readonly slice: (from: number, to: number) => Iterable<string>;
}

/**
 * All objects: loose and packed, of every type or of one, each once, in pack order.
 * Source: git-cat-file(1), `--batch-all-objects --unordered`; such a listing never fetches.
 */
export async function listObjects(
  repository: Pick<Repository, "gitDirectory" | "objectFormat">,
  options: GitOptions & { readonly type?: GitObjectType } = {},
): Promise<ObjectList> {
  const { type, ...gitOptions } = options;
  // Without a type git need not look into the packs: a third of the time.
  const format = type === undefined ? "%(objectname)" : "%(objectname) %(objecttype)";
  const args = ["cat-file", "--batch-all-objects", "--unordered", `--batch-check=${format}`];
  const width = repository.objectFormat === "sha256" ? 64 : 40;
  const pieces: Buffer[] = [];
  for await (const lines of wholeLines(gitStream(repository.gitDirectory, args, gitOptions))) {
    pieces.push(type === undefined ? lines : ofType(lines, type));
  }
  const text = Buffer.concat(pieces);
  const line = width + 1;
  return {
    count: text.length / line,
    slice: function* (from, to) {
      for (let at = from * line; at < to * line; at += line) {
        yield text.toString("latin1", at, at + width);
      }
    },
  };
}

function ofType(lines: Buffer, type: GitObjectType): Buffer {
  const kept: string[] = [];
  for (const line of lines.toString("latin1").split("\n")) {
    const [oid, found] = line.split(" ");
    if (found === type) kept.push(`${oid}\n`);
  }
  return Buffer.from(kept.join(""), "latin1");
}

/** Cuts a stream at line ends, so that no piece holds part of a line. */
async function* wholeLines(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of stream) {
    const end = piece.lastIndexOf(10) + 1;
    if (end === 0) {
      rest = Buffer.concat([rest, piece]);
      continue;
    }
    yield Buffer.concat([rest, piece.subarray(0, end)]);
    rest = piece.subarray(end);
  }
  if (rest.length > 0) yield rest;
}

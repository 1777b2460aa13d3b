// Every object of a repository as a document, by git's own cat-file: simple, exact, and the oracle
// and fallback of the fast reader. Which commit an object belongs to is left to attribution.
import type { Notice } from "../model/notice.js";
import type { Repository, SourceItem, SourceOptions } from "../model/source.js";
import { catFile, type ObjectAnswer } from "./cat-file.js";
import { GitError } from "./git.js";
import type { GitOptions } from "./git-options.js";
import { listObjects } from "./objects.js";
import { witnessSearch } from "./witness-search.js";

export interface HistoryOptions extends SourceOptions, Pick<GitOptions, "environment"> {
  /** Read these objects instead of all; each once, in this order. */
  readonly only?: ReadonlySet<string> | AsyncIterable<string> | null;
}

/**
 * Blobs, commits, tags and trees in the form in which git stores them (of a tree: mode, space, name,
 * NUL, binary id, for each entry). What cannot be read becomes a Notice with `incomplete: true`.
 */
export async function* exactHistory(
  repository: Repository,
  options: HistoryOptions,
): AsyncGenerator<SourceItem> {
  const { only = null, signal, environment } = options;
  const gitOptions = { ...(signal ? { signal } : {}), ...(environment ? { environment } : {}) };
  const reading = { wanted: witnessSearch(options.witnesses), ...gitOptions };
  const read = (oids: Iterable<string> | AsyncIterable<string>): AsyncGenerator<ObjectAnswer> =>
    catFile(repository, oids, reading);
  try {
    if (only !== null) {
      yield* items(read(only));
      return;
    }
    const objects = await listObjects(repository, gitOptions);
    yield { kind: "progress", total: objects.count };
    const middle = options.threads > 1 ? Math.ceil(objects.count / 2) : objects.count;
    const halves = [objects.slice(0, middle), objects.slice(middle, objects.count)];
    yield* items(interleaved(halves.map(read)));
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    yield {
      kind: "notice",
      code: "git-failed",
      message: `The history could not be read to its end: ${error.message}. Run git fsck to see what is broken.`,
      incomplete: true,
    };
  }
}

async function* items(answers: AsyncIterable<ObjectAnswer>): AsyncGenerator<SourceItem> {
  for await (const answer of answers) {
    switch (answer.kind) {
      case "piece": {
        const { oid, type, bytes, first, last } = answer;
        yield { kind: "chunk", origin: { kind: "object", type, oid }, bytes, first, last };
        break;
      }
      case "seen":
        yield { kind: "progress", objects: answer.objects, bytes: answer.bytes };
        break;
      case "missing":
        yield missingObject(answer.oid);
        break;
      case "died":
        yield {
          kind: "notice",
          code: "corrupt-object",
          message: `Object ${answer.oid} could not be read${because(answer.stderr)}. Run git fsck, and fetch the object again or scan a fresh clone.`,
          subject: answer.oid,
          incomplete: true,
        };
    }
  }
}

/** What to say of an object that is referred to but is not there. */
export function missingObject(oid: string): Notice {
  return {
    kind: "notice",
    code: "missing-object",
    message: `Object ${oid} is missing or cannot be read. Run git fsck, and fetch the object again or scan a fresh clone.`,
    subject: oid,
    incomplete: true,
  };
}

function because(stderr: string): string {
  const said = stderr.split("\n").at(-1) ?? "";
  return said === "" ? "" : ` (git says: ${said})`;
}

/** Several readers at once, in the order in which they give; pieces of one object stay together. */
async function* interleaved(
  readers: readonly AsyncGenerator<ObjectAnswer>[],
): AsyncGenerator<ObjectAnswer> {
  const next = new Map(readers.map((reader) => [reader, reader.next().then(tagged(reader))]));
  try {
    while (next.size > 0) {
      let { reader, result } = await Promise.race(next.values());
      while (result.done !== true && result.value.kind === "piece" && !result.value.last) {
        yield result.value;
        result = await reader.next();
      }
      if (result.done === true) {
        next.delete(reader);
        continue;
      }
      yield result.value;
      next.set(reader, reader.next().then(tagged(reader)));
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.return(undefined)));
  }
}

interface Tagged {
  reader: AsyncGenerator<ObjectAnswer>;
  result: IteratorResult<ObjectAnswer>;
}

function tagged(
  reader: AsyncGenerator<ObjectAnswer>,
): (result: IteratorResult<ObjectAnswer>) => Tagged {
  return (result) => ({ reader, result });
}

// Every object of a repository, read straight from its packs and loose files: gives those in which a
// witness occurs, whole, and hands whatever this reader does not understand to the exact one.
// How packs and files are gone through is left to history-run, where in history an object was, to
// attribution.
import type { CleanRecord } from "../../model/clean-record.js";
import type { Notice } from "../../model/notice.js";
import type { Repository, SourceItem, SourceOptions } from "../../model/source.js";
import type { GitOptions } from "../git-options.js";
import { exactHistory } from "../history.js";
import {
  knownObjects,
  lookAtAgain,
  readAllPacks,
  readLoose,
  startRun,
  type Run,
} from "./history-run.js";
import { listLooseObjects, type LooseList } from "./loose-objects.js";
import { idsOfHex } from "../../model/sorted-ids.js";
import { newAmong } from "./standings.js";
import { objectDirectories } from "./object-directories.js";

export interface FastHistoryOptions extends SourceOptions, Pick<GitOptions, "environment"> {
  /** What is known to be clean is not read again, and what is read is told. */
  readonly record?: CleanRecord | null;
  /**
   * Instead of `exactHistory`: gives the named objects, or with null every object, expanded by git,
   * and a notice for each that git cannot read either.
   */
  readonly exact?: (only: ReadonlySet<string> | null) => AsyncIterable<SourceItem>;
  /** Bytes kept where a delta's copies are cut; for a test that shows what too few would miss. */
  readonly contextBytes?: number;
}

/**
 * @returns chunks (each object once, wherever it is stored), progress for all objects, and a notice
 *   for whatever could not be read
 */
export async function* fastHistory(
  repository: Repository,
  options: FastHistoryOptions,
): AsyncGenerator<SourceItem> {
  const { witnesses } = options;
  const throughGit = (only: ReadonlySet<string> | null): AsyncIterable<SourceItem> =>
    options.exact?.(only) ?? exactHistory(repository, { ...options, only });
  if (witnesses === null || witnesses.rulesWithout.length > 0) {
    if (witnesses !== null) yield withoutWitness(witnesses.rulesWithout);
    yield* throughGit(null);
    return;
  }
  const { directories, notices } = objectDirectories(repository, options.environment ?? {});
  yield* notices;
  const idBytes = repository.objectFormat === "sha256" ? 32 : 20;
  const loose = listLoose(directories, idBytes, options.record ?? null);
  if (loose.notice !== null) yield loose.notice;
  const run = startRun({ ...options, witnesses }, directories, idBytes, {
    objects: loose.list.count,
  });
  try {
    try {
      yield* readAllPacks(run, loose.list.count);
      const known = newAmong(idsOfHex(loose.known, idBytes), run.counted);
      if (known > 0) yield knownObjects(known);
      yield* readLoose(run, loose.list);
      // Packs that a gc or a fetch has written meanwhile hold what was not found above.
      yield* readAllPacks(run, 0);
    } catch (error) {
      if (options.signal?.aborted === true) throw error;
      yield gaveUp(error);
      yield* notYetGiven(run, throughGit(null));
      return;
    }
    const left = lookAtAgain(run);
    if (left.size > 0) yield* notYetGiven(run, throughGit(left));
  } finally {
    run.stop();
  }
}

async function* notYetGiven(
  run: Run,
  items: AsyncIterable<SourceItem>,
): AsyncGenerator<SourceItem> {
  for await (const item of items) {
    const given =
      item.kind === "chunk" && item.origin.kind === "object" && run.given.has(item.origin.oid);
    if (!given) yield item;
  }
}

function listLoose(
  directories: readonly string[],
  idBytes: number,
  record: CleanRecord | null,
): { readonly list: LooseList; readonly known: readonly string[]; readonly notice: Notice | null } {
  try {
    return { ...listLooseObjects(directories, idBytes, record), notice: null };
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    const notice: Notice = {
      kind: "notice",
      code: "missing-object",
      message: `${path ?? "A folder of objects"} could not be listed (${code ?? String(error)}): loose objects were not scanned.`,
      ...(path === undefined ? {} : { subject: path }),
      incomplete: true,
    };
    return { ...listLooseObjects([], idBytes, null), notice };
  }
}

function withoutWitness(rules: readonly string[]): Notice {
  return {
    kind: "notice",
    code: "rule-without-witness",
    message: `No witness could be derived for ${rules.join(", ")}: every object is expanded, which takes much longer.`,
    incomplete: false,
  };
}

function gaveUp(error: unknown): Notice {
  return {
    kind: "notice",
    code: "fallback-reader",
    message: `The fast reader gave up (${String(error)}): every object is read through git, which takes much longer.`,
    incomplete: false,
  };
}

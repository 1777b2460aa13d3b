// Every object of a repository, read straight from its packs and loose files: gives those in which a
// witness occurs, whole, and hands whatever this reader does not understand to the exact one.
// Where in history an object was is left to attribution.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Notice } from "../../model/notice.js";
import type { Repository, SourceItem, SourceOptions } from "../../model/source.js";
import { maxWitnessBytes } from "../../model/witness.js";
import type { GitOptions } from "../git.js";
import { exactHistory } from "../history.js";
import { compileKernel, startKernel, type Kernel, type KernelProgram } from "../kernel/kernel.js";
import { makeWitnessTables } from "../kernel/witness-tables.js";
import { newCounter } from "./jobs.js";
import { listLooseObjects, type LooseList } from "./loose-objects.js";
import { objectDirectories } from "./object-directories.js";
import { closePack } from "./pack-file.js";
import { halfPackNotice, openPacks, packNotice } from "./pack-list.js";
import { groupPacks, readLargeObject, readPacks, type ReadEvent } from "./read-packs.js";
import { startThreads, type Threads } from "./threads.js";

export interface FastHistoryOptions extends SourceOptions, Pick<GitOptions, "environment"> {
  /**
   * Instead of `exactHistory`: gives the named objects, or with null every object, expanded by git,
   * and a notice for each that git cannot read either.
   */
  readonly exact?: (only: ReadonlySet<string> | null) => AsyncIterable<SourceItem>;
  /** Bytes kept where a delta's copies are cut; for a test that shows what too few would miss. */
  readonly contextBytes?: number;
}

/** With fewer compressed bytes a worker would be ready only when the work is done. */
const worthWorkersBytes = 16 << 20;
/** The same for files with one object each. */
const worthWorkersObjects = 2000;
/** A repository that is repacked while it is read is listed again, this often at most. */
const mostListings = 8;

/**
 * @returns chunks (each object once, wherever it is stored), progress for all objects, and a notice
 *   for whatever could not be read
 */
export async function* fastHistory(
  repository: Repository,
  options: FastHistoryOptions,
): AsyncGenerator<SourceItem> {
  const { witnesses } = options;
  if (witnesses === null || witnesses.rulesWithout.length > 0) {
    if (witnesses !== null) yield withoutWitness(witnesses.rulesWithout);
    yield* throughGit(repository, options, null);
    return;
  }
  const environment = { ...process.env, ...options.environment };
  const { directories, notices } = objectDirectories(repository, environment);
  yield* notices;
  const idBytes = repository.objectFormat === "sha256" ? 32 : 20;
  const loose = listLoose(directories, idBytes);
  if (loose.notice !== null) yield loose.notice;
  const busy =
    loose.list.count >= worthWorkersObjects || packBytes(directories) >= worthWorkersBytes;
  const threads = startThreads(busy ? Math.max(0, options.threads - 1) : 0);
  const program: KernelProgram = {
    module: compileKernel(),
    tables: makeWitnessTables(witnesses.witnesses),
    contextBytes: options.contextBytes ?? maxWitnessBytes - 1,
    idBytes,
  };
  const kernel = startKernel(program);
  threads.setUp(program, kernel);
  const run: Run = {
    repository,
    options,
    kernel,
    threads,
    directories,
    idBytes,
    known: new Set(),
    checksums: new Set(),
    given: new Set(),
    failed: new Set(),
  };
  try {
    try {
      yield* readAllPacks(run, loose.list.count);
      yield* readLoose(run, loose.list);
      // Packs that a gc or a fetch has written meanwhile hold what was not found above.
      yield* readAllPacks(run, 0);
    } catch (error) {
      if (options.signal?.aborted === true) throw error;
      yield gaveUp(error);
      yield* exactly(run, null);
      return;
    }
    if (run.failed.size > 0) yield* exactly(run, run.failed);
  } finally {
    threads.stop();
  }
}

interface Run {
  readonly repository: Repository;
  readonly options: FastHistoryOptions;
  readonly kernel: Kernel;
  readonly threads: Threads;
  readonly directories: readonly string[];
  readonly idBytes: number;
  /** Paths of packs that were dealt with. */
  readonly known: Set<string>;
  /** Checksums of packs that were read: one that lies in several directories is read once. */
  readonly checksums: Set<string>;
  /** Ids of objects that were given. */
  readonly given: Set<string>;
  /** Ids of objects for the exact reader. */
  readonly failed: Set<string>;
}

/** Reads packs until a listing shows none that is new. */
async function* readAllPacks(run: Run, more: number): AsyncGenerator<SourceItem> {
  let gone: readonly string[] = [];
  for (let listing = 0; listing < mostListings; listing++) {
    const opened = openPacks(run.directories, run.idBytes, run.known);
    const { files } = opened;
    try {
      yield* opened.notices;
      for (const oid of opened.ids) run.failed.add(oid);
      const fresh = files.filter(({ checksum }) => !run.checksums.has(checksum));
      for (const { checksum } of fresh) run.checksums.add(checksum);
      const total = fresh.reduce((sum, { objects }) => sum + objects, listing === 0 ? more : 0);
      if (total > 0) yield { kind: "progress", total };
      for (const group of groupPacks(fresh)) {
        yield* items(run, readPacks(group, run.threads, run.kernel));
      }
    } finally {
      for (const file of files) closePack(file);
    }
    ({ gone } = opened);
    if (files.length === 0) break;
  }
  for (const path of gone) {
    run.known.add(path);
    if (!run.known.has(`${path} said`)) yield halfPackNotice(path);
    run.known.add(`${path} said`);
  }
}

async function* readLoose(run: Run, list: LooseList): AsyncGenerator<SourceItem> {
  if (list.count === 0) return;
  yield* items(run, run.threads.share({ kind: "loose", next: newCounter(), list }));
}

/** Turns what the threads tell into items, and keeps what is still to be done. */
async function* items(run: Run, events: AsyncIterable<ReadEvent>): AsyncGenerator<SourceItem> {
  const large: { readonly oid: string; readonly path: string }[] = [];
  for await (const event of events) {
    switch (event.kind) {
      case "object":
        if (run.given.has(event.oid)) break;
        run.given.add(event.oid);
        yield {
          kind: "chunk",
          origin: { kind: "object", type: event.type, oid: event.oid },
          bytes: event.bytes,
          first: true,
          last: true,
        };
        break;
      case "chunk":
        yield event;
        break;
      case "failed":
        run.failed.add(event.oid);
        break;
      case "refused":
        yield packNotice(event.file.path, event.error);
        break;
      case "large":
        large.push(event);
        break;
      case "share":
        run.options.signal?.throwIfAborted();
        if (event.objects > 0) {
          yield { kind: "progress", objects: event.objects, bytes: event.bytes };
        }
    }
  }
  for (const { oid, path } of large) {
    const object = { source: { path }, start: 0, end: null, type: null, size: null, oid };
    yield* items(run, readLargeObject(object, run.kernel, null));
  }
}

function throughGit(
  repository: Repository,
  options: FastHistoryOptions,
  only: ReadonlySet<string> | null,
): AsyncIterable<SourceItem> {
  return options.exact?.(only) ?? exactHistory(repository, { ...options, only });
}

/** Has objects read through git, and leaves out what was given already. */
async function* exactly(run: Run, only: ReadonlySet<string> | null): AsyncGenerator<SourceItem> {
  for await (const item of throughGit(run.repository, run.options, only)) {
    const given =
      item.kind === "chunk" && item.origin.kind === "object" && run.given.has(item.origin.oid);
    if (!given) yield item;
  }
}

function listLoose(
  directories: readonly string[],
  idBytes: number,
): { readonly list: LooseList; readonly notice: Notice | null } {
  try {
    return { list: listLooseObjects(directories, idBytes), notice: null };
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    const notice: Notice = {
      kind: "notice",
      code: "missing-object",
      message: `${path ?? "A folder of objects"} could not be listed (${code ?? String(error)}): loose objects were not scanned.`,
      ...(path === undefined ? {} : { subject: path }),
      incomplete: true,
    };
    return { list: listLooseObjects([], idBytes), notice };
  }
}

/** How large all packs are together; only for the choice of threads. */
function packBytes(directories: readonly string[]): number {
  let bytes = 0;
  for (const folder of directories.map((directory) => join(directory, "pack"))) {
    try {
      for (const name of readdirSync(folder)) {
        if (name.endsWith(".pack")) bytes += statSync(join(folder, name)).size;
      }
    } catch {
      // Told where the packs are opened.
    }
  }
  return bytes;
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

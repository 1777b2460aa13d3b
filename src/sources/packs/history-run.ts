// One run through a repository's packs and loose objects: what was read, what was given, what is left
// to git, what is known to be clean. Threads and kernel are started when there is work.
// What is done when all this fails is left to fast-history.
import { createHash } from "node:crypto";
import type { SourceItem } from "../../model/source.js";
import { maxWitnessBytes, type WitnessSet } from "../../model/witness.js";
import { compileKernel, startKernel, type Kernel } from "../kernel/kernel.js";
import { tablesOf } from "../kernel/witness-tables.js";
import { packBytes, worthWorkersBytes } from "../head-start.js";
import type { FastHistoryOptions } from "./fast-history.js";
import { newCounter } from "./jobs.js";
import { looseId, type LooseList } from "./loose-objects.js";
import { closePack, isIndexSound, readIds, type PackFile } from "./pack-file.js";
import { halfPackNotice, openPacks, packNotice, wrongIdNotice } from "./pack-list.js";
import { lookUp, lookUpLoose, type Counted } from "./standings.js";
import type { Standings } from "./entry-table.js";
import {
  groupPacks,
  readLargeObject,
  readPacks,
  type ObjectSizes,
  type ReadEvent,
} from "./read-packs.js";
import { startThreads, type Threads } from "./threads.js";

/** With fewer files of one object each a worker would be ready only when the work is done. */
const worthWorkersObjects = 2000;
/** A repository that is repacked while it is read is listed again, this often at most. */
const mostListings = 8;

interface RunOptions extends Omit<FastHistoryOptions, "witnesses"> {
  readonly witnesses: WitnessSet;
}

interface Machine {
  readonly kernel: Kernel;
  readonly threads: Threads;
}

export interface Run {
  readonly options: RunOptions;
  readonly directories: readonly string[];
  readonly idBytes: number;
  /** Paths of packs that were dealt with, and of those that were complained of. */
  readonly known: Set<string>;
  readonly complained: Set<string>;
  /** Checksums of packs that were read: one that lies in several directories is read once. */
  readonly checksums: Set<string>;
  /** Ids of objects that were given. */
  readonly given: Set<string>;
  /** Ids of objects that could not be read here. */
  readonly failed: Set<string>;
  /** Ids of objects that an earlier run has found worth a look. */
  readonly again: Set<string>;
  /** By index: what a pack gave, and whether it was read to its end. */
  readonly packs: Map<string, { readonly given: string[]; sound: boolean }>;
  /** Packs stay open to the end: their ids are compared with those of what comes later. */
  readonly opened: PackFile[];
  readonly counted: Counted;
  readonly machine: () => Machine;
  readonly stop: () => void;
}

export function startRun(
  options: RunOptions,
  directories: readonly string[],
  idBytes: number,
  loose: { readonly objects: number },
): Run {
  let started: Machine | undefined;
  const opened: PackFile[] = [];
  return {
    options,
    directories,
    idBytes,
    known: new Set(),
    complained: new Set(),
    checksums: new Set(),
    given: new Set(),
    failed: new Set(),
    again: new Set(),
    packs: new Map(),
    opened,
    counted: { lists: [] },
    machine: () => (started ??= startMachine(options, directories, idBytes, loose.objects)),
    stop: () => {
      started?.threads.stop();
      for (const file of opened) closePack(file);
    },
  };
}

function startMachine(
  options: RunOptions,
  directories: readonly string[],
  idBytes: number,
  looseObjects: number,
): Machine {
  const inPacks = directories.reduce((bytes, directory) => bytes + packBytes(directory), 0);
  const busy = looseObjects >= worthWorkersObjects || inPacks >= worthWorkersBytes;
  const threads = startThreads(busy ? Math.max(0, options.threads - 1) : 0);
  const program = {
    module: compileKernel(),
    tables: tablesOf(options.witnesses),
    contextBytes: options.contextBytes ?? maxWitnessBytes - 1,
    idBytes,
  };
  const kernel = startKernel(program);
  threads.setUp(program, kernel);
  return { kernel, threads };
}

/** What is said of objects that an earlier run has looked at. */
export function knownObjects(count: number): SourceItem {
  return {
    kind: "skip",
    what: "git objects",
    reason: "known to be clean since an earlier run",
    count,
  };
}

/** What git has to read: what failed, and what an earlier run has found worth a look. */
export function lookAtAgain(run: Run): ReadonlySet<string> {
  const left = new Set(run.failed);
  for (const oid of run.again) if (!run.given.has(oid)) left.add(oid);
  return left;
}

/**
 * Reads packs until a listing shows none that is new.
 * @param more objects beside those in packs that are expected
 */
export async function* readAllPacks(run: Run, more: number): AsyncGenerator<SourceItem> {
  let gone: readonly string[] = [];
  for (let listing = 0; listing < mostListings; listing++) {
    const opened = openPacks(run.directories, run.idBytes, run.known);
    const { files } = opened;
    run.opened.push(...files);
    yield* opened.notices;
    for (const oid of opened.ids) run.failed.add(oid);
    const fresh = files.filter(({ checksum }) => !run.checksums.has(checksum));
    for (const { checksum } of fresh) run.checksums.add(checksum);
    const unread = fresh.filter((file) => !isKnown(run, file));
    const { record = null } = run.options;
    const looked = lookUp(fresh, new Set(unread), run.counted, record);
    if (looked.skipped > 0) yield knownObjects(looked.skipped);
    if (looked.elsewhere.objects > 0) yield { kind: "progress", ...looked.elsewhere };
    const total = looked.expected + (listing === 0 ? more : 0);
    if (total > 0) yield { kind: "progress", total };
    for (const file of looked.known) record?.packWasRead(identityOf(file), [], () => null);
    const toRead = unread.filter((file) => !looked.known.includes(file));
    for (const group of groupPacks(toRead)) yield* readGroup(run, group, looked.standings);
    ({ gone } = opened);
    if (files.length === 0) break;
  }
  for (const path of gone) {
    if (run.complained.has(path)) continue;
    run.complained.add(path);
    yield halfPackNotice(path);
  }
}

function isKnown(run: Run, file: PackFile): boolean {
  const again = run.options.record?.lookAgain(identityOf(file)) ?? null;
  for (const oid of again ?? []) run.again.add(oid);
  return again !== null;
}

function identityOf({ checksum, end, idBytes }: PackFile): { checksum: string; bytes: number } {
  return { checksum, bytes: end + idBytes };
}

async function* readGroup(
  run: Run,
  group: readonly PackFile[],
  standings: Standings,
): AsyncGenerator<SourceItem> {
  const { threads, kernel } = run.machine();
  for (const { path } of group) run.packs.set(path, { given: [], sound: true });
  const { record } = run.options;
  const sizes: ObjectSizes | null = record?.keepsSizes === true ? new Map() : null;
  yield* items(run, readPacks(group, threads, kernel, { standings, sizes }));
  for (const file of group) {
    const read = run.packs.get(file.path);
    if (read?.sound !== true) continue;
    const ofPack = sizes?.get(file.path);
    record?.packWasRead(identityOf(file), read.given, () =>
      ofPack && isIndexSound(file) ? { ids: readIds(file), sizes: ofPack } : null,
    );
  }
}

export async function* readLoose(run: Run, list: LooseList): AsyncGenerator<SourceItem> {
  if (list.count === 0) return;
  const { threads } = run.machine();
  const { record } = run.options;
  let gone = 0;
  const given = new Set<string>();
  const before = run.counted.lists;
  lookUpLoose(list, run.counted);
  const events = threads.share({ kind: "loose", next: newCounter(), list });
  yield* items(run, events, (event) => {
    if (event.kind === "object" || event.kind === "large") given.add(event.oid);
    if (event.kind === "share") gone += event.gone;
  });
  // Which ones were gone was not told: then none counts as read.
  if (gone > 0) run.counted.lists = before;
  if (!record || gone > 0) return;
  for (let index = 0; index < list.count; index++) {
    const oid = looseId(list, index);
    if (!run.failed.has(oid)) record.objectWasRead(oid, given.has(oid));
  }
}

/** Turns what the threads tell into items, and keeps what is still to be done. */
async function* items(
  run: Run,
  events: AsyncIterable<ReadEvent>,
  watch: (event: ReadEvent) => void = () => undefined,
): AsyncGenerator<SourceItem> {
  const large: Extract<ReadEvent, { readonly kind: "large" }>[] = [];
  for await (const event of events) {
    watch(event);
    switch (event.kind) {
      case "object":
        if (!isFirst(run, event)) {
          if (hasId(run, event)) break;
          spoil(run, event.index);
          yield wrongIdNotice(event.oid, event.index);
          break;
        }
        yield {
          kind: "chunk",
          origin: { kind: "object", type: event.type, oid: event.oid },
          bytes: event.bytes,
          first: true,
          last: true,
        };
        break;
      case "piece":
        if (event.chunk.first && !isFirst(run, event)) event.stop();
        else yield event.chunk;
        break;
      case "failed":
        run.failed.add(event.oid);
        spoil(run, event.index);
        break;
      case "refused":
        spoil(run, event.file.path);
        yield packNotice(event.file.path, event.error);
        break;
      case "large":
        large.push(event);
        break;
      case "file":
      case "closer":
        // Of the job that reads files.
        break;
      case "share":
        run.options.signal?.throwIfAborted();
        if (event.objects > 0) {
          yield { kind: "progress", objects: event.objects, bytes: event.bytes };
        }
    }
  }
  for (const { oid, path, counts } of large) {
    const object = { source: { path }, start: 0, end: null, type: null, size: null, oid };
    yield* items(run, readLargeObject(object, run.machine().kernel, null, counts));
  }
}

/** Whether an object was not given before; notes that it is now, and by which pack. */
function isFirst(
  run: Run,
  { oid, index }: { readonly oid: string; readonly index: string | null },
): boolean {
  if (index !== null) run.packs.get(index)?.given.push(oid);
  if (run.given.has(oid)) return false;
  run.given.add(oid);
  return true;
}

/**
 * An object that is there more than once is read more than once, and the copies are the same. If not,
 * a damaged index has put one in the other's place.
 */
function hasId(
  { idBytes }: Run,
  { type, oid, bytes }: Extract<ReadEvent, { readonly kind: "object" }>,
): boolean {
  const hash = createHash(idBytes === 32 ? "sha256" : "sha1");
  hash.update(`${type} ${bytes.length}\0`).update(bytes);
  return hash.digest("hex") === oid;
}

function spoil(run: Run, index: string | null): void {
  const pack = index === null ? undefined : run.packs.get(index);
  if (pack !== undefined) pack.sound = false;
}

// Reads listed files on several threads and gives only those in which a witness occurs; counts all.
// Whatever is not an ordinary file is left to the plain reader, listing to list-files.
import { Readable } from "node:stream";
import type { Chunk } from "../model/origin.js";
import type { SourceItem, SourceOptions } from "../model/source.js";
import { maxWitnessBytes } from "../model/witness.js";
import { compileKernel, startKernel } from "./kernel/kernel.js";
import { tablesOf } from "./kernel/witness-tables.js";
import type { ListedFile } from "./list-files.js";
import { newCounter } from "./packs/jobs.js";
import { startThreads, type Threads } from "./packs/threads.js";
import { readFiles, type FileReader } from "./read-files.js";

/** Files that threads share first, while the others are still being listed, and from then on. */
const firstFiles = 4096;
const filesAtOnce = 32_768;
/** With fewer files a worker would be ready only when the work is done. */
const worthWorkers = 2000;

type PlainFile = ListedFile & { readonly location: string };

/** The fast reader for a set of witnesses; the plain one when every file has to be looked at. */
export function fastFileReader({ witnesses, threads, signal }: SourceOptions): FileReader {
  if (witnesses === null || witnesses.rulesWithout.length > 0) return readFiles;
  return async function* read(listed) {
    let running: Threads | undefined;
    const start = (count: number): Threads => {
      const started = startThreads(count >= worthWorkers ? Math.max(0, threads - 1) : 0);
      const program = {
        module: compileKernel(),
        tables: tablesOf(witnesses),
        contextBytes: maxWitnessBytes - 1,
        idBytes: 20,
      };
      started.setUp(program, startKernel(program));
      return started;
    };
    const readAll = async function* (files: readonly PlainFile[]): AsyncGenerator<SourceItem> {
      if (files.length === 0) return;
      running ??= start(files.length);
      yield* shareFiles(files, running, signal);
    };
    let plain: PlainFile[] = [];
    try {
      for await (const batch of listed) {
        for (const item of batch) {
          if (item.kind !== "file") yield item;
          else if (isPlain(item)) plain.push(item);
          else yield* readFiles(Readable.from([[item]]));
        }
        if (plain.length < (running === undefined ? firstFiles : filesAtOnce)) continue;
        const files = plain;
        plain = [];
        yield* readAll(files);
      }
      yield* readAll(plain);
    } finally {
      running?.stop();
    }
  };
}

function isPlain(file: ListedFile): file is PlainFile {
  return !file.named && typeof file.location === "string";
}

async function* shareFiles(
  files: readonly PlainFile[],
  threads: Threads,
  signal: AbortSignal | undefined,
): AsyncGenerator<SourceItem> {
  const closer: PlainFile[] = [];
  const paths = files.map(({ location }) => location).join("\0");
  for await (const event of threads.share({ kind: "files", next: newCounter(), paths })) {
    if (event.kind === "share") {
      signal?.throwIfAborted();
      yield { kind: "progress", files: event.objects, bytes: event.bytes };
    } else if (event.kind === "file") {
      const file = files[event.index];
      if (file !== undefined) yield document(file, event.bytes);
    } else if (event.kind === "closer") {
      const file = files[event.index];
      if (file !== undefined) closer.push(file);
    }
  }
  if (closer.length > 0) yield* readFiles(Readable.from([closer]));
}

function document({ path }: ListedFile, bytes: Uint8Array): Chunk {
  return { kind: "chunk", origin: { kind: "file", path }, bytes, first: true, last: true };
}

// The jobs that threads share, and one thread's part in each. The main thread and every worker run
// the same code; what they take next they agree on through counters in shared memory.
// Starting threads and passing on what they found are left to threads.
import type { GitObjectType } from "../../model/origin.js";
import type { Kernel } from "../kernel/kernel.js";
import { typeName, type Forest } from "./delta-forest.js";
import { headersAtATime, readEntryHeaders } from "./entry-headers.js";
import { idOf, packOf, standing, type EntryTable } from "./entry-table.js";
import { readFileList } from "./file-job.js";
import { looseId, readLooseObject, type LooseList } from "./loose-objects.js";
import { emptyPart, walkTrees } from "./walk.js";

/** Plain data on shared memory. `next` counts what has been taken. */
export type Job =
  | { readonly kind: "headers"; readonly next: Int32Array; readonly table: EntryTable }
  | {
      readonly kind: "trees";
      readonly next: Int32Array;
      readonly table: EntryTable;
      readonly forest: Pick<Forest, "roots" | "shares">;
    }
  | { readonly kind: "loose"; readonly next: Int32Array; readonly list: LooseList }
  /** Paths with a NUL between: one text is passed to a thread far sooner than a list. */
  | { readonly kind: "files"; readonly next: Int32Array; readonly paths: string };

export type JobEvent =
  /** An object with a witness. In the thread that found it, valid until the next event is asked for. */
  | {
      readonly kind: "object";
      readonly type: GitObjectType;
      readonly oid: string;
      readonly bytes: Uint8Array;
      /** The index of its pack; null when it is loose. */
      readonly index: string | null;
    }
  /** An object that this reader could not read, and the index that told its id. */
  | { readonly kind: "failed"; readonly oid: string; readonly index: string | null }
  | {
      readonly kind: "large";
      readonly oid: string;
      readonly path: string;
      readonly counts: boolean;
    }
  /** A file with a witness, by its place in the list; valid as long as an object is. */
  | { readonly kind: "file"; readonly index: number; readonly bytes: Uint8Array }
  /** A file that is not an ordinary one, or too large. */
  | { readonly kind: "closer"; readonly index: number }
  /** Comes after each share of work; `objects` counts files as well. */
  | {
      readonly kind: "share";
      readonly objects: number;
      readonly bytes: number;
      readonly gone: number;
    };

const looseAtATime = 128;

export function newCounter(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4));
}

/** One thread's part: takes shares until none is left. */
export function perform(job: Job, kernel: Kernel): Generator<JobEvent> {
  switch (job.kind) {
    case "headers":
      return readHeaders(job.table, job.next);
    case "trees":
      return walkShares(job.table, job.forest, job.next, kernel);
    case "loose":
      return readLoose(job.list, job.next, kernel);
    case "files":
      return readFileList(job.paths.split("\0"), job.next, kernel);
  }
}

function* readHeaders(table: EntryTable, next: Int32Array): Generator<JobEvent> {
  const parts = table.packs.flatMap((pack) => {
    const end = pack.first + pack.file.objects;
    return Array.from({ length: Math.ceil(pack.file.objects / headersAtATime) }, (_, part) => {
      const from = pack.first + part * headersAtATime;
      return { pack, from, to: Math.min(end, from + headersAtATime) };
    });
  });
  for (;;) {
    const part = parts[Atomics.add(next, 0, 1)];
    if (part === undefined) return;
    readEntryHeaders(table, part.pack, part.from, part.to);
    yield { kind: "share", objects: 0, bytes: 0, gone: 0 };
  }
}

function* walkShares(
  table: EntryTable,
  { roots, shares }: Pick<Forest, "roots" | "shares">,
  next: Int32Array,
  kernel: Kernel,
): Generator<JobEvent> {
  const part = emptyPart();
  for (;;) {
    const share = Atomics.add(next, 0, 1);
    const from = shares[share];
    const to = shares[share + 1];
    if (from === undefined || to === undefined) return;
    const pack = packOf(table, roots[from] ?? 0);
    const objectsBefore = kernel.exports.objects();
    for (const event of walkTrees(table, pack, roots.subarray(from, to), kernel, part)) {
      const oid = idOf(table, event.row);
      const type = typeName(table, event.row);
      if (event.kind === "failed" || type === null) {
        yield { kind: "failed", oid, index: pack.file.path };
      } else if (((table.standing[event.row] ?? 0) & standing.known) === 0)
        yield { kind: "object", type, oid, bytes: event.bytes, index: pack.file.path };
    }
    yield {
      kind: "share",
      objects: kernel.exports.objects() - objectsBefore,
      bytes: kernel.exports.takeExpandedBytes(),
      gone: 0,
    };
  }
}

function* readLoose(list: LooseList, next: Int32Array, kernel: Kernel): Generator<JobEvent> {
  for (;;) {
    const from = Atomics.add(next, 0, looseAtATime);
    if (from >= list.count) return;
    const to = Math.min(list.count, from + looseAtATime);
    let objects = 0;
    let bytes = 0;
    let gone = 0;
    for (let index = from; index < to; index++) {
      const outcome = readLooseObject(list, index, kernel);
      const once = list.counted[index] === 0 ? 1 : 0;
      switch (outcome.kind) {
        case "clean":
          objects += once;
          bytes += once * outcome.bytes;
          break;
        case "flagged":
          objects += once;
          bytes += once * outcome.bytes.length;
          yield { ...outcome, kind: "object", oid: looseId(list, index), index: null };
          break;
        case "large":
          yield {
            kind: "large",
            oid: looseId(list, index),
            path: outcome.file,
            counts: once === 1,
          };
          break;
        case "failed":
          yield { kind: "failed", oid: looseId(list, index), index: null };
          break;
        case "gone":
          gone++;
      }
    }
    yield { kind: "share", objects, bytes, gone };
  }
}

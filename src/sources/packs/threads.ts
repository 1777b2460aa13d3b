// The threads of the fast reader: starts them, shares a job among them, and gives what they find as
// one stream to the main thread.
// What a job is made of is left to jobs, one thread's loop to worker.
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { packageFile } from "../../package/package-files.js";
import type { Kernel, KernelProgram } from "../kernel/kernel.js";
import { perform, type Job, type JobEvent } from "./jobs.js";

/** What a worker is told: first how to set up, then jobs. */
export type WorkerOrder =
  | {
      readonly kind: "setup";
      readonly program: KernelProgram;
      /** Bytes of objects that were posted and not yet looked at. */
      readonly underWay: Int32Array;
    }
  | Job;

export type WorkerMessage = JobEvent | { readonly kind: "done" };

/** A worker waits when this many bytes are under way; one object may go beyond. */
export const mostBytesUnderWay = 4 << 20;

export interface Threads {
  /** Has to be called once before the first job. */
  setUp(program: KernelProgram, kernel: Kernel): void;
  /** Performs a job on all threads, this one included. */
  share(job: Job): AsyncGenerator<JobEvent>;
  stop(): void;
}

/**
 * Starts `workers` threads beside this one. They take some tens of milliseconds to start: call this
 * before everything else that has to be done, they are not waited for.
 */
export function startThreads(workers: number): Threads {
  const underWay = new Int32Array(new SharedArrayBuffer(4));
  const inbox: WorkerMessage[] = [];
  let failure: Error | undefined;
  let wake = (): void => undefined;
  const file = packageFile("dist/bundle/worker.js");
  const started = Array.from({ length: workers }, () => {
    const worker = new Worker(file);
    worker.on("message", (message: WorkerMessage) => {
      inbox.push(message);
      wake();
    });
    worker.on("error", (error) => {
      failure = error;
      wake();
    });
    return worker;
  });

  let own: Kernel | undefined;
  const order = (message: WorkerOrder): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- of windows, not threads
    for (const worker of started) worker.postMessage(message);
  };

  let pending = 0;
  function* received(): Generator<JobEvent> {
    for (let message = inbox.shift(); message !== undefined; message = inbox.shift()) {
      if (message.kind === "done") {
        pending--;
        continue;
      }
      yield message;
      if (message.kind === "object" || message.kind === "file") {
        Atomics.sub(underWay, 0, message.bytes.length);
        Atomics.notify(underWay, 0);
      }
    }
    if (failure !== undefined) throw failure;
  }

  return {
    setUp(program, kernel) {
      own = kernel;
      order({ kind: "setup", program, underWay });
    },
    async *share(job) {
      if (own === undefined) throw new Error("threads without a kernel");
      pending = started.length;
      order(job);
      for (const event of perform(job, own)) {
        yield event;
        if (event.kind === "share") {
          // Lets messages in.
          await setImmediate();
          yield* received();
        }
      }
      while (pending > 0) {
        yield* received();
        if (pending === 0) break;
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (inbox.length > 0 || failure !== undefined) resolve();
        });
      }
    },
    stop() {
      for (const worker of started) void worker.terminate();
    },
  };
}

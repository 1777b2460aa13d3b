// The threads of the fast reader: starts them, shares a job among them, and gives what they find as
// one stream to the main thread.
// What a job is made of is left to jobs, one thread's loop to worker.
import { setImmediate } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import type { Kernel, KernelProgram } from "../kernel/kernel.js";
import { perform, type Job, type JobEvent } from "./jobs.js";
import { giveBackWorker, takeWorkers } from "./worker-pool.js";

/** What a worker is told: first how to set up, then jobs. */
export type WorkerOrder =
  | {
      readonly kind: "setup";
      readonly program: KernelProgram;
      /** Bytes of objects that were posted and not yet looked at. */
      readonly underWay: Int32Array;
      /** Where each worker writes the number of the job that it has begun, and which place is its. */
      readonly begun: Int32Array;
      readonly place: number;
    }
  | { readonly kind: "job"; readonly number: number; readonly job: Job };

export type WorkerMessage = JobEvent | { readonly kind: "done"; readonly number: number };

/** A worker waits when this many bytes are under way; one object may go beyond. */
export const mostBytesUnderWay = 4 << 20;

export interface Threads {
  /** Has to be called once before the first job. */
  setUp(program: KernelProgram, kernel: Kernel): void;
  /** Performs a job on all threads, this one included. */
  share(job: Job): AsyncGenerator<JobEvent>;
  stop(): void;
}

/** Jobs so far: one worker may get to know several users of threads, one after another. */
let jobs = 0;

/** Takes `workers` threads beside this one. Those that are still starting are not waited for. */
export function startThreads(workers: number): Threads {
  const underWay = new Int32Array(new SharedArrayBuffer(4));
  const begun = new Int32Array(new SharedArrayBuffer(4 * Math.max(1, workers)));
  const inbox: WorkerMessage[] = [];
  let failure: Error | undefined;
  let wake = (): void => undefined;
  const onMessage = (message: WorkerMessage): void => {
    inbox.push(message);
    wake();
  };
  const onError = (error: Error): void => {
    failure = error;
    wake();
  };
  const taken = takeWorkers(workers);
  for (const worker of taken) worker.on("message", onMessage).on("error", onError);

  let own: Kernel | undefined;
  const tell = (worker: Worker, message: WorkerOrder): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- of windows, not threads
    worker.postMessage(message);
  };

  /** The job under way, and how many workers have told that they are done with it. */
  let current = 0;
  let done = 0;
  /** Whether a job was left before its end: then workers may still be at it. */
  let broken = false;
  function* received(): Generator<JobEvent> {
    for (let message = inbox.shift(); message !== undefined; message = inbox.shift()) {
      if (message.kind === "done") {
        if (message.number === current) done++;
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
  /** A worker that begins only now finds nothing left to take: it need not be waited for. */
  const atWork = (): number =>
    taken.filter((_, place) => Atomics.load(begun, place) === current).length - done;

  return {
    setUp(program, kernel) {
      own = kernel;
      for (const [place, worker] of taken.entries()) {
        tell(worker, { kind: "setup", program, underWay, begun, place });
      }
    },
    async *share(job) {
      if (own === undefined) throw new Error("threads without a kernel");
      current = ++jobs;
      done = 0;
      broken = true;
      for (const worker of taken) tell(worker, { kind: "job", number: current, job });
      for (const event of perform(job, own)) {
        yield event;
        if (event.kind === "share") {
          // Lets messages in.
          await setImmediate();
          yield* received();
        }
      }
      // This thread has found nothing left to take.
      while (atWork() > 0) {
        yield* received();
        if (atWork() === 0) break;
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (inbox.length > 0 || failure !== undefined) resolve();
        });
      }
      yield* received();
      broken = false;
    },
    stop() {
      for (const worker of taken) {
        worker.off("message", onMessage).off("error", onError);
        if (broken || failure !== undefined) void worker.terminate();
        else giveBackWorker(worker);
      }
    },
  };
}

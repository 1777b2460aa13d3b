// What a worker thread runs: its part of each job that it is told, with a kernel of its own.
// What is done with what it finds is left to the main thread.
import { parentPort } from "node:worker_threads";
import { startKernel, type Kernel } from "../kernel/kernel.js";
import { perform, type Job } from "./jobs.js";
import { mostBytesUnderWay, type WorkerMessage, type WorkerOrder } from "./threads.js";

let kernel: Kernel | undefined;
let underWay: Int32Array = new Int32Array(1);
let begun: Int32Array = new Int32Array(1);
let place = 0;

parentPort?.on("message", (order: WorkerOrder) => {
  if (order.kind === "setup") {
    kernel = startKernel(order.program);
    ({ underWay, begun, place } = order);
  } else if (kernel !== undefined) {
    // Before the first share is taken: the main thread waits for those that have begun.
    Atomics.store(begun, place, order.number);
    work(order.job, kernel);
    post({ kind: "done", number: order.number });
  }
});

function work(job: Job, own: Kernel): void {
  for (const event of perform(job, own)) {
    if (event.kind === "object" || event.kind === "file") {
      const bytes = event.bytes.slice();
      waitForRoom(bytes.length);
      post({ ...event, bytes }, [bytes.buffer]);
    } else post(event);
  }
}

function post(message: WorkerMessage, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

/** Waits until the main thread has caught up, so that a bounded number of bytes is under way. */
function waitForRoom(bytes: number): void {
  for (;;) {
    const now = Atomics.load(underWay, 0);
    if (now < mostBytesUnderWay) break;
    Atomics.wait(underWay, 0, now);
  }
  Atomics.add(underWay, 0, bytes);
}

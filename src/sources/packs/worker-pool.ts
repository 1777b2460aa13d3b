// Worker threads that wait for work: started ahead of it, and kept between one reader and the next,
// because a thread takes some tens of milliseconds to start.
// What they are told to do is left to threads.
import { Worker } from "node:worker_threads";
import { packageFile } from "../../package/package-files.js";

const idle: Worker[] = [];

/** Starts threads until so many wait. They hold up neither the caller nor the end of the process. */
export function prepareWorkers(count: number): void {
  while (idle.length < count) idle.push(startWorker());
}

/** So many threads, for the caller alone until they are given back or ended. */
export function takeWorkers(count: number): readonly Worker[] {
  prepareWorkers(count);
  const taken = idle.splice(0, count);
  for (const worker of taken) worker.ref();
  return taken;
}

/** Takes back a thread that is not at work; its listeners are the caller's to remove. */
export function giveBackWorker(worker: Worker): void {
  worker.unref();
  idle.push(worker);
}

/** Ends the threads that wait. */
export function endIdleWorkers(): void {
  for (const worker of idle.splice(0)) void worker.terminate();
}

function startWorker(): Worker {
  const worker = new Worker(packageFile("dist/bundle/worker.cjs"));
  worker.unref();
  worker.on("error", () => {
    // Whoever uses it has a listener of its own; one that dies while it waits is not missed.
    const at = idle.indexOf(worker);
    if (at >= 0) idle.splice(at, 1);
  });
  return worker;
}

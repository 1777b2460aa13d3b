// Starts the readers' threads before anything else is loaded, where a glance at a folder promises
// work for them: a thread takes some tens of milliseconds to start.
// What is really read is decided later, and by others.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { prepareWorkers } from "./packs/worker-pool.js";

/** With fewer compressed bytes a worker would be ready only when the work is done. */
export const worthWorkersBytes = 16 << 20;
/** The index of some thousands of files. */
const worthWorkersIndex = 400_000;

/**
 * @param folder a worktree's top or a bare repository; for anything else nothing is started
 * @param workers how many threads there may be beside this one
 */
export function headStart(folder: string, workers: number): void {
  if (workers < 1) return;
  const isMuch = [join(folder, ".git"), folder].some(
    (directory) =>
      sizeOf(join(directory, "index")) >= worthWorkersIndex ||
      packBytes(join(directory, "objects")) >= worthWorkersBytes,
  );
  if (isMuch) prepareWorkers(workers);
}

/** How large all packs of a directory of objects are together; only for the choice of threads. */
export function packBytes(directory: string): number {
  const folder = join(directory, "pack");
  let names: readonly string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    // Told where the packs are opened.
  }
  return names
    .filter((name) => name.endsWith(".pack"))
    .reduce((bytes, name) => bytes + sizeOf(join(folder, name)), 0);
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    // It is not there, or is no such thing: then no work is promised.
    return 0;
  }
}

// One thread's part in reading files: one open and one read for each into the kernel's memory, where
// it is scanned. Tells which hold a witness, and which need a closer look.
// That closer look (links, pipes, large files, errors) is left to read-files.
import { closeSync, constants, openSync, readSync } from "node:fs";
import { inputBytes, type Kernel } from "../kernel/kernel.js";
import type { JobEvent } from "./jobs.js";

const filesAtATime = 128;

// Opening a pipe must not wait for a writer; a link is a document of its own. 0 where there is no
// such flag.
const openFlags =
  constants.O_RDONLY |
  (constants.O_NONBLOCK ?? 0) |
  (constants.O_NOCTTY ?? 0) |
  (constants.O_NOFOLLOW ?? 0);

export function* readFileList(
  paths: readonly string[],
  next: Int32Array,
  kernel: Kernel,
): Generator<JobEvent> {
  for (;;) {
    const from = Atomics.add(next, 0, filesAtATime);
    if (from >= paths.length) return;
    const to = Math.min(paths.length, from + filesAtATime);
    let objects = 0;
    let bytes = 0;
    for (let index = from; index < to; index++) {
      const length = readWhole(paths[index] ?? "", kernel);
      if (length === null) {
        yield { kind: "closer", index };
        continue;
      }
      objects++;
      bytes += length;
      const start = kernel.input;
      if (kernel.exports.scan(start, start + length) === 0) continue;
      yield { kind: "file", index, bytes: kernel.bytes().subarray(start, start + length) };
    }
    yield { kind: "share", objects, bytes, gone: 0 };
  }
}

/** Reads a file into the kernel's input; null when it is not an ordinary file that fits. */
function readWhole(path: string, kernel: Kernel): number | null {
  let fd: number;
  try {
    fd = openSync(path, openFlags);
  } catch {
    // Why is found out, and told, by the closer look.
    return null;
  }
  try {
    // Less than there is room for is the end of a regular file. What gives nothing may be special.
    const length = readSync(fd, kernel.bytes(), kernel.input, inputBytes, null);
    return length === 0 || length === inputBytes ? null : length;
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}

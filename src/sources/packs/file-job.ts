// One thread's part in reading files: one open and one read for each into the kernel's memory, where
// it is scanned; large ones go through it piece by piece. Tells which hold a witness, and which need a
// closer look.
// That closer look (links, pipes, large files with a witness, errors) is left to read-files.
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { maxWitnessBytes } from "../../model/witness.js";
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
      const file = scanFile(paths[index] ?? "", kernel);
      if (file === null) {
        yield { kind: "closer", index };
        continue;
      }
      objects++;
      bytes += file.length;
      if (!file.hit) continue;
      const start = kernel.input;
      yield { kind: "file", index, bytes: kernel.bytes().subarray(start, start + file.length) };
    }
    yield { kind: "share", objects, bytes, gone: 0 };
  }
}

/** What a file holds; null when it is not an ordinary file, or a large one with a witness. */
function scanFile(
  path: string,
  kernel: Kernel,
): { readonly length: number; readonly hit: boolean } | null {
  let fd: number;
  try {
    fd = openSync(path, openFlags);
  } catch {
    // Why is found out, and told, by the closer look.
    return null;
  }
  try {
    // Less than there is room for is the end of a regular file. What gives nothing may be special.
    const { input, exports } = kernel;
    const length = readSync(fd, kernel.bytes(), input, inputBytes, null);
    if (length === 0) return null;
    if (length === inputBytes) return scanRest(fd, kernel);
    return { length, hit: exports.scan(input, input + length) !== 0 };
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}

/** Goes through a file whose first piece fills the kernel's input; null when it holds a witness. */
function scanRest(
  fd: number,
  kernel: Kernel,
): { readonly length: number; readonly hit: false } | null {
  if (!fstatSync(fd).isFile()) return null;
  const { input, exports } = kernel;
  // A witness over the end of a piece lies whole in the next.
  const kept = maxWitnessBytes - 1;
  let length = inputBytes;
  for (let filled = inputBytes; ;) {
    if (exports.scan(input, input + filled) !== 0) return null;
    const bytes = kernel.bytes();
    bytes.copyWithin(input, input + filled - kept, input + filled);
    const got = readSync(fd, bytes, input + kept, inputBytes - kept, null);
    if (got === 0) return { length, hit: false };
    length += got;
    filled = kept + got;
  }
}

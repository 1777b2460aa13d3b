// Reads listed files in order, each as one document in a reused buffer; never hangs on a special file.
// Which files to read is left to list-files.
import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync } from "node:fs";
import type { Chunk } from "../model/origin.js";
import type { Notice } from "../model/notice.js";
import type { Progress, SourceItem } from "../model/source.js";
import type { ListedFile } from "./list-files.js";

/** Turns listed files into documents: the part of `files` that a faster reader replaces. */
export type FileReader = (
  listed: AsyncIterable<readonly (ListedFile | SourceItem)[]>,
) => AsyncGenerator<SourceItem>;

/** Up to this many bytes a file is one chunk. */
const wholeFileBytes = 64 * 2 ** 20;
/** Larger files come in chunks of this many bytes. */
const pieceBytes = 4 * 2 ** 20;
const firstBufferBytes = 2 ** 20;
/** A progress item is given after this many files or bytes. */
const progressFiles = 256;
const progressBytes = 2 ** 24;

// O_NONBLOCK: opening a FIFO must not wait for a writer; O_NOFOLLOW: a link is a document of its own.
// Both are 0 where the platform has no such flag.
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);
const noFollow = constants.O_NOFOLLOW ?? 0;

/** The plain reader: one thread, synchronous reads, no stat for an ordinary file. */
export async function* readFiles(
  listed: AsyncIterable<readonly (ListedFile | SourceItem)[]>,
): AsyncGenerator<SourceItem> {
  let buffer = Buffer.allocUnsafeSlow(firstBufferBytes);
  let files = 0;
  let bytes = 0;
  const progress = (): Progress => {
    const counted: Progress = { kind: "progress", files, bytes };
    files = 0;
    bytes = 0;
    return counted;
  };
  for await (const batch of listed) {
    for (const item of batch) {
      if (item.kind !== "file") {
        yield item;
        continue;
      }
      for (const read of readFile(item, buffer, (larger) => (buffer = larger))) {
        if (read.kind === "chunk") {
          bytes += read.bytes.byteLength;
          if (read.last) files += 1;
        }
        yield read;
      }
      if (files >= progressFiles || bytes >= progressBytes) yield progress();
    }
  }
  if (files > 0 || bytes > 0) yield progress();
}

/** One file as chunks, or a notice why not; nothing when it is gone and nobody named it. */
function* readFile(
  file: ListedFile,
  buffer: Buffer,
  grow: (larger: Buffer<ArrayBuffer>) => void,
): Generator<Chunk | Notice> {
  let descriptor: number;
  try {
    descriptor = openSync(file.location, openFlags | (file.named ? 0 : noFollow));
  } catch (error) {
    yield* unopened(file, error as NodeJS.ErrnoException);
    return;
  }
  try {
    let count = readSync(descriptor, buffer, 0, buffer.length, null);
    // Less than asked for is the end of a regular file. Special files need a closer look: they may
    // give nothing now, or never end.
    if (count === 0 || count === buffer.length) {
      const status = fstatSync(descriptor);
      if (!status.isFile()) {
        yield special(file);
        return;
      }
      if (count > 0 && status.size > wholeFileBytes) {
        yield* pieces(file, descriptor, buffer, count);
        return;
      }
      let whole = buffer;
      while (count === whole.length) {
        const size = Math.max(status.size + 1, whole.length * 2);
        const larger = Buffer.allocUnsafeSlow(size);
        whole.copy(larger, 0, 0, count);
        whole = larger;
        grow(larger);
        count += readSync(descriptor, whole, count, whole.length - count, null);
      }
      yield chunk(file, whole.subarray(0, count), true, true);
      return;
    }
    yield chunk(file, buffer.subarray(0, count), true, true);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A folder stands where git tracks a file: the file is gone, the folder's files are listed.
    if (code === "EISDIR" && !file.named) return;
    yield code === "EAGAIN" || code === "ENXIO"
      ? special(file)
      : unreadable(file, error as NodeJS.ErrnoException);
  } finally {
    closeSync(descriptor);
  }
}

/** A large file: its first piece is in `filled` already. Two buffers take turns. */
function* pieces(
  file: ListedFile,
  descriptor: number,
  filled: Buffer,
  filledCount: number,
): Generator<Chunk> {
  let current: Buffer = filled;
  let spare: Buffer = Buffer.allocUnsafeSlow(pieceBytes);
  let count = filledCount;
  for (let first = true; ; first = false) {
    let next = 0;
    try {
      next = readSync(descriptor, spare, 0, spare.length, null);
    } catch (error) {
      // The document ends here; what stands behind is told of by the caller's notice.
      yield chunk(file, current.subarray(0, count), first, true);
      throw error;
    }
    yield chunk(file, current.subarray(0, count), first, next === 0);
    if (next === 0) return;
    [current, spare] = [spare, current];
    count = next;
  }
}

function* unopened(file: ListedFile, error: NodeJS.ErrnoException): Generator<Chunk | Notice> {
  const { code } = error;
  if (code === "ELOOP" || code === "EMLINK") {
    yield* link(file);
  } else if ((code === "ENOENT" || code === "ENOTDIR") && !file.named) {
    // Tracked but deleted from the worktree, or gone since it was listed: there is nothing to read.
  } else if (code === "ENXIO" || code === "ENODEV" || code === "EOPNOTSUPP") {
    yield special(file); // a socket, or a device that is not there
  } else {
    yield unreadable(file, error);
  }
}

/** A symbolic link's document is its target's text, as in git; it is not followed. */
function* link(file: ListedFile): Generator<Chunk | Notice> {
  try {
    yield chunk(file, readlinkSync(file.location, "buffer"), true, true);
  } catch (error) {
    yield unreadable(file, error as NodeJS.ErrnoException);
  }
}

function chunk(file: ListedFile, bytes: Uint8Array, first: boolean, last: boolean): Chunk {
  return { kind: "chunk", origin: { kind: "file", path: file.path }, bytes, first, last };
}

function special(file: ListedFile): Notice {
  return {
    kind: "notice",
    code: "special-file",
    message: `${file.path} is a pipe, a socket or a device and was not read.`,
    subject: file.path,
    incomplete: file.named,
  };
}

function unreadable(file: ListedFile, { code, message }: NodeJS.ErrnoException): Notice {
  return {
    kind: "notice",
    code: "unreadable-file",
    message: `${file.path} could not be read (${code ?? message}). Make it readable or exclude it.`,
    subject: file.path,
    incomplete: true,
  };
}

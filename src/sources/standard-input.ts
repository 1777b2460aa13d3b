// A stream, such as standard input, as one document of bounded memory.
// Where the stream comes from is left to the caller.
import type { SourceItem } from "../model/source.js";

/** Pieces smaller than this are put together, so that a slow writer makes no tiny chunks. */
const pieceBytes = 2 ** 20;

/** Gives a stream as one document; a failure of the stream becomes a Notice. */
export async function* standardInput(
  stream: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<SourceItem> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  let total = 0;
  let first = true;
  const chunk = (last: boolean): SourceItem => {
    const bytes = Buffer.concat(waiting);
    const item = { kind: "chunk", origin: { kind: "stdin" }, bytes, first, last } as const;
    waiting = [];
    size = 0;
    total += bytes.length;
    first = false;
    return item;
  };
  try {
    for await (const piece of stream) {
      const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
      // One piece stays behind, so that the last chunk can be told from the others.
      if (size >= pieceBytes) yield chunk(false);
      waiting.push(bytes);
      size += bytes.byteLength;
    }
  } catch (error) {
    yield {
      kind: "notice",
      code: "unreadable-file",
      message: `Standard input could not be read to its end (${(error as Error).message}).`,
      incomplete: true,
    };
  }
  yield chunk(true);
  yield { kind: "progress", files: 1, bytes: total };
}

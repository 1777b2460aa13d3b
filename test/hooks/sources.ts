// Reads a source to its end, for tests of sources.
import type { Notice, Origin, SourceItem } from "../../src/model/index.js";

export interface ReadDocument {
  readonly origin: Origin;
  readonly text: string;
}

/** Puts chunks together again; bytes are valid only until the next item, so they are copied. */
export async function documentsOf(
  items: AsyncIterable<SourceItem>,
): Promise<{ readonly documents: readonly ReadDocument[]; readonly notices: readonly Notice[] }> {
  const documents: ReadDocument[] = [];
  const notices: Notice[] = [];
  let open: Buffer[] = [];
  for await (const item of items) {
    if (item.kind === "notice") notices.push(item);
    if (item.kind !== "chunk") continue;
    if (item.first) open = [];
    open.push(Buffer.from(item.bytes));
    if (item.last) {
      documents.push({ origin: item.origin, text: Buffer.concat(open).toString("utf8") });
    }
  }
  return { documents, notices };
}

// Runs a source to its end and gives what it said, with the documents put together.
import type {
  Notice,
  Origin,
  Progress,
  Skip,
  SourceItem,
  WitnessSet,
} from "../../src/model/index.js";

export interface Document {
  readonly origin: Origin;
  readonly bytes: Buffer;
  readonly chunks: number;
}

export interface Collected {
  readonly documents: readonly Document[];
  readonly notices: readonly Notice[];
  readonly skips: readonly Skip[];
  readonly sums: { readonly files: number; readonly objects: number; readonly bytes: number };
}

/** Collects a source; fails when chunks break their contract. */
export async function collect(source: AsyncIterable<SourceItem>): Promise<Collected> {
  const documents: Document[] = [];
  const notices: Notice[] = [];
  const skips: Skip[] = [];
  const sums = { files: 0, objects: 0, bytes: 0 };
  let open: { origin: Origin; pieces: Buffer[] } | null = null;
  for await (const item of source) {
    if (item.kind === "notice") notices.push(item);
    else if (item.kind === "skip") skips.push(item);
    else if (item.kind === "progress") addProgress(sums, item);
    else {
      if (item.first !== (open === null)) throw new Error("chunks out of order");
      open ??= { origin: item.origin, pieces: [] };
      if (JSON.stringify(open.origin) !== JSON.stringify(item.origin)) {
        throw new Error("chunks of two documents are mixed");
      }
      open.pieces.push(Buffer.from(item.bytes));
      if (item.last) {
        const bytes = Buffer.concat(open.pieces);
        documents.push({ origin: open.origin, bytes, chunks: open.pieces.length });
        open = null;
      }
    }
  }
  if (open !== null) throw new Error("a document was not closed");
  return { documents, notices, skips, sums };
}

function addProgress(
  sums: { files: number; objects: number; bytes: number },
  { files = 0, objects = 0, bytes = 0 }: Progress,
): void {
  sums.files += files;
  sums.objects += objects;
  sums.bytes += bytes;
}

/** Reads everything, on one thread. */
export const everything = { witnesses: null, threads: 1 } as const;

/** A witness that only these very texts have. */
export function witnessesOf(...texts: readonly string[]): WitnessSet {
  return {
    witnesses: texts.map((text) => [...Buffer.from(text)].map((byte) => new Set([byte]))),
    rulesWithout: [],
  };
}

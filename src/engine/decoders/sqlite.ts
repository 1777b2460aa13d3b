// SQLite databases: each table's and index's values, one row a line, one column after another. In a
// page the values abut, and what stands before them may be a letter.
// Values on pages that were freed in part are left to the pages' own bytes.
import type { Notice } from "../../model/index.js";
import type { Budget, Decoder, View } from "../view.js";
import { damaged, limitReached, spend, spendEntry } from "./budget.js";
import { label } from "./entry.js";
import { isContainer } from "./magics.js";
import { lastAtMost } from "./mapping.js";
import { columnsOf, wholeNumber } from "./sqlite-record.js";
import {
  type Database,
  databaseOf,
  payloadsOf,
  toldPages,
  type Pieces,
  treePages,
} from "./sqlite-pages.js";

export const sqlite: Decoder = { name: "sqlite", decode };

function* decode(bytes: Uint8Array, budget: Budget): Iterable<View | Notice> {
  const database = databaseOf(bytes);
  if (database === null) return;
  // A sound database holds each byte once; in another one cells may lie over each other.
  const work: Work = { bytes: 2 * bytes.length };
  for (const { name, pages } of treesOf(database, work)) {
    if (pages.length === 0) continue;
    if (!spendEntry(budget)) {
      yield limitReached("sqlite");
      return;
    }
    yield* tableView(database, name, pages, work, budget);
  }
  if (work.bytes <= 0) yield limitReached("sqlite");
  if (database.pages < toldPages(bytes)) yield* damaged("sqlite", bytes.length);
}

/** Bytes that may still be read. */
interface Work {
  bytes: number;
}

interface Tree {
  /** Name of the table. */
  readonly name: string | null;
  readonly pages: readonly number[];
}

/** Every b-tree that the schema names, the schema itself, and pages that belong to none. */
function treesOf(database: Database, work: Work): readonly Tree[] {
  const seen = new Set<number>();
  const schema = [...treePages(database, 1, seen)];
  const trees: Tree[] = [{ name: "sqlite_schema", pages: schema }];
  for (const record of recordsOf(database, schema, work)) {
    const [, , table, root] = columnsOf(record.bytes);
    if (table === undefined || root === undefined) continue;
    const name = Buffer.from(record.bytes.subarray(table.from, table.to)).toString("utf8");
    const pages = [...treePages(database, wholeNumber(record.bytes, root), seen)];
    trees.push({ name: name.replaceAll("\0", ""), pages });
  }
  const others: number[] = [];
  for (let page = 1; page <= database.pages; page++) if (!seen.has(page)) others.push(page);
  return [...trees, { name: null, pages: others }];
}

interface RecordBytes {
  readonly bytes: Uint8Array;
  readonly pieces: Pieces;
}

function* recordsOf(
  database: Database,
  pages: readonly number[],
  work: Work,
): Iterable<RecordBytes> {
  for (const page of pages) {
    for (const pieces of payloadsOf(database, page)) {
      const parts = pieces.map(([from, to]) => database.bytes.subarray(from, to));
      const [only] = parts;
      work.bytes -= parts.reduce((sum, part) => sum + part.length, 0);
      if (work.bytes <= 0) return;
      yield {
        pieces,
        bytes: only !== undefined && parts.length === 1 ? only : Buffer.concat(parts),
      };
    }
  }
}

const tab = Buffer.from("\t");
const lineEnd = Buffer.from("\n");

/** A table's texts and blobs; blobs that are containers once more by themselves. */
function* tableView(
  database: Database,
  name: string | null,
  pages: readonly number[],
  work: Work,
  budget: Budget,
): Iterable<View | Notice> {
  const parts: Uint8Array[] = [];
  /** From each of these offsets of the view on, it stands for what is at the same index's source. */
  const offsets: number[] = [];
  const sources: number[] = [];
  const trail = label({ encoding: "sqlite", name, offset: 0 });
  let length = 0;
  const push = (bytes: Uint8Array): void => {
    parts.push(bytes);
    length += bytes.length;
  };
  for (const { bytes, pieces } of recordsOf(database, pages, work)) {
    for (const { kind, from, to } of columnsOf(bytes)) {
      const value = bytes.subarray(from, to);
      if (kind !== "number") {
        let at = 0;
        for (const [start, end] of pieces) {
          const first = Math.max(from, at);
          if (first < Math.min(to, at + end - start)) {
            offsets.push(length + first - from);
            sources.push(start + first - at);
          }
          at += end - start;
        }
        push(value);
      }
      push(tab);
      if (kind === "blob" && isContainer(value)) {
        const start = pieceOf(pieces, from);
        const limit =
          spendEntry(budget) && spend(budget, value.length) ? null : limitReached(trail);
        yield (
          limit ?? {
            kind: "view",
            encoding: "sqlite",
            trail,
            bytes: value,
            sourceOffset: () => start,
          }
        );
      }
    }
    push(lineEnd);
  }
  if (length === 0) return;
  if (!spend(budget, length)) {
    yield limitReached(trail);
    return;
  }
  yield {
    kind: "view",
    encoding: "sqlite",
    trail,
    bytes: Buffer.concat(parts),
    sourceOffset: (offset) => {
      const index = lastAtMost(offsets, offset);
      return Math.min(
        database.bytes.length,
        (sources[index] ?? 0) + Math.max(0, offset - (offsets[index] ?? 0)),
      );
    },
  };
}

/** Where a byte of a record lies in the database. */
function pieceOf(pieces: Pieces, offset: number): number {
  let at = 0;
  for (const [from, to] of pieces) {
    if (offset < at + to - from) return from + offset - at;
    at += to - from;
  }
  return 0;
}

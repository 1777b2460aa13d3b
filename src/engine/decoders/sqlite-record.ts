// A record of an SQLite database: its columns, by the types that its header names.
// Where records are is left to sqlite-pages.ts; sqlite.org/fileformat.html, 2.1, names the types.
import { numberAt, varintAt } from "./sqlite-pages.js";

export interface Column {
  readonly kind: "text" | "blob" | "number";
  /** Where the value lies in the record. */
  readonly from: number;
  readonly to: number;
}

/** Bytes of the values of the types 0 to 11; the types 8 and 9 are the numbers 0 and 1. */
const numberBytes = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0] as const;

/** The columns, up to where the record is cut off. */
export function columnsOf(record: Uint8Array): readonly Column[] {
  const [headerBytes, first] = varintAt(record, 0);
  const columns: Column[] = [];
  let value = headerBytes;
  for (let at = first; at < headerBytes && value <= record.length;) {
    const [type, end] = varintAt(record, at);
    const length = numberBytes[type] ?? (type - 12 - (type % 2)) / 2;
    const kind = type < 12 ? "number" : type % 2 === 0 ? "blob" : "text";
    columns.push({ kind, from: value, to: Math.min(value + length, record.length) });
    value += length;
    at = end;
  }
  return columns;
}

/** A column's whole number; 0 when it has none. */
export function wholeNumber(record: Uint8Array, { from, to }: Column): number {
  return numberAt(record, from, Math.min(6, to - from));
}

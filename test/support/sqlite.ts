// Writes SQLite databases from sqlite.org/fileformat.html, one page for each table, so that the
// reader is tested against something that does not share its mistakes.

export type SqliteValue = string | Uint8Array | number | null;

export interface SqliteTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqliteValue[])[];
}

const pageBytes = 4096;

/** A table's rows must fit into a page. */
export function sqliteOf(tables: readonly SqliteTable[]): Buffer {
  const schema = tables.map(({ name, columns }, nth) => [
    "table",
    name,
    name,
    nth + 2,
    `CREATE TABLE ${name}(${columns.join(", ")})`,
  ]);
  const pages = [schema, ...tables.map(({ rows }) => rows)].map((rows, nth) =>
    leafPage(rows, nth === 0 ? 100 : 0),
  );
  const [first = Buffer.alloc(pageBytes)] = pages;
  first.write("SQLite format 3\0", 0, "latin1");
  first.writeUInt16BE(pageBytes, 16);
  first.set([1, 1, 0, 64, 32, 32], 18);
  first.writeUInt32BE(pages.length, 28);
  first.writeUInt32BE(4, 44);
  first.writeUInt32BE(1, 56);
  return Buffer.concat(pages);
}

function leafPage(rows: readonly (readonly SqliteValue[])[], header: number): Buffer {
  const page = Buffer.alloc(pageBytes);
  let end = pageBytes;
  page[header] = 13;
  page.writeUInt16BE(rows.length, header + 3);
  for (const [nth, row] of rows.entries()) {
    const record = recordOf(row);
    const cell = Buffer.concat([varint(record.length), varint(nth + 1), record]);
    end -= cell.length;
    page.set(cell, end);
    page.writeUInt16BE(end, header + 8 + nth * 2);
  }
  page.writeUInt16BE(end, header + 5);
  return page;
}

function recordOf(values: readonly SqliteValue[]): Buffer {
  const types: Buffer[] = [];
  const bodies: Buffer[] = [];
  for (const value of values) {
    if (value === null) types.push(varint(0));
    else if (typeof value === "number") {
      types.push(varint(1));
      bodies.push(Buffer.from([value]));
    } else {
      const body = Buffer.from(value);
      types.push(varint(body.length * 2 + (typeof value === "string" ? 13 : 12)));
      bodies.push(body);
    }
  }
  const header = Buffer.concat(types);
  return Buffer.concat([varint(header.length + 1), header, ...bodies]);
}

function varint(value: number): Buffer {
  const low = value & 127;
  return value < 128 ? Buffer.from([low]) : Buffer.from([(value >> 7) | 128, low]);
}

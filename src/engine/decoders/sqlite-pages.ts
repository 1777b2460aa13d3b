// The b-tree pages of an SQLite database and the payloads in their cells, overflow pages included.
// What a payload says is left to sqlite-record.ts; sqlite.org/fileformat.html names the fields.

export interface Database {
  readonly bytes: Uint8Array;
  readonly pageBytes: number;
  /** Bytes of a page that are not reserved for extensions. */
  readonly usable: number;
  readonly pages: number;
}

/** Bytes of a database that belong together, in order: its own page's, then the overflow pages'. */
export type Pieces = readonly (readonly [from: number, to: number])[];

const magic = Buffer.from("SQLite format 3\0", "latin1");
const headerBytes = 100;

/** Section 1.3, the database header; null when this is no database. */
export function databaseOf(bytes: Uint8Array): Database | null {
  if (bytes.length < headerBytes || magic.some((byte, index) => bytes[index] !== byte)) return null;
  const told = numberAt(bytes, 16, 2);
  const pageBytes = told === 1 ? 65_536 : told;
  const usable = pageBytes - (bytes[20] ?? 0);
  if (pageBytes < 512 || (pageBytes & (pageBytes - 1)) !== 0 || usable < 256) return null;
  return { bytes, pageBytes, usable, pages: Math.ceil(bytes.length / pageBytes) };
}

/** How many pages the header says that there are; 0 where an old writer did not keep that right. */
export function toldPages(bytes: Uint8Array): number {
  return numberAt(bytes, 24, 4) === numberAt(bytes, 92, 4) ? numberAt(bytes, 28, 4) : 0;
}

/** Big-endian. */
export function numberAt(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let index = 0; index < length; index++) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}

/** Section 1.6: a number of one to nine bytes. Larger ones than can be are not exact. */
export function varintAt(bytes: Uint8Array, at: number): readonly [value: number, end: number] {
  let value = 0;
  for (let index = 0; index < 8; index++) {
    const byte = bytes[at + index] ?? 0;
    value = value * 128 + (byte & 127);
    if (byte < 128) return [value, at + index + 1];
  }
  return [value * 256 + (bytes[at + 8] ?? 0), at + 9];
}

/** Section 1.6: interior and leaf pages of indexes and of tables. */
const kinds = { indexInterior: 2, tableInterior: 5, indexLeaf: 10, tableLeaf: 13 } as const;

interface Page {
  readonly kind: number;
  readonly start: number;
  /** Where its cells begin. */
  readonly cells: readonly number[];
  /** The child after all cells', in interior pages. */
  readonly lastChild: number | null;
}

/** @param number counted from 1; null when the page is none of a b-tree */
function pageOf({ bytes, pageBytes, pages }: Database, number: number): Page | null {
  if (number < 1 || number > pages) return null;
  const start = (number - 1) * pageBytes;
  const header = start + (number === 1 ? headerBytes : 0);
  const kind = bytes[header] ?? 0;
  if (!Object.values(kinds).some((known) => known === kind)) return null;
  const isInterior = kind === kinds.indexInterior || kind === kinds.tableInterior;
  const pointers = header + (isInterior ? 12 : 8);
  const room = (start + pageBytes - pointers) >> 1;
  const count = Math.min(numberAt(bytes, header + 3, 2), room);
  const cells = Array.from({ length: count }, (_, nth) => numberAt(bytes, pointers + nth * 2, 2))
    .filter((offset) => offset >= 8 && offset < pageBytes)
    .map((offset) => start + offset);
  return { kind, start, cells, lastChild: isInterior ? numberAt(bytes, header + 8, 4) : null };
}

/**
 * The pages of a b-tree in the order of their rows, without those that were `seen` before, which
 * grows by them.
 */
export function* treePages(database: Database, root: number, seen: Set<number>): Iterable<number> {
  const left: number[] = [];
  const visit = (number: number): void => {
    if (seen.has(number) || number > database.pages) return;
    seen.add(number);
    left.push(number);
  };
  visit(root);
  for (let number = left.pop(); number !== undefined; number = left.pop()) {
    const page = pageOf(database, number);
    if (page === null) continue;
    yield number;
    if (page.lastChild === null) continue;
    visit(page.lastChild);
    const children = page.cells.map((cell) => numberAt(database.bytes, cell, 4));
    for (const child of children.reverse()) visit(child);
  }
}

/** What a page's cells hold, as far as it can be. */
export function* payloadsOf(database: Database, number: number): Iterable<Pieces> {
  const page = pageOf(database, number);
  if (page === null || page.kind === kinds.tableInterior) return;
  for (const cell of page.cells) {
    const payload = payloadAt(database, page, cell);
    if (payload !== null) yield payload;
  }
}

/** Section 1.6, "cell payload overflow pages", and 1.7. */
function payloadAt(database: Database, page: Page, cell: number): Pieces | null {
  const { bytes, usable, pageBytes, pages } = database;
  const isTable = page.kind === kinds.tableLeaf;
  const [size, afterSize] = varintAt(bytes, page.kind === kinds.indexInterior ? cell + 4 : cell);
  const start = isTable ? varintAt(bytes, afterSize)[1] : afterSize;
  if (size < 2 || size > bytes.length) return null;
  const most = isTable ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const rest = least + ((size - least) % (usable - 4));
  const local = size <= most ? size : rest <= most ? rest : least;
  const pieces: [number, number][] = [[start, Math.min(start + local, page.start + pageBytes)]];
  let next = size > local ? numberAt(bytes, start + local, 4) : 0;
  for (let left = size - local; left > 0 && next > 0 && next <= pages;) {
    const from = (next - 1) * pageBytes;
    const length = Math.min(left, usable - 4);
    pieces.push([from + 4, from + 4 + length]);
    left -= length;
    next = numberAt(bytes, from, 4);
  }
  // A database that was cut off ends before its last page does.
  return pieces
    .map(([from, to]) => [from, Math.min(to, bytes.length)] as const)
    .filter(([from, to]) => from < to);
}

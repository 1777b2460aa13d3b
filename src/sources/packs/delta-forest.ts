// What is built on what: resolves bases, hands types down, orders children, makes shares of work.
// Reading the headers is left to entry-headers, expanding the trees to walk.
import { largestObjectBytes } from "../kernel/kernel.js";
import { noBase, objectTypes, packOf, standing, type EntryTable } from "./entry-table.js";
import { readBytes, readIds } from "./pack-file.js";

export interface Forest {
  /** Rows of whole objects to begin with. */
  readonly roots: Int32Array;
  /** Share `i` is `roots[shares[i]]` up to `roots[shares[i + 1]]`; the heaviest shares come first. */
  readonly shares: Int32Array;
  /** Whole objects without deltas that are too large for memory: to be streamed. */
  readonly large: readonly number[];
  /** Entries that hang on no root that can be expanded here. */
  readonly unresolved: readonly number[];
}

/** Compressed bytes of a share, about; enough that fetching the next one costs nothing. */
const shareBytes = 1_000_000;
/** What an entry costs beside its bytes, in bytes. */
const entryCost = 400;

/** Fills in types and children; every header has been read. */
export function plantForest(table: EntryTable): Forest {
  const { base, type, size, firstChild, children, rows } = table;
  const forward = resolveNamedBases(table);
  leaveKnown(table);
  for (let row = 0; row < rows; row++) {
    const parent = base[row] ?? noBase.broken;
    if (parent < 0) continue;
    // Bases by distance lie before: their type is known already.
    type[row] = type[parent] ?? 0;
    if (isLeft(table, row)) continue;
    firstChild[parent + 2] = (firstChild[parent + 2] ?? 0) + 1;
  }
  for (let row = 0; row <= rows; row++) {
    firstChild[row + 1] = (firstChild[row + 1] ?? 0) + (firstChild[row] ?? 0);
  }
  for (let row = 0; row < rows; row++) {
    const parent = base[row] ?? noBase.broken;
    if (parent < 0 || isLeft(table, row)) continue;
    const at = firstChild[parent + 1] ?? 0;
    firstChild[parent + 1] = at + 1;
    children[at] = row;
  }

  const roots: number[] = [];
  const large: number[] = [];
  const blocked: number[] = [];
  for (const { file, first } of table.packs) {
    for (let row = first; row < first + file.objects; row++) {
      if (base[row] !== noBase.whole || isLeft(table, row)) continue;
      if ((size[row] ?? 0) <= largestObjectBytes) roots.push(row);
      else if (firstChild[row] === firstChild[row + 1]) large.push(row);
      else blocked.push(row);
    }
  }
  const unresolved = unresolvedRows(table, roots, large, forward || blocked.length > 0);
  const weights = subtreeWeights(table, roots, forward);
  putHeaviestLast(table, weights);
  return { ...shareOut(table, roots, weights), large, unresolved };
}

/** Leaves out what is known, but for the bases of what is not. */
function leaveKnown({ base, standing: standings, rows }: EntryTable): void {
  const isKnown = (row: number): boolean => ((standings[row] ?? 0) & standing.known) !== 0;
  let some = false;
  for (let row = 0; row < rows && !some; row++) some = isKnown(row);
  if (!some) return;
  const needed = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    if (isKnown(row)) continue;
    for (
      let at = base[row] ?? -1;
      at >= 0 && isKnown(at) && needed[at] === 0;
      at = base[at] ?? -1
    ) {
      needed[at] = 1;
    }
  }
  for (let row = 0; row < rows; row++) {
    if (isKnown(row) && needed[row] === 0) standings[row] = (standings[row] ?? 0) | standing.left;
  }
}

function isLeft({ standing: standings }: EntryTable, row: number): boolean {
  return ((standings[row] ?? 0) & standing.left) !== 0;
}

/** Finds the bases named by id; gives whether any lies behind what is built on it. */
function resolveNamedBases(table: EntryTable): boolean {
  let forward = false;
  for (const { file, first } of table.packs) {
    let rowOfPlace: Map<number, number> | undefined;
    let ids: Buffer = Buffer.alloc(0);
    for (let row = first; row < first + file.objects; row++) {
      if (table.base[row] !== noBase.named) continue;
      if (rowOfPlace === undefined) {
        rowOfPlace = new Map();
        for (let each = first; each < first + file.objects; each++) {
          rowOfPlace.set(table.place[each] ?? 0, each);
        }
        ids = readIds(file);
      }
      const at = (table.offset[row] ?? 0) + (table.header[row] ?? 0) - file.idBytes;
      const place = placeOf(ids, file.idBytes, readBytes(file.pack, at, file.idBytes));
      const found = place === undefined ? undefined : rowOfPlace.get(place);
      if (found !== undefined && found > row) forward = true;
      table.base[row] = found ?? noBase.broken;
    }
  }
  if (forward) handTypesDown(table);
  return forward;
}

function placeOf(ids: Buffer, idBytes: number, id: Buffer): number | undefined {
  let low = 0;
  let high = ids.length / idBytes - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = ids.compare(id, 0, idBytes, middle * idBytes, (middle + 1) * idBytes);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

/** With bases that lie behind, types are handed down along each chain from its root. */
function handTypesDown(table: EntryTable): void {
  const { base, type, rows } = table;
  const settled = new Uint8Array(rows);
  const chain: number[] = [];
  for (let start = 0; start < rows; start++) {
    let row = start;
    while (settled[row] === 0) {
      settled[row] = 1;
      chain.push(row);
      const parent = base[row] ?? noBase.broken;
      if (parent < 0) break;
      row = parent;
    }
    let known = (base[row] ?? 0) < 0 || settled[row] === 2 ? (type[row] ?? 0) : 0;
    for (let each = chain.pop(); each !== undefined; each = chain.pop()) {
      if ((base[each] ?? 0) < 0) known = type[each] ?? 0;
      type[each] = known;
      settled[each] = 2;
    }
  }
}

/** Rows that no walk from the roots reaches: broken ones, cycles, and whatever hangs on them. */
function unresolvedRows(
  table: EntryTable,
  roots: readonly number[],
  large: readonly number[],
  suspect: boolean,
): number[] {
  const { base, rows } = table;
  const ends = new Set(table.packs.map(({ file, first }) => first + file.objects));
  let broken = suspect;
  for (let row = 0; row < rows && !broken; row++) {
    broken = base[row] === noBase.broken && !ends.has(row) && !isLeft(table, row);
  }
  if (!broken) return [];
  const reached = new Uint8Array(rows);
  for (const row of large) reached[row] = 1;
  const waiting = [...roots];
  for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
    reached[row] = 1;
    const last = table.firstChild[row + 1] ?? 0;
    for (let i = table.firstChild[row] ?? 0; i < last; i++) waiting.push(table.children[i] ?? 0);
  }
  const missed: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (reached[row] === 0 && !ends.has(row) && !isLeft(table, row)) missed.push(row);
  }
  return missed;
}

/** For each row, about what it and all that is built on it cost. */
function subtreeWeights(
  table: EntryTable,
  roots: readonly number[],
  forward: boolean,
): Float32Array {
  const { base, offset, rows } = table;
  const weights = new Float32Array(rows);
  const add = (row: number): void => {
    if (isLeft(table, row)) return;
    const own = Math.max(0, (offset[row + 1] ?? 0) - (offset[row] ?? 0)) + entryCost;
    const weight = (weights[row] ?? 0) + own;
    weights[row] = weight;
    const parent = base[row] ?? noBase.broken;
    if (parent >= 0) weights[parent] = (weights[parent] ?? 0) + weight;
  };
  if (!forward) {
    for (let row = rows - 1; row >= 0; row--) add(row);
    return weights;
  }
  const order: number[] = [...roots];
  for (let next = 0; next < order.length; next++) {
    const row = order[next] ?? 0;
    const last = table.firstChild[row + 1] ?? 0;
    for (let i = table.firstChild[row] ?? 0; i < last; i++) order.push(table.children[i] ?? 0);
  }
  for (let next = order.length - 1; next >= 0; next--) add(order[next] ?? 0);
  return weights;
}

/** The walk lets the last child take its base's place; that bounds memory if it is the heaviest. */
function putHeaviestLast({ firstChild, children, rows }: EntryTable, weights: Float32Array): void {
  for (let row = 0; row < rows; row++) {
    const from = firstChild[row] ?? 0;
    const to = firstChild[row + 1] ?? 0;
    if (to - from < 2) continue;
    let heaviest = from;
    for (let i = from + 1; i < to; i++) {
      if ((weights[children[i] ?? 0] ?? 0) > (weights[children[heaviest] ?? 0] ?? 0)) heaviest = i;
    }
    const child = children[heaviest] ?? 0;
    children.copyWithin(heaviest, heaviest + 1, to);
    children[to - 1] = child;
  }
}

/** Cuts the roots into shares, each within one pack; single heavy trees first, not at the end. */
function shareOut(
  table: EntryTable,
  roots: readonly number[],
  weights: Float32Array,
): { readonly roots: Int32Array; readonly shares: Int32Array } {
  const heavy: number[] = [];
  const light: number[] = [];
  for (const row of roots) ((weights[row] ?? 0) > shareBytes ? heavy : light).push(row);
  heavy.sort((one, other) => (weights[other] ?? 0) - (weights[one] ?? 0));
  const shares = [0];
  for (let i = 1; i <= heavy.length; i++) shares.push(i);
  let weight = 0;
  let packEnd = -1;
  for (let i = 0; i < light.length; i++) {
    const row = light[i] ?? 0;
    if (weight > shareBytes || row >= packEnd) {
      const at = heavy.length + i;
      if (shares.at(-1) !== at) shares.push(at);
      weight = 0;
      if (row >= packEnd) {
        const { file, first } = packOf(table, row);
        packEnd = first + file.objects;
      }
    }
    weight += weights[row] ?? 0;
  }
  if (shares.at(-1) !== roots.length) shares.push(roots.length);
  const sharedRoots = new Int32Array(new SharedArrayBuffer(roots.length * 4));
  sharedRoots.set(heavy);
  sharedRoots.set(light, heavy.length);
  const sharedShares = new Int32Array(new SharedArrayBuffer(shares.length * 4));
  sharedShares.set(shares);
  return { roots: sharedRoots, shares: sharedShares };
}

/** The name of a row's type, or null when it has none. */
export function typeName(
  table: EntryTable,
  row: number,
): (typeof objectTypes)[1 | 2 | 3 | 4] | null {
  const type = table.type[row];
  return type === 1 || type === 2 || type === 3 || type === 4 ? objectTypes[type] : null;
}

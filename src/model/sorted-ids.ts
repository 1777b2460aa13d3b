// Lists of object ids in ascending order, as indexes of packs keep them: what two lists have in common,
// and several as one. Nothing is held in memory but what a list itself holds.
// Where ids come from is left to sources (packs), how long they are kept to cache.

/** Ids, ascending, each once. A list that is not so is only partly compared, never wrongly. */
export interface SortedIds {
  readonly count: number;
  /** Length of an id: 20 for SHA-1, 32 for SHA-256. */
  readonly idBytes: number;
  /** From one id to the next: an id, and what is kept beside it. */
  readonly stride: number;
  /** The ids from one place up to another (not included), one after another. */
  readonly slice: (from: number, to: number) => Uint8Array;
}

/** So many lists are compared one by one; with more the smallest are joined, in memory. */
const mostLists = 8;
/** Ids that are looked at together. */
const windowIds = 4096;

/** Ids that lie in memory, one after another. */
export function idsInMemory(
  bytes: Uint8Array,
  idBytes: number,
  stride: number = idBytes,
): SortedIds {
  return {
    count: bytes.length / stride,
    idBytes,
    stride,
    slice: (from, to) => bytes.subarray(from * stride, to * stride),
  };
}

/**
 * Ids with a number beside each.
 * @param numbers by place; an id with 0 is left out
 */
export function idsWithNumbers(ids: Uint8Array, idBytes: number, numbers: Uint32Array): SortedIds {
  const stride = idBytes + 4;
  const bytes = new Uint8Array(numbers.length * stride);
  const view = new DataView(bytes.buffer);
  let length = 0;
  for (let place = 0; place < numbers.length; place++) {
    const number = numbers[place] ?? 0;
    if (number === 0) continue;
    const from = place * idBytes;
    for (let i = 0; i < idBytes; i++) bytes[length + i] = ids[from + i] ?? 0;
    view.setUint32(length + idBytes, number);
    length += stride;
  }
  return idsInMemory(bytes.subarray(0, length), idBytes, stride);
}

/** Ids written in hex, in any order. */
export function idsOfHex(ids: readonly string[], idBytes: number): SortedIds {
  const bytes = new Uint8Array(ids.length * idBytes);
  const sorted = ids.toSorted();
  for (const [index, id] of sorted.entries()) {
    for (let at = 0; at < idBytes; at++) {
      bytes[index * idBytes + at] = Number.parseInt(id.slice(2 * at, 2 * at + 2), 16);
    }
  }
  return idsInMemory(bytes, idBytes);
}

/** Goes along a list, a window at a time. */
interface Cursor {
  readonly ids: SortedIds;
  place: number;
  end: number;
  bytes: Uint8Array;
  /** Where in `bytes` the current id begins. */
  at: number;
}

function startOf(ids: SortedIds): Cursor {
  return { ids, place: 0, end: 0, bytes: new Uint8Array(0), at: 0 };
}

function moveTo(cursor: Cursor, at: number): void {
  cursor.place += (at - cursor.at) / cursor.ids.stride;
  cursor.at = at;
}

/** Makes sure that the current id is in the window; gives whether there is one. */
function fill(cursor: Cursor): boolean {
  const { ids } = cursor;
  if (cursor.place < cursor.end) return true;
  if (cursor.place >= ids.count) return false;
  cursor.end = Math.min(ids.count, cursor.place + windowIds);
  cursor.bytes = ids.slice(cursor.place, cursor.end);
  cursor.at = 0;
  return true;
}

function compare(one: Cursor, other: Cursor): number {
  return compareBytes(one.bytes, one.at, other.bytes, other.at, one.ids.idBytes);
}

function compareBytes(
  a: Uint8Array,
  atA: number,
  b: Uint8Array,
  atB: number,
  length: number,
): number {
  for (let i = 0; i < length; i++) {
    const difference = (a[atA + i] ?? 0) - (b[atB + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Tells of each id that two lists have in common its place in the first, and where it is in the other. */
function eachCommon(
  a: SortedIds,
  b: SortedIds,
  tell: (place: number, bytes: Uint8Array, at: number) => void,
): void {
  if (a.idBytes !== b.idBytes) return;
  const { idBytes } = a;
  const one = startOf(a);
  const other = startOf(b);
  while (fill(one) && fill(other)) {
    // Within two windows nothing but numbers changes: this loop goes over every id there is.
    const endA = (one.end - one.place) * a.stride + one.at;
    const endB = (other.end - other.place) * b.stride + other.at;
    let { at: atA } = one;
    let { at: atB } = other;
    const shift = one.place - one.at / a.stride;
    while (atA < endA && atB < endB) {
      const order = compareBytes(one.bytes, atA, other.bytes, atB, idBytes);
      if (order === 0) tell(shift + atA / a.stride, other.bytes, atB);
      if (order <= 0) atA += a.stride;
      if (order >= 0) atB += b.stride;
    }
    moveTo(one, atA);
    moveTo(other, atB);
  }
}

/** The ids of two lists of one form as one list, in memory. */
export function joined(a: SortedIds, b: SortedIds): SortedIds {
  const { idBytes, stride } = a;
  const bytes = new Uint8Array((a.count + b.count) * stride);
  const one = startOf(a);
  const other = startOf(b);
  let length = 0;
  const take = ({ bytes: from, at }: Cursor): void => {
    bytes.set(from.subarray(at, at + stride), length);
    length += stride;
  };
  for (;;) {
    const left = fill(one);
    const right = fill(other);
    if (!left && !right) break;
    const order = left && right ? compare(one, other) : left ? -1 : 1;
    take(order <= 0 ? one : other);
    if (order <= 0) moveTo(one, one.at + stride);
    if (order >= 0) moveTo(other, other.at + stride);
  }
  return idsInMemory(bytes.slice(0, length), idBytes, stride);
}

/** The ids of a list but those at some places, in memory. */
export function withoutPlaces(ids: SortedIds, isLeftOut: (place: number) => boolean): SortedIds {
  const { idBytes, stride } = ids;
  const bytes = new Uint8Array(ids.count * stride);
  const cursor = startOf(ids);
  let length = 0;
  for (; fill(cursor); moveTo(cursor, cursor.at + stride)) {
    if (isLeftOut(cursor.place)) continue;
    bytes.set(cursor.bytes.subarray(cursor.at, cursor.at + stride), length);
    length += stride;
  }
  const kept = length === bytes.length ? bytes : bytes.slice(0, length);
  return idsInMemory(kept, idBytes, stride);
}

/** Several lists, and one more. */
export function withList(lists: readonly SortedIds[], added: SortedIds): readonly SortedIds[] {
  if (added.count === 0) return lists;
  if (lists.length < mostLists) return [...lists, added];
  const [smallest, second, ...others] = [...lists, added].sort((a, b) => a.count - b.count);
  return smallest && second ? [...others, joined(smallest, second)] : [];
}

/** Whether an id, written in hex, is in a list. */
export function holdsId({ count, idBytes, slice }: SortedIds, id: string): boolean {
  const wanted = Buffer.from(id, "hex");
  if (wanted.length !== idBytes) return false;
  let low = 0;
  let high = count - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const order = wanted.compare(slice(middle, middle + 1), 0, idBytes);
    if (order === 0) return true;
    if (order < 0) high = middle - 1;
    else low = middle + 1;
  }
  return false;
}

/**
 * Whether two lists seem to have ids in common, by a sixty-fourth of them: ids are hashes, so that of
 * a thousand that are common one is among those but for once in ten million times.
 */
export function seemRelated(a: SortedIds, b: SortedIds): boolean {
  const [fewer, more] = a.count < b.count ? [a, b] : [b, a];
  let found = fewer.count < 4096;
  const first: SortedIds = { ...fewer, count: Math.ceil(fewer.count / 64) };
  if (!found) eachCommon(first, more, () => (found = true));
  return found;
}

/** Which ids of a list are in any of some others: by place, 1; null when none is. */
export function marksOfCommon(ids: SortedIds, lists: readonly SortedIds[]): Uint8Array | null {
  let marks: Uint8Array | null = null;
  for (const list of lists) {
    eachCommon(ids, list, (place) => {
      marks ??= new Uint8Array(ids.count);
      marks[place] = 1;
    });
  }
  return marks;
}

/** The same with the numbers that stand beside the ids in the other lists; 0 where there is none. */
export function numbersOfCommon(ids: SortedIds, lists: readonly SortedIds[]): Uint32Array | null {
  let numbers: Uint32Array | null = null;
  for (const list of lists) {
    if (list.stride < list.idBytes + 4) continue;
    eachCommon(ids, list, (place, bytes, at) => {
      numbers ??= new Uint32Array(ids.count);
      const from = at + list.idBytes;
      const high = ((bytes[from] ?? 0) << 8) | (bytes[from + 1] ?? 0);
      const low = ((bytes[from + 2] ?? 0) << 8) | (bytes[from + 3] ?? 0);
      numbers[place] = high * 65536 + low;
    });
  }
  return numbers;
}

// Reads the header of every pack entry: type, inflated size, base. Any thread may do any part.
// Bases named by id, and what is built on what, are left to delta-forest.
import { entryTypes, noBase, type EntryTable, type TablePack } from "./entry-table.js";
import { readInto } from "./pack-file.js";

/** Entries whose headers are read at a time. */
export const headersAtATime = 16_384;

const windowBytes = 1 << 18;
const fewerBytes = 1 << 14;
/** No header is longer: ten bytes of size, then ten of distance or an id of 32. */
const longestHeader = 48;
/** Deflate cannot do better than 1 032 to 1 (zlib's technical details). */
const highestRatio = 1032;

/** Fills in the headers of rows `[from, to)`, which belong to one pack. */
export function readEntryHeaders(
  table: EntryTable,
  pack: TablePack,
  from: number,
  to: number,
): void {
  const { offset } = table;
  const { file } = pack;
  const mean = ((offset[to] ?? 0) - (offset[from] ?? 0)) / (to - from);
  // Among large entries: a part in which a run of small ones may lie, not all that is between.
  const reach = mean > 4096 ? fewerBytes : windowBytes;
  const bytes = new Uint8Array(windowBytes + longestHeader);
  let begin = 0;
  let end = 0;
  for (let row = from; row < to; row++) {
    const start = offset[row] ?? 0;
    const entryEnd = offset[row + 1] ?? 0;
    if (start + longestHeader > end) {
      begin = start;
      end = start + readInto(file.pack, bytes, 0, reach + longestHeader, start);
      // Past the end of the file nothing of an earlier reading may be taken for a header.
      bytes.fill(0, end - begin, end - begin + longestHeader);
    }
    let at = start - begin;
    let byte = bytes[at++] ?? 0;
    let type = (byte >> 4) & 7;
    let size = byte & 15;
    let unit = 16;
    while (byte & 128 && unit < 2 ** 53) {
      byte = bytes[at++] ?? 0;
      size += (byte & 127) * unit;
      unit *= 128;
    }
    let base: number = noBase.whole;
    if (type === entryTypes.offsetDelta) {
      byte = bytes[at++] ?? 0;
      let distance = byte & 127;
      while (byte & 128 && distance < 2 ** 46) {
        byte = bytes[at++] ?? 0;
        distance = (distance + 1) * 128 + (byte & 127);
      }
      base = rowAt(table, pack.first, row, start - distance);
    } else if (type === entryTypes.namedDelta) {
      at += file.idBytes;
      base = noBase.named;
    } else if (type === 0 || type === 5) base = noBase.broken;
    const header = at - (start - begin);
    const compressed = entryEnd - start - header;
    // A zlib stream has eight bytes at least.
    if (compressed < 8 || size > compressed * highestRatio) base = noBase.broken;
    if (base === noBase.broken) type = entryTypes.broken;
    table.header[row] = header;
    table.size[row] = Math.min(size, 0xffffffff);
    table.base[row] = base;
    table.type[row] = type;
  }
}

/** The row of `[first, below)` whose entry begins at `offset`: bases mostly lie close before. */
function rowAt(table: EntryTable, first: number, below: number, offset: number): number {
  const offsets = table.offset;
  let high = below;
  let step = 1;
  while (high - step > first && (offsets[high - step] ?? 0) > offset) {
    high -= step;
    step *= 2;
  }
  let low = Math.max(first, high - step);
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low < below && offsets[low] === offset ? low : noBase.broken;
}

// Cuts a document, however it arrives, into the same windows, so that results never depend on how
// its bytes were cut. What is done with a window is left to engine.ts.

/** A stretch of a document, with some bytes before and after the part that it answers for. */
export interface Window {
  readonly bytes: Uint8Array;
  /** Offset of its first byte in the document. */
  readonly offset: number;
  /** The part it answers for, as offsets in `bytes`. */
  readonly ownFrom: number;
  readonly ownTo: number;
  readonly last: boolean;
}

export interface WindowSizes {
  /** Bytes that one window answers for. */
  readonly own: number;
  /** Bytes it sees on each side beyond them. */
  readonly margin: number;
}

export const windowSizes: WindowSizes = { own: 8 * 1024 * 1024, margin: 64 * 1024 };

/** The windows of a document that is in memory. */
export function* windowsOf(bytes: Uint8Array, sizes: WindowSizes): Iterable<Window> {
  for (let own = 0; ; own += sizes.own) {
    const from = Math.max(0, own - sizes.margin);
    const to = own + sizes.own + sizes.margin;
    const last = to >= bytes.length;
    yield {
      bytes: bytes.subarray(from, to),
      offset: from,
      ownFrom: own - from,
      ownTo: last ? bytes.length - from : own + sizes.own - from,
      last,
    };
    if (last) return;
  }
}

/** Collects pieces and hands on each window as soon as it is full; `end` gives the last one. */
export function windowCollector(
  sizes: WindowSizes,
  use: (window: Window) => void,
): { readonly push: (piece: Uint8Array) => void; readonly end: () => void } {
  const capacity = sizes.own + 2 * sizes.margin;
  let buffer = new Uint8Array(0);
  let length = 0;
  let offset = 0;
  let ownFrom = 0;
  const full = (): number => ownFrom + sizes.own + sizes.margin;
  const emit = (last: boolean): void => {
    const ownTo = last ? length : ownFrom + sizes.own;
    use({ bytes: buffer.subarray(0, length), offset, ownFrom, ownTo, last });
  };
  return {
    push(piece) {
      let rest = piece;
      while (rest.length > 0) {
        if (length === full()) {
          emit(false);
          const keepFrom = ownFrom + sizes.own - sizes.margin;
          buffer.copyWithin(0, keepFrom, length);
          length -= keepFrom;
          offset += keepFrom;
          ownFrom = sizes.margin;
        }
        const taken = rest.subarray(0, full() - length);
        buffer = withRoom(buffer, length, taken.length, capacity);
        buffer.set(taken, length);
        length += taken.length;
        rest = rest.subarray(taken.length);
      }
    },
    end() {
      emit(true);
      length = 0;
    },
  };
}

function withRoom(
  buffer: Uint8Array<ArrayBuffer>,
  length: number,
  more: number,
  capacity: number,
): Uint8Array<ArrayBuffer> {
  if (length + more <= buffer.length) return buffer;
  const larger = new Uint8Array(Math.min(capacity, Math.max(length + more, buffer.length * 2)));
  larger.set(buffer.subarray(0, length));
  return larger;
}

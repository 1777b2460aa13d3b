// Inflating within a bound, and as far as damaged or cut data goes.
// Which bytes are deflated is left to the containers.
import { constants, inflateRawSync } from "node:zlib";
import type { QuickLook } from "../quick-look.js";

export interface Inflated {
  readonly bytes: Uint8Array;
  /** Bytes of the input that were used. */
  readonly consumed: number;
  /** Whether it ended, had to stop at the bound, or could not be read further. */
  readonly end: "whole" | "limit" | "damaged";
  /** Of data that was inflated and can hold nothing: how many bytes it has; they are not given. */
  readonly clean?: number;
  /** Work that does not show in what was given, as bytes of the budget that it is to be paid with. */
  readonly cost?: number;
}

/** Inflates as `inflate` does. */
export type Inflate = (input: Uint8Array, most: number) => Inflated;

/** Does not give what a quick look shows to be clean. */
export function inflateWith(quickLook: () => QuickLook): Inflate {
  return (input, most) => {
    const found = quickLook().cleanly(input, most);
    if (found === null) return inflate(input, most);
    const { consumed, length } = found;
    return { bytes: new Uint8Array(0), consumed, end: "whole", clean: length };
  };
}

/** Deflate cannot give more bytes than this for one (RFC 1951: 258 bytes for two bits). */
const highestRatio = 1032;
/** Damaged data up to this length is searched for the place of the damage. */
const salvageable = 4 * 1024 * 1024;

/**
 * Raw deflate data (RFC 1951).
 * @param most bytes to give at most
 */
export function inflate(input: Uint8Array, most: number): Inflated {
  const whole = attempt(input, most);
  if (typeof whole !== "string") return whole;
  if (whole === "limit") {
    const part = attempt(input.subarray(0, Math.floor(most / highestRatio)), most);
    const bytes = typeof part === "string" ? new Uint8Array(0) : part.bytes;
    return { bytes, consumed: input.length, end: "limit" };
  }
  return salvage(input, most);
}

function attempt(input: Uint8Array, most: number): Inflated | "limit" | "damaged" {
  if (most < 1) return "limit";
  try {
    const options = {
      info: true,
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: most,
      chunkSize: Math.min(1 << 20, Math.max(1 << 12, input.length * 4)),
    };
    // With `info`, what is given is not the buffer alone; the published types do not say so.
    const { buffer, engine } = inflateRawSync(input, options) as unknown as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    return { bytes: buffer, consumed: engine.bytesWritten, end: "whole" };
  } catch (error) {
    const tooLarge = error instanceof RangeError && "code" in error;
    return tooLarge && error.code === "ERR_BUFFER_TOO_LARGE" ? "limit" : "damaged";
  }
}

/** The longest beginning that can be inflated. */
function salvage(input: Uint8Array, most: number): Inflated {
  let best: Uint8Array = new Uint8Array(0);
  let low = 0;
  let high = Math.min(input.length, salvageable);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const part = attempt(input.subarray(0, middle), most);
    if (typeof part === "string") high = middle - 1;
    else {
      low = middle;
      best = part.bytes;
    }
  }
  return { bytes: best, consumed: input.length, end: "damaged" };
}

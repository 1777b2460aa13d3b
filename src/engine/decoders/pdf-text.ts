// What a PDF's page shows, out of the operators that show it (ISO 32000-1, 9.4.3).
// Finding the pages' streams is left to pdf.ts; fonts with an encoding of their own to nobody.

/** A gap between two strings of an array, in thousandths, that is wide enough to be a space. */
const wideGap = 180;

/** A page's text, a line for each operator that shows some; any other stream as it is. */
export function shownText(bytes: Uint8Array): Uint8Array {
  const output = new Uint8Array(bytes.length + 1);
  let length = 0;
  /** Where the strings begin that no operator has shown yet. */
  let pending = 0;
  let inArray = false;
  let lines = 0;
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x28) {
      const end = endOfString(bytes, at);
      for (let from = at + 1; from < end - 1; from++) {
        if (bytes[from] === 0x5c) from++;
        output[length++] = bytes[from] ?? 0;
      }
      at = end;
    } else if (byte === 0x5b || byte === 0x5d) {
      inArray = byte === 0x5b;
      at++;
    } else if (inArray && byte === 0x2d && isWide(bytes, at) && length > pending) {
      output[length++] = 0x20;
      at++;
    } else {
      if (isShowing(bytes, at) && length > pending) {
        output[length++] = 0x0a;
        pending = length;
        lines++;
      } else if (isOperator(byte)) length = pending;
      at++;
    }
  }
  return lines === 0 ? bytes : output.subarray(0, pending);
}

/** The end of a literal string, parentheses within it balanced. */
function endOfString(bytes: Uint8Array, start: number): number {
  let depth = 0;
  let at = start;
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === 0x5c) at++;
    else if (byte === 0x28) depth++;
    else if (byte === 0x29 && --depth === 0) return at + 1;
  }
  return Math.min(at, bytes.length);
}

function isWide(bytes: Uint8Array, at: number): boolean {
  const digits = /^-(\d{1,6})/u.exec(Buffer.from(bytes.subarray(at, at + 8)).toString("latin1"));
  return digits !== null && Number(digits[1]) > wideGap;
}

/** `Tj`, `TJ`, `'` and `"` show text. */
function isShowing(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at];
  if (byte === 0x27 || byte === 0x22) return true;
  return byte === 0x54 && (bytes[at + 1] === 0x4a || bytes[at + 1] === 0x6a);
}

/** Any other operator takes the strings before it for something else. */
function isOperator(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || byte === 0x2f;
}

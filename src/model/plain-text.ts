// Text from outside (paths, names, messages of git) made safe to show, and put in a stable order.
// Masking keys is left to Secret, colours to report.

/**
 * Makes text from outside harmless on a terminal: control characters (C0, DEL, C1), which could move
 * the cursor or recolour a line, and the marks that turn the direction of writing become visible
 * escapes such as `\x1b`. Tabs and line ends, too: such a text stands on one line.
 */
export function plainText(text: string): string {
  return text.replaceAll(unsafe, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
  });
}

// Cc: control characters. The others: Unicode 15 Bidi_Control, and the line separators.
const unsafe = /[\p{Cc}\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

/** Orders texts by their UTF-16 code units, the same in every locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

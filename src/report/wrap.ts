// Widths of text in a terminal, and lines broken to fit.
// Colours are put on after breaking; text with colour codes does not belong here.

// Characters that take two columns (Unicode Standard Annex 11: W and F), in rough ranges.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const combining = /\p{M}/u;

/** Columns that a text takes in a terminal. */
export function widthOf(text: string): number {
  let columns = 0;
  for (const character of text) {
    if (wide.test(character)) columns += 2;
    else if (!combining.test(character)) columns += 1;
  }
  return columns;
}

/** Pads with spaces on the right, by columns. */
export function padded(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - widthOf(text)));
}

/**
 * Breaks text at spaces. A word that is too long stays whole: an address or a command that is broken
 * cannot be copied.
 * @param columns for each line, or null for no limit
 */
export function wrapped(text: string, columns: number | null): string[] {
  if (columns === null) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && widthOf(longer) > columns) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** Breaks text to fit and indents every line. Very narrow terminals get long lines instead. */
export function indented(text: string, columns: number | null, indent: number): string[] {
  const room = columns === null ? null : Math.max(20, columns - indent);
  return wrapped(text, room).map((line) => " ".repeat(indent) + line);
}

// The literal bytes that every match of a shape begins with.
// Longer patterns with classes in them are left to witnesses.ts.
import type { Shape } from "../model/rule.js";

/** The longest literal prefix of a shape, ASCII; empty when it has none. */
export function literalPrefix(shape: Shape): string {
  return literalRun(shape).text;
}

/** The literal text a shape begins with, and whether that is all of the shape. */
function literalRun(shape: Shape): { readonly text: string; readonly whole: boolean } {
  switch (shape.kind) {
    case "bytes": {
      const [byte = 0] = shape.class;
      if (shape.class.size !== 1 || byte > 0x7e) return { text: "", whole: shape.max === 0 };
      const text = String.fromCharCode(byte).repeat(shape.min);
      return { text, whole: shape.min === shape.max };
    }
    case "sequence": {
      let text = "";
      for (const item of shape.items) {
        const run = literalRun(item);
        text += run.text;
        if (!run.whole) return { text, whole: false };
      }
      return { text, whole: true };
    }
    case "choice": {
      const texts = shape.options.map((option) => literalRun(option).text);
      const [first = ""] = texts;
      let length = 0;
      while (length < first.length && texts.every((text) => text[length] === first[length]))
        length++;
      return { text: first.slice(0, length), whole: false };
    }
  }
}

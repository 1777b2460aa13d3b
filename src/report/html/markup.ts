// HTML by a tagged template that escapes whatever is put in, so that forgetting it is not possible.
// What the page says is left to the other files of this folder.
import { neutral } from "../neutral.js";

/** HTML that is safe: made by `markup` or by `trusted` only. */
export interface Markup {
  readonly html: string;
}

type Content = string | number | Markup | readonly Markup[] | null;

/** Escapes every value, in text and in quoted attributes alike; null is nothing. */
export function markup(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let html = strings[0] ?? "";
  values.forEach((value, index) => {
    html += rendered(value) + (strings[index + 1] ?? "");
  });
  return { html };
}

/** Text of our own that is HTML already: the style sheet and the script. */
export function trusted(html: string): Markup {
  return { html };
}

function rendered(value: Content): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return escaped(value);
  if ("html" in value) return value.html;
  return value.map(({ html }) => html).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** Also shows characters that hide or reorder text as escapes. */
function escaped(text: string): string {
  return neutral(text).replaceAll(/[&<>"'`]/gu, (character) => entities[character] ?? "");
}

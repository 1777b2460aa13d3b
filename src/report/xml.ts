// XML 1.0, as little of it as a report needs: elements, attributes, text, all escaped.
// What the elements mean is left to junit.
import { neutral } from "./neutral.js";

/**
 * One element, indented by nobody: white space is text.
 * @param children elements that are XML already
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly string[] = [],
): string {
  const list = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escaped(String(value))}"`,
  );
  const open = `<${name}${list.join("")}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.join("")}</${name}>`;
}

/** Text content. Characters that XML 1.0 cannot hold, escaped or not, are shown as escapes. */
export function escaped(text: string): string {
  return text
    .split("\n")
    .map((line) =>
      neutral(line)
        .replaceAll(/[\ufffe\uffff]/gu, "\ufffd")
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll(">", "&gt;")
        .replaceAll('"', "&quot;"),
    )
    .join("\n");
}

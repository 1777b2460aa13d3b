// Text made safe to stand in Markdown: nothing in it becomes markup, a link or a mention.
// Layout is left to the formats.
import { neutral } from "./neutral.js";

/** Characters that mean something to CommonMark, GitHub's or GitLab's Markdown, or HTML. */
const meaningful = /[&<>|`*_[\]\\@#~:!]|(?<=www)\./giu;

function entity(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

/**
 * Text from a repository as code: no Markdown, no HTML, no end of a table's cell. Mentions and
 * references are not made inside `<code>` (GitHub and GitLab alike).
 */
export function code(text: string): string {
  return `<code>${neutral(text).replaceAll(meaningful, entity)}</code>`;
}

/** This tool's own words, which may hold a name or two. Addresses in them become no links. */
export function prose(text: string): string {
  return neutral(text).replaceAll(/[&<>|`*_[\]\\@#~]|:(?=\/\/)|(?<=www)\./giu, entity);
}

/** A link, when the address is one that can be followed safely; else its text alone. */
export function link(title: string, url: string): string {
  const safe = url.startsWith("https://") && URL.canParse(url);
  return safe
    ? `[${prose(title)}](<${new URL(url).href.replaceAll(/[<>\\]/gu, encodeURIComponent)}>)`
    : prose(title);
}

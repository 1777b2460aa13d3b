// Expressions that find a key by its shape: for tools that rewrite history, without telling the key.
// Which key needs one is left to purge-plan.
import { maskKey } from "../model/index.js";

/**
 * A regular expression for one key: its kind's prefix, classes of exactly the lengths of its parts,
 * and the last four characters, which every report shows anyway. It tells nothing that the mask does
 * not, but lengths; another key of the same kind fits by chance once in 65 536 (hex) or rarer.
 * Written in the syntax that Python's `re` (git filter-repo) and JavaScript share.
 * @returns null when the key is too short to have a tail that may be shown
 */
export function keyExpression(key: string): string | null {
  const [prefix = "", tail = ""] = maskKey(key).split("****");
  if (tail === "" || key.length <= prefix.length + tail.length) return null;
  const body = key.slice(prefix.length, key.length - tail.length);
  const parts = body.split(/([^A-Za-z0-9_-]+)/u);
  return `${escaped(prefix)}${parts.map(partExpression).join("")}${escaped(tail)}`;
}

function partExpression(part: string): string {
  if (part === "") return "";
  if (!/^[A-Za-z0-9_-]+$/u.test(part)) return escaped(part);
  const byteClass = /^[0-9a-f]+$/u.test(part) ? "[0-9a-f]" : "[A-Za-z0-9_-]";
  return `${byteClass}{${part.length}}`;
}

function escaped(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]/gu, String.raw`\$&`);
}

/** What stands in a rewritten file where the key stood. */
const replacement = "***REMOVED***";

/**
 * A line of the file that `git filter-repo --replace-text` and `--replace-message` read.
 * Source: git-filter-repo(1), "--replace-text".
 */
export function shapeLine(expression: string): string {
  return `regex:${expression}==>${replacement}`;
}

/** The same with the key itself: only for a file that the user asked for and nobody else reads. */
export function literalLine(key: string): string {
  return `literal:${key}==>${replacement}`;
}

// Inline comments that allow a key: on its line, or alone on the line before.
// Whether an allowed key still fails a run is left to findings.
import type { Match } from "../model/match.js";
import { parentRange, type Document, type Range } from "./document.js";
import { lineAround, lineBefore } from "./surroundings.js";

/** The word that is always understood. */
const ownWord = "dashleaks:allow";

/**
 * @param words further words that the user wants honoured, such as `gitleaks:allow`
 * @returns the word and the reason given behind it, or null
 */
export function allowance(
  document: Document,
  key: Range,
  words: readonly string[],
): Match["allowed"] {
  const text = document.text();
  const line = lineAround(text, key);
  const previous = lineBefore(text, key.from);
  // The key itself is left out, so that nothing of it gets into the reason.
  const own = [text.slice(key.to, line.to), text.slice(line.from, key.from)];
  const above = previous === null ? "" : text.slice(previous.from, previous.to);
  const isComment = /^\s*(?:#|\/\/|\/\*|<!--|--|;|%|\*|rem\b|::|["']?_?comment)/iu.test(above);
  for (const piece of [...own, ...(isComment ? [above] : [])]) {
    for (const by of [ownWord, ...words]) {
      const at = piece.indexOf(by);
      if (at !== -1) return { by, reason: reasonIn(piece.slice(at + by.length)) };
    }
  }
  const { parent } = document;
  return parent === null ? null : allowance(parent.document, parentRange(parent, key), words);
}

function reasonIn(rest: string): string | null {
  const reason = Buffer.from(rest, "latin1")
    .toString("utf8")
    // Another key on the line is no part of a reason.
    .replaceAll(/sk-[\w.-]{8,}/gu, "sk-****")
    .replace(/(?:-->|\*\/).*$/su, "")
    .replace(/["',]+\s*$/u, "")
    .replace(/^[\s:=(-]+/u, "")
    .trim()
    .replace(/^([^()]*)\)$/u, "$1");
  return reason === "" ? null : reason;
}

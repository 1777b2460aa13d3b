// Inline comments that allow a key: on its line, or alone on the line before.
// Whether an allowed key still fails a run is left to findings.
import type { Match } from "../model/match.js";
import { parentRange, type Document, type Range } from "./document.js";
import { lineAround, lineBefore } from "./surroundings.js";

/** The word that is always understood. A reason must stand behind it. */
const ownWord = "dashleaks:allow";

/** What a comment says of a hit. */
export type Allowance = Pick<Match, "allowed" | "allowedWithoutReason">;

/**
 * @param words further words that the user wants honoured, such as `gitleaks:allow`; others' rules
 *   hold for them, so they need no reason
 * @returns the word and the reason given behind it; or that a reason is missing
 */
export function allowance(document: Document, key: Range, words: readonly string[]): Allowance {
  const all = [...sayings(document, key, words)];
  const allowed = all.find(({ by, reason }) => by !== ownWord || reason !== null) ?? null;
  return { allowed, allowedWithoutReason: allowed === null && all.length > 0 };
}

type Saying = NonNullable<Match["allowed"]>;

/** Every such word that stands where it counts for a key, in the document or one that it is from. */
function* sayings(document: Document, key: Range, words: readonly string[]): Generator<Saying> {
  const text = document.text();
  const line = lineAround(text, key);
  const previous = lineBefore(text, key.from);
  // The key itself is left out, so that nothing of it gets into the reason.
  const own = [text.slice(key.to, line.to), text.slice(line.from, key.from)];
  const above = previous === null ? "" : text.slice(previous.from, previous.to);
  const isComment = /^\s*(?:#|\/\/|\/\*|<!--|--|;|%|\*|rem\b|::|["']?_?comment)/iu.test(above);
  for (const piece of [...own, ...(isComment ? [above] : [])]) {
    for (const by of [ownWord, ...words]) {
      for (let at = piece.indexOf(by); at !== -1; at = piece.indexOf(by, at + 1)) {
        const [before, after] = [piece.slice(0, at), piece.slice(at + by.length)];
        if (standsAlone(before, by, after)) yield { by, reason: reasonIn(after) };
      }
    }
  }
  const { parent } = document;
  if (parent !== null) yield* sayings(parent.document, parentRange(parent, key), words);
}

/** A part of a longer word is another word. Two hyphens before it begin a comment, as in SQL. */
function standsAlone(before: string, word: string, after: string): boolean {
  const continues = /^\w/u.test(word) && /(?:\w|(?:^|\w)-)$/u.test(before);
  return !continues && !(/\w$/u.test(word) && /^(?:\w|-\w)/u.test(after));
}

/** What stands behind the word, if it says anything: signs alone are no reason. */
function reasonIn(rest: string): string | null {
  const said = Buffer.from(rest, "latin1")
    .toString("utf8")
    .replace(/(?:-->|\*\/).*$/su, "")
    .replace(/["',]+\s*$/u, "")
    .replace(/^[\s:=(-]+/u, "")
    .trim()
    .replace(/^([^()]*)\)$/u, "$1");
  // Another key on the line is no part of a reason.
  const anotherKey = /sk-[\w.-]{8,}/gu;
  return /[\p{L}\p{N}]/u.test(said.replaceAll(anotherKey, ""))
    ? said.replaceAll(anotherKey, "sk-****")
    : null;
}

// What may stand between a key's characters: invisible characters and colours, the ends of string
// literals, line ends. And characters that only look like the key's.
// Characters by number or name are left to escapes.ts.
import { codeAt, invisibleAt, lookAlike } from "./characters.js";
import { nothing, type Reading, type Rewriting, tableOf } from "./rewrite.js";

function skip(pattern: RegExp, text: string, at: number): Reading | null {
  pattern.lastIndex = at;
  const hit = pattern.exec(text);
  return hit === null ? null : { length: hit[0].length, bytes: nothing };
}

/** ECMA-48 control sequences (colours, erasing) and operating system commands (links). */
const terminalSequence =
  // oxlint-disable-next-line no-control-regex -- control characters are what it is about
  /\u001b(?:\[[0-9;:?]{0,64}[ -/]?[@-~]|\][^\u0007\u001b]{0,400}(?:\u0007|\u001b\\))/uy;

export const invisibleCharacters: Rewriting = {
  name: "invisible",
  groups: ["invisible"],
  triggers: "\u001b\u00c2\u00cd\u00d8\u00e1\u00e2\u00ef",
  widest: 8,
  read: ({ bytes, text }, at) => {
    if (bytes[at] === 0x1b) return skip(terminalSequence, text, at);
    const length = invisibleAt(bytes, at);
    return length === 0 ? null : { length, bytes: nothing };
  },
};

export const lookAlikes: Rewriting = {
  name: "look-alike",
  groups: ["look-alike"],
  triggers: "\u00e2\u00ef",
  widest: 3,
  read: ({ bytes }, at) => {
    const [code, length] = codeAt(bytes, at);
    const alike = lookAlike(code);
    return alike === null ? null : { length, bytes: alike };
  },
};

const blank =
  "(?:\\s|\\\\\\r?\\n|//[^\\n]{0,120}\\n|#[^\\n]{0,120}\\n|/\\*[^*]{0,120}\\*/|_\\r?\\n)";

/**
 * One literal ends and the next begins: side by side (C, Python, shell), or joined by an operator:
 * `+` (most), `.` (PHP, Perl), `&` (Basic), `..` (Lua), `++` and `<>` (Haskell, Elixir, Erlang),
 * `||` (SQL), `<<` (C++, Ruby), `~` (Twig, Raku), `^` (OCaml), `,` (`concat!`, arrays to be joined).
 */
const nextLiteral = new RegExp(
  `["'\`]\\)?${blank}{0,200}(?:(?:[+.&,~^]|\\.\\.|\\+\\+|<>|\\|\\||<<|\\.(?:concat|plus)\\()${blank}{0,200})?\\(?(?:(?<![\\w"'\`])(?:[fbruLE]|fr|rb|u8|[@$]{1,2}))?["'\`]`,
  "iuy",
);

/** A literal as a template's piece begins or ends: `${"…"}`, `#{"…"}`, `{"…"}`. */
const pieceBegins = /(?:[$#]?\{\{?)[ \t]{0,8}["'`]/uy;
const pieceEnds = /["'`][ \t]{0,8}\}\}?/uy;

const keyCharacter = tableOf(/[A-Za-z0-9._-]/u);

export const splitLiterals: Rewriting = {
  name: "split",
  groups: [],
  triggers: "\"'`$#{",
  widest: 8,
  read: ({ bytes, text, before }, at) => {
    const found =
      skip(nextLiteral, text, at) ?? skip(pieceBegins, text, at) ?? skip(pieceEnds, text, at);
    if (found !== null) return found;
    // In a shell, quotes may begin and end within a word: sk-"…"'…'.
    const within = isQuote(bytes[at]) && isKeyCharacter(before) && isKeyCharacter(bytes[at + 1]);
    return within ? { length: 1, bytes: nothing } : null;
  },
};

function isQuote(byte: number | undefined): boolean {
  return byte === 0x22 || byte === 0x27 || byte === 0x60;
}

function isKeyCharacter(byte: number | undefined): boolean {
  return byte !== undefined && keyCharacter[byte] === 1;
}

/** A line end after a backslash, and the indentation of the next line. */
const continuation = /\\\r?\n[ \t]{0,200}/uy;

/**
 * A line end within a word, as folding at a column leaves it: the next line, which may be indented,
 * quoted or commented as the first, holds nothing but the rest.
 */
const fold =
  /\r?\n[ \t]{0,200}(?:(?:[>#*|+]|\/\/|--)[ \t]{1,8})?(?=[A-Za-z0-9._-]{1,720}["'`,;\\)}\]]{0,4}[ \t]{0,8}\r?(?:\n|$))/uy;

export const foldedLines: Rewriting = {
  name: "folded",
  groups: [],
  triggers: "\\\r\n",
  widest: 4,
  read: ({ bytes, text, before }, at) =>
    isKeyCharacter(before) ? skip(bytes[at] === 0x5c ? continuation : fold, text, at) : null,
};

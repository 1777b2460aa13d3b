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
const joined = `${blank}{0,200}(?:(?:[+.&,~^]|\\.\\.|\\+\\+|<>|\\|\\||<<|\\.(?:concat|plus)\\()${blank}{0,200})?`;

/**
 * Names a kind of literal right before its quote, whichever language: `b` and `rf` (Python), `u8`
 * (C), `N` (SQL), `br##` (Rust), `String.raw` (JavaScript), `$@` (C#).
 */
const prefix = `(?:(?<![\\w"'\`])[a-z][\\w.]{0,11}#{0,4}|[@$]{1,2})?`;

/** Here a key begins, so that what stands before does not belong to it. */
const keyBegins = "sk-(?:(?:ws|sp)-|[0-9a-f]{0,34}(?![\\w.-]))";

const nextLiteral = new RegExp(
  `["'\`]#{0,4}\\)?${joined}\\(?${prefix}["'\`](?!${keyBegins})`,
  "iuy",
);

/** The same of raw literals as C++ has them: `)" R"(`. */
const nextRawLiteral = new RegExp(
  `\\)\\w{0,16}"${joined}(?:u8|[ul])?R"\\w{0,16}\\((?!${keyBegins})`,
  "iuy",
);

/** A literal as a template's piece begins or ends: `${"…"}`, `#{"…"}`, `{"…"}`. */
const pieceBegins = /(?:[$#]?\{\{?)[ \t]{0,8}["'`]/uy;
const pieceEnds = /["'`][ \t]{0,8}\}\}?/uy;

const keyCharacter = tableOf(/[A-Za-z0-9._-]/u);

export const splitLiterals: Rewriting = {
  name: "split",
  groups: [],
  triggers: "\"'`$#{)",
  widest: 8,
  read: ({ bytes, text, written }, at) => {
    const found =
      skip(nextLiteral, text, at) ??
      skip(nextRawLiteral, text, at) ??
      skip(pieceBegins, text, at) ??
      skip(pieceEnds, text, at);
    if (found !== null) return found;
    // In a shell, quotes may begin and end within a word: sk-"…"'…'. Not so in b"…".
    const within =
      isQuote(bytes[at]) &&
      isKeyCharacter(bytes[at + 1]) &&
      isKeyCharacter(written(1)[0]) &&
      keyGoesOn.test(
        `${Buffer.from(written(longestPiece)).toString("latin1")}\0${text.slice(at + 1, at + 3)}`,
      );
    return within ? { length: 1, bytes: nothing } : null;
  },
};

/** Longest part of a key before a shell's quote, in characters. */
const longestPiece = 720;

/** Does a key begin in the word before the NUL, or over it? */
const keyGoesOn = /sk-[\w.-]*\0|sk\0-|s\0k-/u;

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
const fold = new RegExp(
  `\\r?\\n[ \\t]{0,200}(?:(?:[>#*|+]|//|--)[ \\t]{1,8})?(?!${keyBegins})(?=[A-Za-z0-9._-]{1,720}["'\`,;\\\\)}\\]]{0,4}[ \\t]{0,8}\\r?(?:\\n|$))`,
  "uy",
);

/** YAML 1.2.2, 8.1.1: what a block's text follows, with its chomping and indentation. */
const blockHeader = /[>|][-+0-9]{0,2}(?:[ \t]+#[^\n]{0,120})?$/u;
const longestHeader = 130;

export const foldedLines: Rewriting = {
  name: "folded",
  groups: [],
  triggers: "\\\r\n",
  widest: 4,
  read: ({ bytes, text, written }, at) => {
    if (!isKeyCharacter(written(1)[0])) return null;
    if (bytes[at] === 0x5c) return skip(continuation, text, at);
    const found = skip(fold, text, at);
    return found === null || blockHeader.test(text.slice(Math.max(0, at - longestHeader), at))
      ? null
      : found;
  },
};

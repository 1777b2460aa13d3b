// The forms in which people and programs write a key otherwise, as functions of the key: the matrix
// that decoders, engine and command line are each held against.
import { randomInt } from "node:crypto";

export interface Form {
  readonly name: string;
  /** What a report must say under `encoding`. */
  readonly encoding: readonly string[];
  readonly write: (key: string) => string;
}

type Write = (character: string, nth: number) => string;

function each(key: string, write: Write): string {
  return key.split("").map(write).join("");
}

function code(character: string): number {
  return character.charCodeAt(0);
}

function hex(character: string, width = 2): string {
  return code(character).toString(16).padStart(width, "0");
}

/** Only what is neither letter nor digit, as most escaping functions do. */
function punctuation(write: Write): Write {
  return (character, nth) => (/[A-Za-z0-9]/u.test(character) ? character : write(character, nth));
}

/** Cuts a key at any place but its ends. */
function cut(key: string): readonly [string, string] {
  const at = randomInt(1, Math.min(key.length - 1, 40));
  return [key.slice(0, at), key.slice(at)];
}

const escape = {
  "\\u002d": (character) => `\\u${hex(character, 4)}`,
  "\\u002D": (character) => `\\u${hex(character, 4).toUpperCase()}`,
  "\\u{2d}": (character) => `\\u{${hex(character)}}`,
  "\\x2d": (character) => `\\x${hex(character)}`,
  "\\x2D": (character) => `\\x${hex(character).toUpperCase()}`,
  "\\055": (character) => `\\${code(character).toString(8).padStart(3, "0")}`,
  "\\\\u002d (JSON in JSON)": (character) => `\\\\u${hex(character, 4)}`,
} as const satisfies Record<string, Write>;

const percent = {
  "%2d": (character) => `%${hex(character)}`,
  "%2D": (character) => `%${hex(character).toUpperCase()}`,
} as const satisfies Record<string, Write>;

const html = {
  "&#45;": (character) => `&#${code(character)};`,
  "&#x2d;": (character) => `&#x${hex(character)};`,
  "&#x2D;": (character) => `&#x${hex(character).toUpperCase()};`,
  "&#X2D;": (character) => `&#X${hex(character).toUpperCase()};`,
} as const satisfies Record<string, Write>;

const quotedPrintable = {
  "=2D": (character) => `=${hex(character).toUpperCase()}`,
} as const satisfies Record<string, Write>;

function notationForms(
  encoding: string,
  notations: Readonly<Record<string, Write>>,
): readonly Form[] {
  return Object.entries(notations).flatMap(([name, write]) => [
    { name: `${name}, every character`, encoding: [encoding], write: (key) => each(key, write) },
    {
      name: `${name}, punctuation`,
      encoding: [encoding],
      write: (key) => each(key, punctuation(write)),
    },
    {
      name: `${name}, some of the first characters`,
      encoding: [encoding],
      write: (key) => {
        const chosen = randomInt(1, 8);
        return each(key, (character, nth) =>
          nth < 3 && ((chosen >> nth) & 1) === 1 ? write(character, nth) : character,
        );
      },
    },
  ]);
}

function betweenForms(
  encoding: string,
  separators: Readonly<Record<string, string>>,
): readonly Form[] {
  return Object.entries(separators).map(([name, separator]) => ({
    name: `${name} at any place`,
    encoding: [encoding],
    write: (key) => cut(key).join(separator),
  }));
}

const invisible = {
  "a zero-width space": "\u200b",
  "a zero-width joiner": "\u200d",
  "a word joiner": "\u2060",
  "a soft hyphen": "\u00ad",
  "a byte order mark": "\ufeff",
  "a direction mark": "\u202c",
  "a colour": "\u001b[31m",
  "colours reset and erased": "\u001b[m\u001b[K",
} as const;

const literals = {
  "adjacent literals": '" "',
  "adjacent literals over lines": '"\n    "',
  "literals joined by +": '" + "',
  "literals joined by + over lines": "' +\n      '",
  "literals joined by + before the line": "'\n      + '",
  "literals joined by + with CRLF": '" +\r\n  "',
  "literals joined by .": "' . '",
  "literals joined by &": '" & "',
  "literals joined by & _ (Basic)": '" & _\r\n    "',
  "literals joined by ..": "' .. '",
  "literals joined by ||": "' || '",
  "literals joined by ++": '" ++ "',
  "literals joined by <>": '" <> "',
  "literals joined by <<": '" << "',
  "literals after a backslash": '" \\\n    "',
  "literals with a comment between": '" + // the rest\n  "',
  "arguments of concat": '", "',
  "a call of concat": '".concat("',
  "an f-string": '" f"',
  "shell quotes of two kinds": "'\"",
  "a template's piece": '${"',
} as const;

const folds = {
  "a backslash and a line end": "\\\n",
  "a backslash, a line end and an indentation": "\\\n        ",
  "a backslash and CRLF": "\\\r\n",
  "a line end": "\n",
  CRLF: "\r\n",
  "a line end and an indentation (YAML)": "\n    ",
  "a line end and a comment's sign": "\n# ",
} as const;

/** Keys that are long enough are folded by editors and YAML writers, far behind their prefix. */
function foldedAt(columns: number, separator: string): (key: string) => string {
  return (key) => (key.match(new RegExp(`.{1,${columns}}`, "gu")) ?? []).join(separator);
}

export const textForms: readonly Form[] = [
  ...notationForms("escape", escape),
  ...notationForms("percent", percent),
  ...notationForms("html", html),
  ...notationForms("quoted-printable", quotedPrintable),
  {
    name: "\\- (Markdown, regular expressions)",
    encoding: ["escape"],
    write: (key) => key.replaceAll(/[^A-Za-z0-9]/gu, (character) => `\\${character}`),
  },
  ...["&hyphen;", "&dash;", "&ndash;", "&minus;", "&#8209;", "&#x2011;"].map((entity) => ({
    name: `${entity} for the hyphen`,
    encoding: ["html"],
    write: (key: string) => key.replaceAll("-", entity),
  })),
  {
    name: "syntax colouring in HTML",
    encoding: ["html"],
    write: (key) => cut(key).join("</span><span class=hljs-x>"),
  },
  {
    name: "a soft line break of quoted-printable at any place",
    encoding: ["quoted-printable"],
    write: (key) => cut(key).join("=\r\n"),
  },
  {
    name: "full-width forms",
    encoding: ["look-alike"],
    write: (key) => each(key, (character) => String.fromCodePoint(code(character) + 0xfee0)),
  },
  ...["\u2010", "\u2011", "\u2013", "\u2212", "\uff0d", "\ufe63"].map((hyphen) => ({
    name: `U+${code(hyphen).toString(16)} for the hyphen`,
    encoding: ["look-alike"],
    write: (key: string) => key.replaceAll("-", hyphen),
  })),
  ...betweenForms("invisible", invisible),
  {
    name: "a zero-width space between all characters",
    encoding: ["invisible"],
    write: (key) => key.split("").join("\u200b"),
  },
  ...betweenForms("split", literals),
  {
    name: "three literals",
    encoding: ["split"],
    write: (key) => `${key.slice(0, 2)}" + "-" + "${key.slice(3)}`,
  },
  ...betweenForms("folded", folds),
  {
    name: "folded at 40 columns",
    encoding: ["folded"],
    write: (key) => foldedAt(Math.min(40, key.length - 4), "\n    ")(key),
  },
];

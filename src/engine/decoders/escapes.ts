// Characters by number or name within text: backslash escapes, percent, HTML, quoted-printable.
// What stands between a key's characters without a notation is left to breaks.ts.
import { seenAs } from "./characters.js";
import { nothing, type Reading, type Rewriting } from "./rewrite.js";

/** A sticky expression at a place of a text. */
function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function character(length: number, code: number): Reading {
  const bytes = seenAs(code);
  return { length, bytes: bytes.length > length ? nothing : bytes };
}

function byte(length: number, value: number): Reading {
  return { length, bytes: Buffer.from([value]) };
}

/** JSON in JSON doubles backslashes at each level, so a run of them is taken for one. */
const backslashes =
  /\\{1,16}(?:u\{([0-9a-f]{1,6})\}|u([0-9a-f]{4})|U([0-9a-f]{8})|x\{?([0-9a-f]{2})\}?|([0-3][0-7]{2})|([abefnrtv0])|([^A-Za-z0-9\s]))/iuy;

/** C, JavaScript and Python: what a letter after a backslash stands for. */
const controls: Readonly<Record<string, number>> = {
  "0": 0,
  a: 7,
  b: 8,
  e: 27,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
};

export const backslashEscapes: Rewriting = {
  name: "escape",
  groups: ["escape"],
  triggers: "\\",
  widest: 10,
  read: ({ text }, at) => {
    const hit = matchAt(backslashes, text, at);
    if (hit === null) return null;
    const [whole, braced, four, eight, two, octal, letter, itself] = hit;
    const number = braced ?? four ?? eight;
    if (number !== undefined) return character(whole.length, Number.parseInt(number, 16));
    if (two !== undefined) return byte(whole.length, Number.parseInt(two, 16));
    if (octal !== undefined) return byte(whole.length, Number.parseInt(octal, 8));
    if (letter !== undefined) return byte(whole.length, controls[letter.toLowerCase()] ?? 32);
    return byte(whole.length, (itself ?? "").charCodeAt(0));
  },
};

const percents = /%(?:u([0-9a-f]{4})|([0-9a-f]{2}))/iuy;

export const percentEncoding: Rewriting = {
  name: "percent",
  groups: ["percent"],
  triggers: "%",
  widest: 3,
  read: ({ text }, at) => {
    const hit = matchAt(percents, text, at);
    if (hit === null) return null;
    const [whole, four, two] = hit;
    return four === undefined
      ? byte(whole.length, Number.parseInt(two ?? "", 16))
      : character(whole.length, Number.parseInt(four, 16));
  },
};

const entities =
  /&(?:#(\d{1,7});?|#x([0-9a-f]{1,6});?|([a-z]{2,16});)|<\/?[a-z][^<>]{0,400}>|<!--[^<>]{0,400}-->/iuy;

/**
 * HTML Living Standard, 13.5 named character references (2025): those of characters that stand in
 * keys, or that are shown between or around a key's characters.
 */
const named: Readonly<Record<string, number>> = {
  amp: 0x26,
  apos: 0x27,
  bsol: 0x5c,
  colon: 0x3a,
  comma: 0x2c,
  dash: 0x2010,
  equals: 0x3d,
  gt: 0x3e,
  hyphen: 0x2010,
  lowbar: 0x5f,
  lrm: 0x200e,
  lt: 0x3c,
  mdash: 0x2014,
  minus: 0x2212,
  nbsp: 0x20,
  ndash: 0x2013,
  NewLine: 0x0a,
  NoBreak: 0x2060,
  num: 0x23,
  percnt: 0x25,
  period: 0x2e,
  quot: 0x22,
  rlm: 0x200f,
  semi: 0x3b,
  shy: 0xad,
  sol: 0x2f,
  Tab: 0x09,
  UnderBar: 0x5f,
  ZeroWidthSpace: 0x200b,
  zwj: 0x200d,
  zwnj: 0x200c,
};

export const html: Rewriting = {
  name: "html",
  groups: ["html"],
  triggers: "&<",
  widest: 12,
  read: ({ text }, at) => {
    const hit = matchAt(entities, text, at);
    if (hit === null) return null;
    const [whole, decimal, hexadecimal, name] = hit;
    if (decimal !== undefined) return character(whole.length, Number.parseInt(decimal, 10));
    if (hexadecimal !== undefined) return character(whole.length, Number.parseInt(hexadecimal, 16));
    if (name === undefined) return { length: whole.length, bytes: nothing };
    const code = named[name];
    return code === undefined ? null : character(whole.length, code);
  },
};

const quotedPrintables = /[=](?:([0-9A-F]{2})|[ \t]{0,8}\r?\n)/iuy;

/** RFC 2045, 6.7. */
export const quotedPrintable: Rewriting = {
  name: "quoted-printable",
  groups: ["quoted-printable"],
  triggers: "=",
  widest: 4,
  read: ({ text }, at) => {
    const hit = matchAt(quotedPrintables, text, at);
    if (hit === null) return null;
    const [whole, digits] = hit;
    return digits === undefined
      ? { length: whole.length, bytes: nothing }
      : byte(whole.length, Number.parseInt(digits, 16));
  },
};

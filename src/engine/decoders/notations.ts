// How languages write a character by its number: `\x73`, `%73`, `&#115;`, `=73`, and what a key
// written so must contain.
// Reading such text back is left to the rewriting decoders.
import type { ByteClass, Witness } from "../../model/index.js";
import { hexadecimal, literal, mostSelective, oneOf } from "./algebra.js";

/** What a class of ASCII characters looks like in a notation; null when its length is not fixed. */
export type Notation = (byteClass: ByteClass) => Witness | null;

function hex(before: string, after = ""): Notation {
  return (byteClass) => [...literal(before), ...hexadecimal([byteClass]), ...literal(after)];
}

/** Numbers of one length only, in a base. */
function digits(before: string, base: number, width: number, after = ""): Notation {
  return (byteClass) => {
    const texts = [...byteClass].map((byte) => byte.toString(base).padStart(width, "0"));
    const length = texts[0]?.length ?? 0;
    if (texts.some((text) => text.length !== length)) return null;
    const places = Array.from({ length }, (_, place) =>
      oneOf(texts.map((text) => text[place] ?? "").join("")),
    );
    return [...literal(before), ...places, ...literal(after)];
  };
}

/** A backslash before the character itself, as Markdown and regular expressions have it. */
function prefixed(before: string): Notation {
  return (byteClass) => (isPunctuation(byteClass) ? [...literal(before), byteClass] : null);
}

function named(names: Readonly<Record<string, readonly string[]>>): readonly Notation[] {
  const longest = Math.max(...Object.values(names).map((list) => list.length));
  return Array.from({ length: longest }, (_, nth) => (byteClass: ByteClass) => {
    const [byte] = byteClass;
    const name =
      byte === undefined || byteClass.size > 1 ? undefined : names[String.fromCharCode(byte)];
    const entity = name?.[nth];
    return entity === undefined ? null : literal(entity);
  });
}

const numericEscapes = [hex("\\x"), hex("\\u00")] as const;
const octalEscapes = [digits("\\", 8, 3)] as const;
const bareEscapes = [prefixed("\\")] as const;
const doubledEscapes = [hex("\\\\x"), hex("\\\\u00"), digits("\\\\", 8, 3)] as const;
const numericEntities = [digits("&#", 10, 1, ";"), hex("&#x", ";")] as const;

export const notations = {
  numericEscapes,
  doubledEscapes,
  octalEscapes,
  bareEscapes,
  numericEntities,
  /** What is written as an entity in an escaped key. */
  namedMarks: named({ "&": ["&amp;"], "\\": ["&bsol;"], "%": ["&percnt;"] }),
  escape: [
    ...numericEscapes,
    ...doubledEscapes,
    hex("\\u{", "}"),
    ...octalEscapes,
    ...bareEscapes,
    prefixed("\\\\"),
  ],
  percent: [hex("%")],
  html: [
    ...numericEntities,
    hex("&#X", ";"),
    digits("&amp;#", 10, 1, ";"),
    hex("&amp;#x", ";"),
    // HTML Living Standard, 13.5 named character references (2025): hyphens and dashes that are
    // shown where a key has its hyphen
    ...named({ "-": ["&hyphen;", "&dash;", "&minus;", "&ndash;", "&#8209;", "&#8208;", "&#x201"] }),
  ],
  quotedPrintable: [hex("=")],
} as const satisfies Record<string, readonly Notation[]>;

export function isPunctuation(byteClass: ByteClass): boolean {
  return [...byteClass].every((byte) => !/[A-Za-z0-9]/u.test(String.fromCharCode(byte)));
}

/**
 * Witnesses of patterns of which all characters are written in a notation, or those only that are
 * neither letter nor digit, or any of the first three.
 */
export function escapedWitnesses(
  plain: readonly Witness[],
  of: readonly Notation[],
): readonly Witness[] {
  return of.flatMap((notation) =>
    plain.flatMap((pattern) => {
      const [first, second, third] = pattern;
      if (first === undefined || second === undefined || third === undefined) return [];
      return [
        joined([notation(first), [second]]),
        joined([notation(first), notation(second)]),
        joined([[first], notation(second)]),
        joined([[first], [second], notation(third)]),
      ]
        .filter((witness) => witness !== null)
        .map((witness) => mostSelective(witness));
    }),
  );
}

/** A pattern of which a notation writes every byte; null when it cannot. */
export function writtenIn(pattern: Witness, notation: Notation): Witness | null {
  return joined(pattern.map((byteClass) => notation(byteClass)));
}

function joined(parts: readonly (Witness | null)[]): Witness | null {
  const witness: ByteClass[] = [];
  for (const part of parts) {
    if (part === null) return null;
    witness.push(...part);
  }
  return witness;
}

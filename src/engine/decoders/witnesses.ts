// The witnesses of keys in every encoded form that the decoders undo, by named group.
// How a pattern looks after an encoding is algebra.ts; undoing it is left to the decoders.
import { type ByteClass, maxWitnessBytes, type Witness } from "../../model/index.js";
import {
  base64,
  base64Alignments,
  broken,
  hexadecimal,
  literal,
  mostSelective,
  oneOf,
  union,
  utf16,
  utf16LittleEndian,
} from "./algebra.js";
import { compact } from "./compact.js";
import {
  base64OfEncoded,
  doubledBackslashes,
  escapedTwice,
  hexOfEncoded,
  utf16OfEncoded,
} from "./compositions.js";
import { containerMagics } from "./magics.js";
import { escapedWitnesses, notations } from "./notations.js";

/** The forms, as counts and decoders name them. */
const witnessGroups = [
  "utf-16",
  "base64",
  "base64 of utf-16",
  "utf-16 of base64",
  "base64 twice",
  "base64 of encoded",
  "hex",
  "byte list",
  "escape",
  "percent",
  "html",
  "quoted-printable",
  "look-alike",
  "invisible",
  "broken",
  "container",
  "base64 of container",
] as const;
export type WitnessGroup = (typeof witnessGroups)[number];

/** Where base64 or hexadecimal text is wrapped: a line end, also written as `\n`, or a new literal. */
const dataBreak = { first: oneOf("\r\n\\\"'`"), last: oneOf("\n \tn\"'`") };

/** Last bytes of UTF-8 sequences, and of ANSI colour codes (`m`, `K`). */
const invisibleTail = union(new Set(range(0x80, 0xbf)), oneOf("mK"));

/**
 * Where a key itself may be broken: a literal ends (quotes, a template's `${`), a line ends
 * (perhaps after a backslash or quoted-printable's `=`), or something invisible begins.
 */
const textBreak = {
  first: oneOf("\"'`\\\r\n=$<&\u001b\u00c2\u00e2\u00ef"),
  last: union(oneOf(" \t\"'`;>}"), invisibleTail),
  // Told in full: a line that begins with `-` and hexadecimal digits is in many a patch.
  whole: [
    literal("\n"),
    [oneOf("\r\\= \t"), oneOf("\n")],
    [oneOf("\\= \t"), oneOf("\r"), oneOf("\n")],
  ],
};

/** UTF-8 of characters that are not seen, as far as a pattern of fixed length can tell. */
const invisible: readonly Witness[] = [
  [oneOf("\u00e2"), oneOf("\u0080"), new Set([...range(0x8b, 0x8f), ...range(0xaa, 0xae)])],
  [oneOf("\u00e2"), oneOf("\u0081"), new Set(range(0xa0, 0xaf))],
  literal("\u00c2\u00ad"),
  literal("\u00ef\u00bb\u00bf"),
];

/** UTF-8 of characters that look like a hyphen: dashes, the minus sign, full-width forms. */
const hyphens: readonly Witness[] = [
  [oneOf("\u00e2"), oneOf("\u0080"), new Set(range(0x90, 0x95))],
  literal("\u00e2\u0088\u0092"),
  literal("\u00ef\u00bc\u008d"),
  [oneOf("\u00ef"), oneOf("\u00b9"), oneOf("\u0098\u00a3")],
];

type Forms = (plain: readonly Witness[]) => readonly Witness[];

const forms = {
  "utf-16": (plain) => plain.map((witness) => mostSelective(utf16(witness))),
  base64: (plain) => plain.flatMap((witness) => wrappedBase64(witness)),
  "base64 of utf-16": (plain) =>
    plain
      .flatMap((witness) => [utf16LittleEndian(witness), utf16(witness)])
      .flatMap((witness) => wrappedBase64(witness)),
  "utf-16 of base64": (plain) =>
    plain
      .flatMap((witness) => base64Alignments.map((alignment) => base64(witness, alignment).witness))
      .map((witness) => mostSelective(utf16(witness)))
      .concat(utf16OfEncoded(plain)),
  "base64 twice": (plain) =>
    plain.flatMap((witness) =>
      base64InBase64(witness).flatMap(({ unbroken, brokenOnce }) => [
        ...wrappedBase64(unbroken),
        ...brokenOnce.flatMap((inner) =>
          base64Alignments.map((alignment) => mostSelective(base64(inner, alignment).witness)),
        ),
      ]),
    ),
  "base64 of encoded": base64OfEncoded,
  hex: (plain) => [
    ...plain.flatMap((witness) => broken(hexadecimal(witness), dataBreak)),
    ...hexOfEncoded(plain),
  ],
  "byte list": (plain) => plain.flatMap((witness) => byteLists(witness)),
  escape: (plain) => [
    ...escapedWitnesses(plain, notations.escape),
    ...escapedTwice(plain, [...notations.numericEscapes, ...notations.doubledEscapes]),
    ...doubledBackslashes(plain),
  ],
  percent: (plain) => [
    ...escapedWitnesses(plain, notations.percent),
    ...escapedTwice(plain, notations.percent),
  ],
  html: (plain) => [
    ...escapedWitnesses(plain, notations.html),
    ...escapedTwice(plain, [...notations.numericEntities, ...notations.namedMarks]),
  ],
  "quoted-printable": (plain) => escapedWitnesses(plain, notations.quotedPrintable),
  "look-alike": (plain) => plain.flatMap((witness) => lookAlikes(witness)),
  invisible: (plain) => plain.flatMap((witness) => interspersed(witness)),
  broken: (plain) => [
    ...plain.flatMap((witness) => broken(witness, textBreak).map((each) => mostSelective(each))),
    ...plain.flatMap((witness) => quotedPieces(witness)),
  ],
  container: () => containerMagics.map((magic) => magic.witness),
  "base64 of container": () =>
    containerMagics
      .filter((magic) => magic.at === 0)
      .flatMap((magic) => {
        const once = base64(magic.witness, 0).witness;
        return [mostSelective(once), mostSelective(base64(once, 0).witness)];
      }),
} as const satisfies Record<WitnessGroup, Forms>;

/**
 * Witnesses of the encoded forms, group by group.
 * @param plain the rules' own witnesses
 */
export function witnessesByGroup(
  plain: readonly Witness[],
): readonly { readonly group: WitnessGroup; readonly witnesses: readonly Witness[] }[] {
  return witnessGroups.map((group) => ({ group, witnesses: compact(forms[group](plain)) }));
}

/**
 * Every document that holds a key in a form that the decoders undo contains one of these (or one of
 * the plain witnesses: a break far behind a key's prefix leaves the prefix as it was).
 * @param plain the rules' own witnesses
 * @returns witnesses of at most `maxWitnessBytes` positions, none with the byte 0xFF
 */
export function encodedWitnesses(plain: readonly Witness[]): readonly Witness[] {
  return compact(witnessGroups.flatMap((group) => forms[group](plain)));
}

/**
 * What base64 that is encoded again holds of a pattern, by alignment. It may be wrapped by itself,
 * or the outer one may; that both breaks fall into the first bytes of one key is left out.
 */
export function base64InBase64(
  witness: Witness,
): readonly { readonly unbroken: Witness; readonly brokenOnce: readonly Witness[] }[] {
  return base64Alignments.map((alignment) => {
    const unbroken = base64(witness, alignment).witness;
    const lineEnd = { first: oneOf("\r\n"), last: oneOf("\n") };
    return { unbroken, brokenOnce: broken(unbroken, lineEnd).slice(1) };
  });
}

function wrappedBase64(witness: Witness): readonly Witness[] {
  return base64Alignments.flatMap((alignment) =>
    broken(base64(witness, alignment).witness, dataBreak),
  );
}

/**
 * A prefix's first bytes as dumps and arrays list them: side by side, or a decimal number on each
 * line. Of numbers with `0x` before each a witness has room for two, the last ones: `sk` stands in
 * many a word, and generated code lists the bytes of whole texts.
 */
function byteLists(witness: Witness): readonly Witness[] {
  const [first, second, third] = witness.map((byteClass) => [...byteClass]);
  if (first?.length !== 1 || second?.length !== 1 || third?.length !== 1) return [];
  const bytes = [...first, ...second, ...third];
  const decimal = bytes.map((byte) => literal(String(byte)));
  const hex = bytes.map((byte) => hexadecimal([new Set([byte])]));
  const blank = oneOf(" ,:;-\n");
  const inLine = [[blank], [oneOf(","), oneOf(" \n")]];
  const prefixed = hex.map((digits) => [oneOf("0"), oneOf("xX"), ...digits]);
  return [
    ...[decimal, hex].flatMap((numbers) =>
      inLine.map((separator) => joined(numbers, separator).slice(0, maxWitnessBytes)),
    ),
    ...[...inLine, ...indentations.map((indentation) => literal(`,\n${indentation}`))].map(
      (separator) => joined(prefixed.slice(1), separator).slice(-maxWitnessBytes),
    ),
    ...indentations.map((indentation) =>
      joined(decimal, literal(`,\n${indentation}`)).slice(0, maxWitnessBytes),
    ),
  ];
}

/** Those that leave a witness room for two numbers. */
const indentations = ["  ", "   ", "    ", "\t", "\t\t", "\t\t\t"];

function joined(numbers: readonly Witness[], separator: Witness): Witness {
  return numbers.flatMap((number, index) => (index === 0 ? number : [...separator, ...number]));
}

/** The full-width form (U+FF01 to U+FF5E) of a class of ASCII characters, in UTF-8. */
function fullWidth(byteClass: ByteClass): Witness {
  const codes = [...byteClass].map((byte) => byte - 0x21 + 0xff01);
  return [
    oneOf("\u00ef"),
    new Set(codes.map((code) => 0x80 | ((code >> 6) & 63))),
    new Set(codes.map((code) => 0x80 | (code & 63))),
  ];
}

function lookAlikes(witness: Witness): readonly Witness[] {
  const hyphenAt = witness.findIndex((byteClass) => byteClass.size === 1 && byteClass.has(0x2d));
  const withHyphen = hyphens.map((hyphen) =>
    mostSelective([
      ...witness.slice(0, hyphenAt),
      ...hyphen,
      ...witness.slice(hyphenAt + 1, hyphenAt + 2),
    ]),
  );
  const wide = witness.slice(0, 4).flatMap((byteClass) => fullWidth(byteClass));
  return [mostSelective(wide.slice(0, 9)), ...(hyphenAt < 1 ? [] : withHyphen)];
}

/** Something invisible after the first or the second character, and perhaps after each one. */
function interspersed(witness: Witness): readonly Witness[] {
  return [1, 2].flatMap((position) =>
    invisible.map((character) => [
      ...witness.slice(0, position),
      ...character,
      ...(position === 1 ? witness.slice(1, 2) : []),
    ]),
  );
}

/** A prefix in two literals or more: `"sk" + "-" + …`. */
function quotedPieces(witness: Witness): readonly Witness[] {
  const quote = oneOf("\"'`");
  return [[quote, ...witness.slice(0, 2), quote]];
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

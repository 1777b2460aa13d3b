// Witnesses of keys that were encoded twice or three times: base64 of an escaped key, hex of gzip.
// An outer encoding hides what an inner one shows, so each composition has witnesses of its own, as
// short as is selective. Single encodings are left to witnesses.ts.
import type { ByteClass, Witness } from "../../model/index.js";
import {
  base64,
  base64Alignments,
  hexadecimal,
  literal,
  mostSelective,
  oneOf,
  union,
  utf16,
  utf16LittleEndian,
} from "./algebra.js";
import { compact } from "./compact.js";
import { containerMagics } from "./magics.js";
import { isPunctuation, type Notation, notations, writtenIn } from "./notations.js";

/** How much of an escaped key is looked for in another encoding: more would take more witnesses. */
const hyphenStem = 4;
const letterStem = 6;

/** How escaped keys begin: `sk\u`, `sk%2`, `sk&#`; with all characters escaped `\u0073`. */
function escapedStems(plain: readonly Witness[], of: readonly Notation[]): readonly Witness[] {
  return of.flatMap((notation) =>
    plain.flatMap((pattern) => {
      const hyphen = writtenIn(pattern.slice(2, 3).map(orMark), notation);
      const letters = writtenIn(pattern.slice(0, 2), notation);
      return [
        ...(hyphen === null ? [] : [[...pattern.slice(0, 2), ...hyphen].slice(0, hyphenStem)]),
        ...(letters === null ? [] : [letters.slice(0, letterStem)]),
      ];
    }),
  );
}

/** In a key that was escaped twice, its hyphen begins with a mark, and that is what is escaped. */
function orMark(byteClass: ByteClass): ByteClass {
  return isPunctuation(byteClass) ? union(byteClass, oneOf("%&\\")) : byteClass;
}

/** What programs write, that others escape again. */
const commonNotations: readonly Notation[] = [
  ...notations.percent,
  ...notations.numericEntities,
  ...notations.numericEscapes,
  ...notations.octalEscapes,
  ...notations.bareEscapes,
];
/** What is packed as it is: all but names of dashes. */
const packedNotations: readonly Notation[] = [
  ...commonNotations,
  ...notations.doubledEscapes,
  ...notations.quotedPrintable,
  // `&#45;` and `&amp;#45;`
  (byteClass) => (isPunctuation(byteClass) ? [oneOf("&"), oneOf("#a")] : null),
];

/** A key's beginning, in which the rules' own witnesses do not differ. */
function beginnings(plain: readonly Witness[]): readonly Witness[] {
  return compact(plain.map((pattern) => pattern.slice(0, 3)));
}

function inBase64(patterns: readonly Witness[]): readonly Witness[] {
  return patterns.flatMap((pattern) =>
    base64Alignments.map((alignment) => base64(pattern, alignment).witness),
  );
}

/** What base64 may hold, besides keys and base64 of keys. */
export function base64Contents(plain: readonly Witness[]): readonly Witness[] {
  return [
    ...escapedStems(plain, packedNotations),
    ...beginnings(plain).map((pattern) => hexadecimal(pattern)),
    ...inBase64(inBase64(plain)).map((pattern) => mostSelective(pattern, 8)),
    ...inBase64(plain).map((pattern) => utf16LittleEndian(pattern).slice(0, 9)),
  ];
}

export function base64OfEncoded(plain: readonly Witness[]): readonly Witness[] {
  return inBase64(base64Contents(plain)).map((pattern) => mostSelective(pattern));
}

/** What hexadecimal text may hold, besides keys. */
export function hexContents(plain: readonly Witness[]): readonly Witness[] {
  return [
    ...escapedStems(plain, packedNotations),
    ...inBase64(plain),
    ...beginnings(plain).flatMap((pattern) => [hexadecimal(pattern), utf16(pattern)]),
  ];
}

/** Containers in hexadecimal text, from their first byte on. */
export const hexContainers: readonly Witness[] = containerMagics
  .filter((magic) => magic.at === 0)
  .map((magic) => hexadecimal(magic.witness));

export function hexOfEncoded(plain: readonly Witness[]): readonly Witness[] {
  const contents = hexContents(plain).map((pattern) => hexadecimal(pattern));
  return [...contents, ...hexContainers].map((pattern) => mostSelective(pattern));
}

export function utf16OfEncoded(plain: readonly Witness[]): readonly Witness[] {
  const contents = [
    ...escapedStems(plain, packedNotations),
    ...beginnings(plain).map((pattern) => hexadecimal(pattern)),
  ];
  return contents.map((pattern) => mostSelective(utf16(pattern)));
}

/** Escaped keys of which a notation writes the punctuation once more, or every character. */
export function escapedTwice(
  plain: readonly Witness[],
  outer: readonly Notation[],
): readonly Witness[] {
  const stems = escapedStems(plain, commonNotations);
  return outer.flatMap((notation) => {
    const marks: Notation = (byteClass: ByteClass) =>
      isPunctuation(byteClass) ? notation(byteClass) : [byteClass];
    return stems
      .flatMap((stem) => [writtenIn(stem, marks), writtenIn(stem, notation)])
      .filter((pattern) => pattern !== null)
      .map((pattern) => mostSelective(pattern));
  });
}

/** JSON in JSON doubles backslashes at each level: four and more of them, in or behind a key. */
export function doubledBackslashes(plain: readonly Witness[]): readonly Witness[] {
  const four = literal("\\\\\\\\");
  return beginnings(plain).flatMap((pattern) => [
    [...pattern.slice(0, 2), ...four],
    ...[literal("u00"), literal("x")].map((before) => [
      ...before,
      ...hexadecimal(pattern.slice(0, 1)),
      ...four,
    ]),
  ]);
}

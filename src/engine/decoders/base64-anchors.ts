// What tells where in a run of base64 a key or a container begins, and so how the run is to be read.
// Reading it is left to base64.ts.
import type { Witness } from "../../model/index.js";
import { base64, base64Alignments, utf16, utf16LittleEndian } from "./algebra.js";
import { compact } from "./compact.js";
import { base64Contents } from "./compositions.js";
import { containerMagics } from "./magics.js";
import { base64InBase64 } from "./witnesses.js";

/** What tells in which group of four a run of base64 is to be read. */
export interface Anchor {
  readonly witness: Witness;
  readonly phase: number;
  /** The view begins here: containers must be read from their first byte. */
  readonly begins: boolean;
}

function anchorOf(pattern: Witness, alignment: 0 | 1 | 2, begins = false): Anchor {
  const encoded = base64(pattern, alignment);
  return { witness: encoded.witness.slice(0, 8), phase: encoded.phase, begins };
}

/** @param plain the rules' own witnesses */
export function anchorsOf(plain: readonly Witness[]): readonly Anchor[] {
  const texts = plain.flatMap((witness) => [witness, utf16(witness), utf16LittleEndian(witness)]);
  const twice = compact(
    texts
      .flatMap((witness) => base64InBase64(witness))
      .flatMap(({ unbroken, brokenOnce }) => [unbroken.slice(0, 8), ...brokenOnce]),
  );
  const encoded = base64Contents(plain);
  const magics = containerMagics.filter((magic) => magic.at === 0).map((magic) => magic.witness);
  return [
    ...[...texts, ...twice, ...encoded].flatMap((witness) =>
      base64Alignments.map((alignment) => anchorOf(witness, alignment)),
    ),
    ...magics.map((witness) => anchorOf(witness, 0, true)),
    ...magics.map((witness) => anchorOf(base64(witness, 0).witness, 0, true)),
  ];
}

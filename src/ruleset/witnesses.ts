// What sources look for before they hand bytes to the engine: a ruleset's witnesses, each once.
// Searching is left to sources, witnesses of encoded forms to engine/decoders.
import { decodedWitnesses } from "../engine/decoded-witnesses.js";
import { mostSelective, utf16 } from "../engine/decoders/algebra.js";
import { compact } from "../engine/decoders/compact.js";
import { encodedWitnesses } from "../engine/decoders/witnesses.js";
import type { Ruleset } from "../model/rule.js";
import type { WitnessSet } from "../model/witness.js";

/**
 * The witnesses of a ruleset, each once.
 * @param options `decode: false` leaves out those of encoded forms, all but UTF-16, as the engine
 *   does with the same option
 */
export function witnessesOf(
  ruleset: Ruleset,
  { decode = true }: { readonly decode?: boolean } = {},
): WitnessSet {
  const plain = compact(ruleset.rules.flatMap((rule) => rule.witnesses));
  return {
    witnesses: compact([
      ...plain,
      ...plain.map((witness) => mostSelective(utf16(witness))),
      ...(decode ? encodedWitnesses(decodedWitnesses(ruleset.rules)) : []),
    ]),
    rulesWithout: ruleset.rules
      .filter((rule) => rule.witnesses.length === 0)
      .map((rule) => rule.id),
  };
}

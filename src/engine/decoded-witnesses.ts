// Which of the rules' witnesses are looked for in encoded text too.
// What they look like in each encoding is left to decoders/.
import type { Rule } from "../model/rule.js";
import type { Witness } from "../model/witness.js";
import { compact } from "./decoders/compact.js";

/**
 * Witnesses of the rules whose keys are looked for in encoded text too: all but those of other
 * providers' keys, whose patterns are so common that decoding for them would not be cheap.
 */
export function decodedWitnesses(rules: readonly Rule[]): readonly Witness[] {
  return compact(
    rules.filter((rule) => typeof rule.provider === "string").flatMap((rule) => rule.witnesses),
  );
}

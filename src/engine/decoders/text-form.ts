// What a decoder of text is given: bytes, and where a witness of its groups occurs in them.
// The one pass that finds the witnesses is left to text.ts.
import type { Notice } from "../../model/index.js";
import type { Budget, View } from "../view.js";
import type { WitnessGroup } from "./witnesses.js";

export interface TextForm {
  readonly groups: readonly (WitnessGroup | "plain")[];
  /** @param hits offsets of the groups' witnesses, ascending, not empty */
  readonly decode: (
    bytes: Uint8Array,
    hits: readonly number[],
    budget: Budget,
  ) => Iterable<View | Notice>;
}

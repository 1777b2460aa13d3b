// The decoders of text as one: a single pass looks for all their witnesses.
// What each form looks like and how it is undone is left to the forms.
import type { Witness } from "../../model/index.js";
import type { Decoder } from "../view.js";
import { base64Form } from "./base64.js";
import { createMatcher } from "./matcher.js";
import type { TextForm } from "./text-form.js";
import { type WitnessGroup, witnessesByGroup } from "./witnesses.js";

/** @param plain the rules' own witnesses */
export function textDecoder(plain: readonly Witness[]): Decoder {
  const forms: readonly TextForm[] = [base64Form(plain)];
  const wanted = new Set(forms.flatMap((form) => form.groups));
  const groups: { readonly group: WitnessGroup | "plain"; readonly witness: Witness }[] = [
    { group: "plain" as const, witnesses: plain },
    ...witnessesByGroup(plain),
  ]
    .filter(({ group }) => wanted.has(group))
    .flatMap(({ group, witnesses }) => witnesses.map((witness) => ({ group, witness })));
  const matcher = createMatcher(groups.map(({ witness }) => witness));
  return {
    name: "text",
    *decode(bytes, budget) {
      const hits = new Map<WitnessGroup | "plain", number[]>();
      matcher(bytes, (offset, index) => {
        const group = groups[index]?.group;
        if (group === undefined) return;
        const list = hits.get(group);
        if (list === undefined) hits.set(group, [offset]);
        else list.push(offset);
      });
      if (hits.size === 0) return;
      for (const form of forms) {
        const own = form.groups.flatMap((group) => hits.get(group) ?? []);
        if (own.length === 0) continue;
        yield* form.decode(
          bytes,
          own.sort((one, other) => one - other),
          budget,
        );
      }
    },
  };
}

// What `dashleaks rules list` tells of each rule.
// How it is shown is left to the command line.
import type { Ruleset } from "../model/rule.js";
import type { KeyKind } from "../model/match.js";

export interface RuleSummary {
  readonly id: string;
  readonly title: string;
  readonly family: string;
  readonly kind: KeyKind;
  readonly provider: string;
  readonly proof: string | null;
  readonly examples: number;
}

export function listRules(ruleset: Ruleset): readonly RuleSummary[] {
  return ruleset.rules.map((rule) => ({
    id: rule.id,
    title: rule.title,
    family: rule.family,
    kind: rule.kind,
    provider: typeof rule.provider === "string" ? rule.provider : rule.provider.other,
    proof: rule.proof,
    examples: rule.examples.length + rule.counterExamples.length,
  }));
}

// Runs every rule's examples and counter-examples through the real engine.
// `dashleaks rules check` shows what comes out; the tests expect it to be empty.
import { createEngine } from "../engine/engine.js";
import type { Rule, Ruleset } from "../model/rule.js";
import { writeOut } from "./recipe.js";

/** One example that did not come out as its rule says. */
interface RuleProblem {
  readonly rule: string;
  /** The recipe as it stands in the rule: never a key. */
  readonly recipe: string;
  readonly problem: string;
}

export interface RulesCheck {
  readonly rules: number;
  readonly examples: number;
  readonly problems: readonly RuleProblem[];
}

/** Checks that each example is found as its rule says, and that no counter-example is. */
export function checkRules(ruleset: Ruleset): RulesCheck {
  const engine = createEngine(ruleset);
  const problems: RuleProblem[] = [];
  let examples = 0;

  const found = (
    rule: Rule,
    recipe: string,
  ): { readonly confidence: string; readonly provider: string }[] => {
    examples++;
    const text = writeOut(recipe, rule, ruleset.rules);
    return engine
      .scan({ kind: "stdin" }, Buffer.from(text))
      .matches.filter((match) => match.rule === rule.id);
  };
  const check = (rule: Rule, recipe: string, judge: () => string | null): void => {
    let problem: string | null;
    try {
      problem = judge();
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    if (problem !== null) problems.push({ rule: rule.id, recipe, problem });
  };

  for (const rule of ruleset.rules) {
    for (const { recipe, confidence, provider } of rule.examples) {
      check(rule, recipe, () => {
        const [first] = found(rule, recipe);
        if (first === undefined) return "not found";
        const isAsSaid = first.confidence === confidence && first.provider === provider;
        return isAsSaid ? null : `found as ${first.confidence}, ${first.provider}`;
      });
    }
    for (const recipe of rule.counterExamples) {
      check(rule, recipe, () => (found(rule, recipe).length > 0 ? "found, but must not be" : null));
    }
  }
  return { rules: ruleset.rules.length, examples, problems };
}

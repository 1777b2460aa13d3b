// Recipes: texts with `{{…}}` where freshly drawn key material goes, so that no key is ever stored.
// Drawing is left to mint.ts, running examples to check.ts.
import type { Rule } from "../model/rule.js";
import { drawFrom, mintKey, mintUnproven } from "./mint.js";

const lower = "abcdefghijklmnopqrstuvwxyz";
const alphanumeric = `${lower}${lower.toUpperCase()}0123456789`;
const alphabets: Readonly<Record<string, string>> = {
  hex: "0123456789abcdef",
  lower,
  alphanumeric,
  base64url: `${alphanumeric}-_`,
};

/**
 * Writes out a recipe: `{{key}}`, `{{key other-rule}}`, `{{unproven}}`, `{{cut 40 other-rule}}` (the
 * first 40 characters of a key), `{{repeat 0 8}}` (a character over and over), `{{hex 8}}`, `{{lower 8}}`, `{{alphanumeric 8}}`, `{{base64url 8}}`.
 * @throws Error naming what is not understood
 */
export function writeOut(recipe: string, rule: Rule, rules: readonly Rule[]): string {
  const ruleNamed = (id: string | undefined): Rule => {
    const found = id === undefined ? rule : rules.find((each) => each.id === id);
    if (found === undefined) throw new Error(`no rule is called \`${id}\``);
    return found;
  };
  return recipe.replaceAll(/\{\{([^{}]*)\}\}/gu, (_, inner: string) => {
    const [verb = "", ...words] = inner.trim().split(/\s+/u);
    if (verb === "key") return mintKey(ruleNamed(words[0]));
    if (verb === "unproven") return mintUnproven(ruleNamed(words[0]));
    if (verb === "cut") return mintKey(ruleNamed(words[1])).slice(0, Number(words[0]));
    if (verb === "repeat") return (words[0] ?? "").repeat(Number(words[1]));
    const alphabet = alphabets[verb];
    if (alphabet === undefined) throw new Error(`\`{{${inner}}}\` is not understood`);
    return random(alphabet, Number(words[0]));
  });
}

/** Drawn again until it has digits and both cases where its alphabet has them, as keys do. */
function random(alphabet: string, count: number): string {
  for (;;) {
    const text = drawFrom(alphabet, count);
    const isMixed = [/[0-9]/u, /[a-z]/u, /[A-Z]/u].every(
      (sort) => sort.test(text) || !sort.test(alphabet) || count < 8,
    );
    if (isMixed) return text;
  }
}

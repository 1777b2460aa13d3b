// What a candidate is worth and whose it is, as a pure table over proof and context.
// Reading the context is left to context.ts, grouping hits by key to findings.
import type { Confidence, Provider } from "../model/match.js";
import type { Rule, Worth } from "../model/rule.js";
import type { Context } from "./context.js";

export interface Decision {
  readonly confidence: Confidence;
  readonly provider: Provider;
  readonly providerName: string | null;
}

/** A decision, or null when such a hit is no finding. */
export function decide(rule: Rule, proven: boolean, context: Context | null): Decision | null {
  const speaksForDashScope = context?.provider === "dashscope";
  const otherName = context === null || speaksForDashScope ? null : context.provider;

  if (typeof rule.provider === "object") {
    const { other, namedByContext } = rule.provider;
    const name = namedByContext ? (otherName ?? other) : other;
    const worth = proven ? rule.worth.provenWithout : rule.worth.unprovenWithout;
    return decision(worth, "other", name);
  }
  if (rule.provider === "dashscope") {
    return decision(worthOf(rule, proven, speaksForDashScope), "dashscope", null);
  }
  if (otherName !== null) {
    return proven && rule.proof !== null ? decision("possible", "other", otherName) : null;
  }
  // Without a proof a word far away in the file is too little.
  const counts = speaksForDashScope && (context.near || (proven && rule.proof !== null));
  return decision(worthOf(rule, proven, counts), counts ? "dashscope" : "ambiguous", null);
}

function worthOf({ worth }: Rule, proven: boolean, withContext: boolean): Worth {
  if (proven) return withContext ? worth.provenWithContext : worth.provenWithout;
  return withContext ? worth.unprovenWithContext : worth.unprovenWithout;
}

function decision(worth: Worth, provider: Provider, providerName: string | null): Decision | null {
  return worth === "drop" ? null : { confidence: worth, provider, providerName };
}

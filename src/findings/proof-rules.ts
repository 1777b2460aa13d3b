// Rules for looking for known keys: whatever a usual scan would pass over is looked at here.
// Which of the hits are the keys that were asked for is told by fingerprint, in proof.
import type { Rule, Ruleset } from "../model/index.js";

/**
 * Makes rules that drop nothing: the surroundings of a key (its neighbours, a word for another
 * provider, missing context) say nothing about whether it is there. Other hits do no harm, since
 * only known fingerprints count.
 * @param keys keys that are known in full; they are found by their bytes, whatever the rules say
 */
export function proofRuleset(ruleset: Ruleset, keys: readonly string[]): Ruleset {
  const rules = ruleset.rules.flatMap((rule) => [
    { ...open(rule), id: rule.id },
    { ...open(rule), id: `${rule.id}:inside`, notBefore: noBytes, notAfter: noBytes },
  ]);
  return {
    ...ruleset,
    rules: [...keys.map(literalRule), ...rules],
    placeholderWords: [],
    // Other rules, another name: what was made ready or recorded for the usual ones does not hold.
    hash: `${ruleset.hash}:proof`,
  };
}

const noBytes: ReadonlySet<number> = new Set();

const worth = {
  provenWithContext: "possible",
  provenWithout: "possible",
  unprovenWithContext: "possible",
  unprovenWithout: "possible",
} as const satisfies Rule["worth"];

function open(rule: Rule): Rule {
  return { ...rule, provider: "dashscope", worth, mustLookRandom: false };
}

/** As many bytes as a plain witness may have; encoded forms need the room that is left. */
const longestPlainWitness = 11;

function literalRule(key: string, index: number): Rule {
  const classes = [...Buffer.from(key, "latin1")].map((byte) => new Set([byte]));
  return {
    id: `key-${index + 1}`,
    title: "A key given on standard input",
    family: "given",
    kind: "unknown",
    shape: {
      kind: "sequence",
      items: classes.map((byteClass) => ({ kind: "bytes", class: byteClass, min: 1, max: 1 })),
    },
    prefix: key.slice(0, 3),
    maxBytes: key.length,
    notBefore: noBytes,
    notAfter: noBytes,
    followedBy: null,
    proof: null,
    mustLookRandom: false,
    provider: "dashscope",
    worth,
    witnesses: [classes.slice(0, longestPlainWitness)],
    references: [],
    examples: [],
    counterExamples: [],
  };
}

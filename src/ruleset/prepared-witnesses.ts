// Witnesses of the built-in rules as the build has made them ready: to derive them takes a tenth of
// a second, which is as long as a whole audit of a small repository. How is left to witnesses.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type TextWitnesses, unpackTextWitnesses } from "../engine/decoders/text-witnesses.js";
import type { Ruleset } from "../model/rule.js";
import type { WitnessSet } from "../model/witness.js";
import { packageFile } from "../package/package-files.js";
import { witnessesOf } from "./witnesses.js";

/** Where the build puts them. */
export const preparedFolder = packageFile("dist/ruleset/");

/** A file's name: rules of one's own, or another version of ours, have another hash. */
export function preparedName({ hash, rules }: Ruleset, what: "plain" | "decoded" | "text"): string {
  const named = JSON.stringify([hash, rules.map(({ id }) => id)]);
  const digest = createHash("sha256").update(named).digest("hex");
  return `${digest.slice(0, 32)}.${what}`;
}

/** What decoders of text look for, where the build has made it ready for a ruleset. */
export function preparedTextWitnesses(ruleset: Ruleset): TextWitnesses | null {
  const packed = prepared(preparedName(ruleset, "text"));
  return packed === null ? null : unpackTextWitnesses(packed.toString("utf8"));
}

/** The witnesses of a ruleset, made ready where the build knew the ruleset, else derived now. */
export function preparedWitnesses(ruleset: Ruleset, decode: boolean): WitnessSet {
  const tables = prepared(preparedName(ruleset, decode ? "decoded" : "plain"));
  if (tables === null) return witnessesOf(ruleset, { decode });
  let derived: WitnessSet["witnesses"] | null = null;
  return {
    // Derived only for who looks at them; the readers search by the tables.
    get witnesses() {
      derived ??= witnessesOf(ruleset, { decode }).witnesses;
      return derived;
    },
    rulesWithout: ruleset.rules
      .filter((rule) => rule.witnesses.length === 0)
      .map((rule) => rule.id),
    tables,
  };
}

function prepared(name: string): Buffer | null {
  try {
    return readFileSync(new URL(name, preparedFolder));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

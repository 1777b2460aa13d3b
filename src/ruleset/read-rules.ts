// `[[rule]]` tables as the engine's rules: which fields there are, what they default to.
// TOML itself is left to toml-file.ts, the shape language to shape.ts.
import { confidences, keyKinds, providers } from "../model/match.js";
import {
  proofNames,
  type ByteClass,
  type Reference,
  type Rule,
  type RuleExample,
  type Shape,
  type Worth,
} from "../model/rule.js";
import { literalPrefix } from "./prefix.js";
import { parseByteClass, parseShape, ShapeError, shapeLength } from "./shape.js";
import { isTable, TomlTable, type RuleFile, type Table } from "./toml-file.js";
import { witnessesOfShape } from "./shape-witnesses.js";

const fields = [
  "id",
  "title",
  "kind",
  "shape",
  "followed_by",
  "not_before",
  "not_after",
  "proof",
  "must_look_random",
  "provider",
  "other",
  "named_by_context",
  "confidence",
  "worth",
  "references",
  "examples",
  "counter_examples",
] as const;
const worths = ["proven", "likely", "possible", "drop"] as const satisfies readonly Worth[];
/** What may not stand beside a key unless its rule says otherwise. */
const wordBytes = "A-Za-z0-9_\\-";
/** The prefilter needs something to look for; a shorter prefix would stop at every other word. */
const shortestPrefix = 3;

/**
 * The `[[rule]]` tables of a file.
 * @param taken ids that earlier files use; those of this file are added
 * @throws UserError with file and line
 */
export function readRules(file: RuleFile, document: Table, taken: Set<string>): readonly Rule[] {
  const rules = document["rule"] ?? [];
  const family = typeof document["family"] === "string" ? document["family"] : "user";
  const list = Array.isArray(rules) ? rules : [rules];
  return list.map((rule, index) =>
    readRule(new TomlTable(file, "rule", index, isTable(rule) ? rule : null), family, taken),
  );
}

function readRule(table: TomlTable, family: string, taken: Set<string>): Rule {
  table.allow(fields);
  const id = table.text("id");
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/u.test(id)) {
    throw table.error("id", "`id` has to be of lower-case letters, digits and hyphens");
  }
  if (taken.has(id)) throw table.error("id", `the rule id \`${id}\` is taken`);
  taken.add(id);
  const shape = readShape(table, "shape");
  const prefix = literalPrefix(shape);
  if (prefix.length < shortestPrefix) {
    throw table.error(
      "shape",
      `\`shape\` has to begin with at least ${shortestPrefix} literal ASCII characters`,
    );
  }
  const other = table.textOr("other", null);
  return {
    id,
    title: table.textOr("title", id),
    family,
    kind: table.has("kind") ? table.oneOf("kind", keyKinds) : "unknown",
    shape,
    prefix,
    maxBytes: shapeLength(shape).max,
    notBefore: readClass(table, "not_before"),
    notAfter: readClass(table, "not_after"),
    followedBy: table.has("followed_by") ? readShape(table, "followed_by") : null,
    proof: table.has("proof") ? table.oneOf("proof", proofNames) : null,
    mustLookRandom: table.flag("must_look_random"),
    provider:
      other !== null
        ? { other, namedByContext: table.flag("named_by_context") }
        : table.has("provider")
          ? table.oneOf("provider", ["dashscope", "by-context"] as const)
          : "dashscope",
    worth: readWorth(table, other === null ? "likely" : "possible"),
    witnesses: witnessesOfShape(shape),
    references: table.tables("references").map(readReference),
    examples: table.tables("examples").map(readExample),
    counterExamples: table.texts("counter_examples"),
  };
}

function readShape(table: TomlTable, field: string): Shape {
  return describing(table, field, () => parseShape(table.text(field)));
}

function readClass(table: TomlTable, field: string): ByteClass {
  return describing(table, field, () => parseByteClass(table.textOr(field, wordBytes)));
}

/** Turns a mistake in a shape into one with file and line. */
function describing<T>(table: TomlTable, field: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw table.error(field, `\`${field}\` at character ${error.at + 1}: ${error.message}`);
  }
}

function readWorth(table: TomlTable, otherwise: Worth): Rule["worth"] {
  const worth = table.table("worth");
  if (worth === null) {
    const same = table.has("confidence") ? table.oneOf("confidence", confidences) : otherwise;
    const unproven = table.has("proof") ? "drop" : same;
    return {
      provenWithContext: same,
      provenWithout: same,
      unprovenWithContext: unproven,
      unprovenWithout: unproven,
    };
  }
  if (table.has("confidence")) {
    throw table.error("confidence", "`confidence` and `worth` say the same: keep one of them");
  }
  worth.allow([
    "proven_with_context",
    "proven_without",
    "unproven_with_context",
    "unproven_without",
  ]);
  return {
    provenWithContext: worth.oneOf("proven_with_context", worths),
    provenWithout: worth.oneOf("proven_without", worths),
    unprovenWithContext: worth.oneOf("unproven_with_context", worths),
    unprovenWithout: worth.oneOf("unproven_without", worths),
  };
}

function readReference(table: TomlTable): Reference {
  table.allow(["url", "date"]);
  return { url: table.text("url"), date: table.text("date") };
}

function readExample(table: TomlTable): RuleExample {
  table.allow(["recipe", "confidence", "provider"]);
  return {
    recipe: table.text("recipe"),
    confidence: table.oneOf("confidence", confidences),
    provider: table.oneOf("provider", providers),
  };
}

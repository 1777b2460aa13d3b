// Loads the built-in rules and a user's own.
// Which file is the user's, and whether it may be trusted, is left to config and cli.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { UserError } from "../model/errors.js";
import type { Rule, Ruleset } from "../model/rule.js";
import { readContext } from "./read-context.js";
import { readRules } from "./read-rules.js";
import { parseToml, type RuleFile } from "./toml-file.js";

/** Changes when the engine reads the same rules differently, so that caches start anew. */
const engineVersion = 1;

/** The rules' files in the package, in the order in which they are tried at a place. */
const builtIn = [
  "legacy",
  "coding-plan",
  "compact",
  "v2",
  "look-alikes",
  "partial",
  "unknown",
] as const;
const folder = new URL("../../rules/", import.meta.url);

/**
 * The built-in rules and those of the user's files (`[[rule]]` tables; other tables in them are not
 * looked at).
 * @throws UserError naming file and line for an unknown field, a bad shape, an id that is taken
 */
export function loadRuleset(options: { readonly userFiles?: readonly RuleFile[] } = {}): Ruleset {
  const packaged = builtIn.map((name) => packagedFile(name));
  const userFiles = options.userFiles ?? [];
  const rules = [...packaged, ...userFiles].flatMap((file) => readRules(file, parseToml(file)));
  const taken = new Set<string>();
  for (const { id } of rules) {
    if (taken.has(id)) {
      const file = userFiles.find(({ text }) => text.includes(id))?.path ?? "rules";
      throw new UserError(`${file}: the rule id \`${id}\` is taken`, "Give the rule another id.");
    }
    taken.add(id);
  }
  const contextFile = packagedFile("context");
  const context = readContext(contextFile, parseToml(contextFile));
  return { rules, ...context, hash: hashOf(rules, context) };
}

function packagedFile(name: string): RuleFile {
  return {
    path: `rules/${name}.toml`,
    text: readFileSync(new URL(`${name}.toml`, folder), "utf8"),
  };
}

/** sha256 over what the rules say, whatever their files look like. */
function hashOf(rules: readonly Rule[], context: unknown): string {
  const said = JSON.stringify(
    [
      engineVersion,
      context,
      rules.map(({ witnesses: _derived, references: _sources, ...rule }) => rule),
    ],
    (_, value: unknown) =>
      value instanceof Set ? [...value].sort((a, b) => Number(a) - Number(b)) : value,
  );
  return createHash("sha256").update(said).digest("hex");
}

// Loads the built-in rules and a user's own.
// Which file is the user's, and whether it may be trusted, is left to config and cli.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Ruleset } from "../model/rule.js";
import { packageFile } from "../package/package-files.js";
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

/**
 * The built-in rules and those of the user's files (`[[rule]]` tables; other tables in them are not
 * looked at).
 * @throws UserError naming file and line for an unknown field, a bad shape, an id that is taken
 */
export function loadRuleset(options: { readonly userFiles?: readonly RuleFile[] } = {}): Ruleset {
  const files = [...builtIn.map(packagedFile), ...(options.userFiles ?? [])];
  const documents = files.map((file) => parseToml(file));
  const taken = new Set<string>();
  const rules = files.flatMap((file, index) => readRules(file, documents[index] ?? {}, taken));
  const contextFile = packagedFile("context");
  const contextDocument = parseToml(contextFile);
  return {
    rules,
    ...readContext(contextFile, contextDocument),
    hash: hashOf([contextDocument, ...documents.map((document) => document["rule"] ?? [])]),
  };
}

function packagedFile(name: string): RuleFile {
  return {
    path: `rules/${name}.toml`,
    text: readFileSync(packageFile(`rules/${name}.toml`), "utf8"),
  };
}

/** sha256 over what the rules say, however their files are laid out. */
function hashOf(said: readonly unknown[]): string {
  return createHash("sha256")
    .update(JSON.stringify([engineVersion, ...said]))
    .digest("hex");
}

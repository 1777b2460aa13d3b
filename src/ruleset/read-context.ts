// `rules/context.toml`: words that speak for a provider, neutral names, words of stand-ins.
// What the words mean for a finding is left to the engine.
import type { ContextWords } from "../model/rule.js";
import { TomlTable, type RuleFile, type Table } from "./toml-file.js";

export interface ContextFile {
  readonly context: readonly ContextWords[];
  readonly neutralNames: readonly string[];
  readonly placeholderWords: readonly string[];
}

/** @throws UserError with file and line */
export function readContext(file: RuleFile, document: Table): ContextFile {
  const top = new TomlTable(file, "provider", -1, document);
  top.allow(["neutral_names", "placeholder_words", "provider"]);
  const providers = Array.isArray(document["provider"]) ? document["provider"] : [];
  return {
    context: providers.map((provider, index) =>
      readProvider(new TomlTable(file, "provider", index, provider)),
    ),
    neutralNames: top.texts("neutral_names"),
    placeholderWords: top.texts("placeholder_words"),
  };
}

function readProvider(table: TomlTable): ContextWords {
  table.allow(["name", "words", "models", "hosts", "names"]);
  return {
    provider: table.text("name"),
    words: table.texts("words"),
    models: table.texts("models"),
    hosts: table.texts("hosts"),
    names: table.texts("names"),
  };
}

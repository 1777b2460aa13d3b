// `.dashleaks.toml` and the user's own configuration: TOML text -> checked settings.
// Rules in it (`[[rule]]`) are left to ruleset, and which file is read to locate-config.
import { parse, TomlError } from "smol-toml";
import { UserError } from "../model/errors.js";

/** Where a configuration comes from: only the user's own may widen where a key is sent. */
export type ConfigOwner = "repository" | "user";

export interface Config {
  /** The file, or null when there is none. */
  readonly path: string | null;
  /** The file's text, for the rules in it. */
  readonly text: string;
  readonly hasRules: boolean;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly failOn: string | null;
  readonly allowWords: readonly string[];
  readonly baseline: string | null;
  readonly decode: boolean | null;
  /** Base URLs that may be asked beside the built-in ones. */
  readonly endpoints: readonly string[];
  /** Region -> workspace id. */
  readonly workspaceIds: Readonly<Record<string, string>>;
}

/** What holds where nothing is configured. */
export const emptyConfig: Config = {
  path: null,
  text: "",
  hasRules: false,
  include: [],
  exclude: [],
  failOn: null,
  allowWords: [],
  baseline: null,
  decode: null,
  endpoints: [],
  workspaceIds: {},
};

type FieldKind = "strings" | "string" | "boolean" | "table" | "rules";

const fields: Readonly<Record<string, { kind: FieldKind; owners: readonly ConfigOwner[] }>> = {
  include: { kind: "strings", owners: ["repository", "user"] },
  exclude: { kind: "strings", owners: ["repository", "user"] },
  "fail-on": { kind: "string", owners: ["repository", "user"] },
  "allow-words": { kind: "strings", owners: ["repository", "user"] },
  baseline: { kind: "string", owners: ["repository"] },
  decode: { kind: "boolean", owners: ["repository", "user"] },
  endpoints: { kind: "strings", owners: ["user"] },
  "workspace-ids": { kind: "table", owners: ["repository", "user"] },
  rule: { kind: "rules", owners: ["repository", "user"] },
};

/**
 * Reads a configuration.
 * @throws UserError naming the file and the line, for anything that is not understood
 */
export function readConfig(path: string, text: string, owner: ConfigOwner): Config {
  const table = parseToml(path, text);
  for (const [name, value] of Object.entries(table)) checkField(path, text, owner, name, value);
  const strings = (name: string): readonly string[] => (table[name] as string[] | undefined) ?? [];
  const failOn = (table["fail-on"] as string | undefined) ?? null;
  if (failOn !== null && !["proven", "likely", "possible", "none"].includes(failOn)) {
    throw at(path, text, "fail-on", `"fail-on" is one of proven, likely, possible, none`);
  }
  return {
    path,
    text,
    hasRules: table["rule"] !== undefined,
    include: strings("include"),
    exclude: strings("exclude"),
    failOn,
    allowWords: strings("allow-words"),
    baseline: (table["baseline"] as string | undefined) ?? null,
    decode: (table["decode"] as boolean | undefined) ?? null,
    endpoints: strings("endpoints"),
    workspaceIds: (table["workspace-ids"] as Record<string, string> | undefined) ?? {},
  };
}

function parseToml(path: string, text: string): Readonly<Record<string, unknown>> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split("\n")[0] ?? "not TOML";
    throw new UserError(
      `${path}:${error.line}: ${reason}`,
      "Correct the file, or use --no-config.",
    );
  }
}

function checkField(
  path: string,
  text: string,
  owner: ConfigOwner,
  name: string,
  value: unknown,
): void {
  const field = fields[name];
  if (!field) {
    throw at(
      path,
      text,
      name,
      `unknown field "${name}"`,
      `Known: ${Object.keys(fields).join(", ")}.`,
    );
  }
  if (!field.owners.includes(owner)) {
    throw at(
      path,
      text,
      name,
      `"${name}" is not read from a repository's configuration`,
      name === "endpoints"
        ? "A scanned repository must not choose where keys are sent: use --endpoint or your own configuration."
        : `It belongs into the ${field.owners.join(" or ")} configuration.`,
    );
  }
  if (!hasKind(value, field.kind)) {
    throw at(path, text, name, `"${name}" must be ${kindWords[field.kind]}`);
  }
}

const kindWords: Record<FieldKind, string> = {
  strings: "a list of strings",
  string: "a string",
  boolean: "true or false",
  table: "a table of strings",
  rules: "written as [[rule]]",
};

function hasKind(value: unknown, kind: FieldKind): boolean {
  switch (kind) {
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "strings":
      return Array.isArray(value) && value.every((entry) => typeof entry === "string");
    case "table":
      return (
        typeof value === "object" &&
        value !== null &&
        Object.values(value).every((entry) => typeof entry === "string")
      );
    case "rules":
      return Array.isArray(value);
  }
}

function at(path: string, text: string, name: string, problem: string, remedy?: string): UserError {
  return new UserError(`${path}:${lineOfField(text, name)}: ${problem}`, remedy ?? null);
}

/** The line on which a top-level field begins; the TOML parser does not tell. One-based. */
function lineOfField(text: string, name: string): number {
  const escaped = name.replaceAll(/[^\w-]/gu, String.raw`\$&`);
  const pattern = new RegExp(String.raw`^\s*\[{0,2}\s*["']?${escaped}["']?\s*[\].=]`, "u");
  const index = text.split(/\r?\n/u).findIndex((line) => pattern.test(line));
  return Math.max(index, 0) + 1;
}

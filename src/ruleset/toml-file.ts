// One TOML file read strictly: every mistake is one sentence with file and line.
// Which fields there are is left to read-rules.ts and read-context.ts.
import { parse, TomlError } from "smol-toml";
import { UserError } from "../model/errors.js";

export interface RuleFile {
  /** As the user knows it; errors name it. */
  readonly path: string;
  readonly text: string;
}

export type Table = Readonly<Record<string, unknown>>;

/** Parses a file. @throws UserError with file and line when it is not TOML */
export function parseToml({ path, text }: RuleFile): Table {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [what = "not valid TOML"] = error.message.split("\n");
    throw new UserError(`${path}:${error.line}: ${what}`, "Mend the file and run again.", {
      cause: error,
    });
  }
}

/** A table in a file, such as the second `[[rule]]`, that knows where its fields stand. */
export class TomlTable {
  readonly #file: RuleFile;
  readonly #name: string;
  readonly #index: number;
  readonly #table: Table;

  constructor(file: RuleFile, name: string, index: number, table: unknown) {
    this.#file = file;
    this.#name = name;
    this.#index = index;
    if (!isTable(table)) throw this.error(null, `\`${name}\` has to be a table: write [[${name}]]`);
    this.#table = table;
  }

  error(field: string | null, what: string): UserError {
    return new UserError(
      `${this.#file.path}:${this.#lineOf(field)}: ${what}`,
      "Mend the file and run again; rules/ in the package shows how rules are written.",
    );
  }

  /** @throws UserError when there is a field that is not among `known` */
  allow(known: readonly string[]): void {
    for (const field of Object.keys(this.#table)) {
      if (known.includes(field)) continue;
      throw this.error(field, `unknown field \`${field}\` in [[${this.#name}]]`);
    }
  }

  has(field: string): boolean {
    return this.#table[field] !== undefined;
  }

  text(field: string): string {
    const value = this.#table[field];
    if (typeof value !== "string") throw this.error(field, `\`${field}\` has to be a text`);
    return value;
  }

  textOr<T extends string | null>(field: string, otherwise: T): string | T {
    return this.has(field) ? this.text(field) : otherwise;
  }

  flag(field: string): boolean {
    const value = this.#table[field] ?? false;
    if (typeof value !== "boolean") throw this.error(field, `\`${field}\` has to be true or false`);
    return value;
  }

  oneOf<T extends string>(field: string, choices: readonly T[]): T {
    const value = this.text(field);
    const choice = choices.find((each) => each === value);
    if (choice === undefined) {
      throw this.error(field, `\`${field}\` has to be one of ${choices.join(", ")}`);
    }
    return choice;
  }

  texts(field: string): readonly string[] {
    const value = this.#table[field] ?? [];
    if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
      throw this.error(field, `\`${field}\` has to be a list of texts`);
    }
    return value;
  }

  /** A table in this one, or null. */
  table(field: string): TomlTable | null {
    const value = this.#table[field];
    if (value === undefined) return null;
    if (!isTable(value)) throw this.error(field, `\`${field}\` has to be a table`);
    return new TomlTable(this.#file, this.#name, this.#index, value);
  }

  tables(field: string): readonly TomlTable[] {
    const value = this.#table[field] ?? [];
    if (!Array.isArray(value) || !value.every(isTable)) {
      throw this.error(field, `\`${field}\` has to be a list of tables`);
    }
    return value.map((item) => new TomlTable(this.#file, this.#name, this.#index, item));
  }

  #lineOf(field: string | null): number {
    const lines = this.#file.text.split(/\r\n|\n/u);
    const header = new RegExp(`^\\s*\\[\\[\\s*["']?${this.#name}["']?\\s*\\]\\]`, "u");
    const starts = lines.flatMap((line, index) => (header.test(line) ? [index] : []));
    const start = starts[this.#index] ?? 0;
    const end = starts[this.#index + 1] ?? lines.length;
    if (field === null) return start + 1;
    const quoted = field.replaceAll(/[\\^$.*+?()[\]{}|]/gu, "\\$&");
    // At a line's start, or in an inline table; or as the header of a table of its own.
    const here = new RegExp(
      `(?:^|[{,])\\s*["']?${quoted}["']?\\s*=|^\\s*\\[{1,2}[\\w.]*\\b${quoted}\\]`,
      "u",
    );
    const within = lines.slice(start, end).findIndex((line) => here.test(line));
    return start + 1 + Math.max(0, within);
  }
}

export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

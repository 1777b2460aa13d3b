// argv -> what was typed, checked against the flag table.
// What it means (defaults, files, repositories) is left to the plan.
import { parseArgs } from "node:util";
import { UserError } from "../model/errors.js";
import { commandNames, flags, type CommandName, type Flag } from "./flags.js";

/** What was typed, and nothing else. */
export interface Typed {
  readonly command: CommandName;
  readonly operands: readonly string[];
  /** By flag name; switches have an empty list. Absent: not typed. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads an argument vector (without node and script).
 * @throws UserError for an unknown flag, a missing or impossible value
 */
export function parse(argv: readonly string[]): Typed {
  const command = commandOf(argv);
  const known = flags.filter((flag) => flag.commands.includes(command));
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(flags.map((flag) => [flag.name, optionOf(flag)])),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const operands: string[] = [];
  const typed = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const flag = known.find(({ name }) => name === token.name);
    if (!flag) throw unknownFlag(token.rawName, command, known);
    const values = typed.get(flag.name) ?? [];
    if (flag.value === undefined) {
      if (token.value !== undefined) throw new UserError(`--${flag.name} takes no value`);
    } else {
      values.push(checkedValue(flag, token.value));
    }
    typed.set(flag.name, values);
  }
  for (const flag of known) {
    if (!flag.multiple && (typed.get(flag.name)?.length ?? 0) > 1) {
      throw new UserError(`--${flag.name} was given more than once`);
    }
  }
  return {
    command,
    operands: operands[0] === command && commandWasTyped(argv) ? operands.slice(1) : operands,
    flags: typed,
  };
}

/** @throws UserError for operands that a command does not take: what is passed over is not done */
export function noMoreOperands(operands: readonly string[], command: string): void {
  const [first] = operands;
  if (first === undefined) return;
  throw new UserError(`dashleaks ${command} does not take "${first}"`, "Leave it out.");
}

/** The first argument names the command; anything else is a path to scan. */
function commandOf(argv: readonly string[]): CommandName {
  return commandNames.find((name) => name === argv[0]) ?? "scan";
}

function commandWasTyped(argv: readonly string[]): boolean {
  return commandNames.some((name) => name === argv[0]);
}

function optionOf(flag: Flag): { type: "string" | "boolean"; short?: string; multiple: boolean } {
  return {
    type: flag.value === undefined ? "boolean" : "string",
    multiple: true,
    ...(flag.short === undefined ? {} : { short: flag.short }),
  };
}

function checkedValue(flag: Flag, value: string | undefined): string {
  if (value === undefined) {
    throw new UserError(`--${flag.name} needs a value`, `Write --${flag.name}=${flag.value}.`);
  }
  if (flag.choices && !flag.choices.includes(value)) {
    throw new UserError(
      `--${flag.name} does not know "${value}"`,
      `It takes one of: ${flag.choices.join(", ")}.`,
    );
  }
  return value;
}

function unknownFlag(raw: string, command: CommandName, known: readonly Flag[]): UserError {
  const elsewhere = flags.find(({ name }) => `--${name}` === raw);
  if (elsewhere) {
    return new UserError(
      `dashleaks ${command} has no ${raw}`,
      `It belongs to: ${elsewhere.commands.join(", ")}.`,
    );
  }
  const near = known
    .map(({ name }) => ({ name, distance: editDistance(raw.replace(/^-+/u, ""), name) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return new UserError(
    `there is no flag ${raw}`,
    near && near.distance <= 3
      ? `Did you mean --${near.name}?`
      : `See dashleaks help ${command}. A file of that name is written ./${raw}.`,
  );
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, left] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, right] of Array.from(b).entries()) {
      const change = (row[j] ?? 0) + (left === right ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

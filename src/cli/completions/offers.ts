// What there is to offer behind a command, from the tables of commands and flags.
// How a shell is told is left to a file for each shell.
import { commands } from "../commands.js";
import { flags, type CommandName, type Flag } from "../flags.js";

/** A command's flags. */
export function flagsOf(command: CommandName): readonly Flag[] {
  return flags.filter((flag) => flag.commands.includes(command));
}

/** As they are typed, the short form last: `--format`, `-f`. */
export function spellings({ name, short }: Flag): readonly string[] {
  return [`--${name}`, ...(short === undefined ? [] : [`-${short}`])];
}

export const withChoices = flags.filter((flag) => flag.choices !== undefined);

/** Flags whose value may be anything; mostly a file. */
export const withOtherValue = flags.filter(
  ({ value, choices }) => value !== undefined && choices === undefined,
);

/** All spellings of flags that a value follows: it is no operand. */
export const takeValue = flags.filter(({ value }) => value !== undefined).flatMap(spellings);

/** A command's flags and the words that may stand as its first operand, or behind that. */
export function words(command: CommandName, operand: "first" | "further"): readonly string[] {
  const { subcommands, furtherOperands } = commands[command];
  return [
    ...flagsOf(command).map(({ name }) => `--${name}`),
    ...(operand === "first" ? subcommands : furtherOperands),
  ];
}

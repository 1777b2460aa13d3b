// Completions for fish. What is offered is left to offers.
import { commands } from "../commands.js";
import { commandNames, flags, type CommandName, type Flag } from "../flags.js";
import { takeValue } from "./offers.js";

/** @returns a script to be sourced */
export function fishScript(): string {
  return [
    "# dashleaks completions for fish: dashleaks completions fish | source",
    ...functions,
    ...commandNames.map(
      (name) =>
        `${complete("test (count (commandline -opc)) -eq 1", name)} -d ${quoted(commands[name].summary)}`,
    ),
    `complete -c dashleaks -n ${quoted(isOneOf(commandNames.filter((name) => !commands[name].takesFiles)))} -f`,
    ...commandNames.flatMap((name) => {
      const { subcommands, furtherOperands } = commands[name];
      const first = `${isOneOf([name])}; and test (__dashleaks_operands) -eq 0`;
      const further = `${isOneOf([name])}; and test (__dashleaks_operands) -gt 0`;
      return [
        ...(subcommands.length > 0 ? [complete(first, subcommands.join(" "))] : []),
        ...(furtherOperands.length > 0 ? [complete(further, furtherOperands.join(" "))] : []),
      ];
    }),
    ...flags.map(flagLine),
    "",
  ].join("\n");
}

/** `commandline -opc`: the words before the one that is typed; source: fish's manual. */
const functions = [
  "function __dashleaks_command",
  "  set -l words (commandline -opc)",
  `  contains -- "$words[2]" ${commandNames.join(" ")}; and echo $words[2]; or echo scan`,
  "end",
  "function __dashleaks_operands",
  "  set -l count 0",
  "  set -l value 0",
  "  for word in (commandline -opc)[3..-1]",
  "    switch $word",
  `      case ${takeValue.join(" ")}`,
  "        set value 1",
  "      case '-*'",
  "        set value 0",
  "      case '*'",
  "        test $value -eq 1; and set value 0; or set count (math $count + 1)",
  "    end",
  "  end",
  "  echo $count",
  "end",
] as const;

function isOneOf(names: readonly CommandName[]): string {
  return `contains (__dashleaks_command) ${names.join(" ")}`;
}

function complete(condition: string, words: string): string {
  return `complete -c dashleaks -n ${quoted(condition)} -a ${quoted(words)}`;
}

function flagLine({ name, short, value, choices, help, commands: mine }: Flag): string {
  return [
    `complete -c dashleaks -n ${quoted(isOneOf(mine))} -l ${name}`,
    short ? ` -s ${short}` : "",
    value ? " -r" : "",
    choices ? ` -f -a ${quoted(choices.join(" "))}` : "",
    value && !choices ? " -F" : "",
    ` -d ${quoted(help)}`,
  ].join("");
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/gu, String.raw`\$&`)}'`;
}

// `dashleaks help`, `--help`: made from the flag table.
import { UserError } from "../model/errors.js";
import type { ExitStatus } from "./exit-status.js";
import { commands } from "./commands.js";
import { commandNames, flags, type CommandName, type Flag } from "./flags.js";
import { noMoreOperands, type Typed } from "./parse.js";
import { print } from "./show-report.js";

/** Prints the overview, or a command's help. */
export async function helpCommand(typed: Typed): Promise<ExitStatus> {
  const [operand, ...more] = typed.operands;
  const asked = typed.command === "help" ? operand : typed.command;
  const name = commandNames.find((known) => known === asked);
  if (asked !== undefined && name === undefined) {
    throw new UserError(`there is no command "${asked}"`, `Known: ${commandNames.join(", ")}.`);
  }
  if (typed.command === "help") noMoreOperands(more, `help ${asked ?? ""}`.trimEnd());
  const overview = name === undefined || (name === "scan" && typed.command !== "help");
  await print(overview ? overviewHelp() : commandHelp(name));
  return 0;
}

/** What `dashleaks --help` prints. */
export function overviewHelp(): string {
  const width = Math.max(...commandNames.map((name) => name.length));
  const lines = commandNames.map((name) => `  ${name.padEnd(width)}  ${commands[name].summary}`);
  return [
    "dashleaks finds leaked Alibaba Cloud Model Studio (DashScope, Qwen Cloud) API keys in a",
    "working tree and in the whole of git history, and says what to reset.",
    "",
    "Usage: dashleaks [scan] [PATH…] [FLAGS]",
    "       dashleaks COMMAND [FLAGS]",
    "",
    "Commands:",
    ...lines,
    "",
    ...examplesOf("scan"),
    "",
    ...flagsOf("scan"),
    "Exit status: 0 clean, 1 keys found, 2 the job could not be done or is incomplete.",
    "",
  ].join("\n");
}

/** What `dashleaks help COMMAND` prints. */
export function commandHelp(name: CommandName): string {
  const { operands, summary } = commands[name];
  return [
    summary,
    "",
    `Usage: dashleaks ${name}${operands ? ` ${operands}` : ""} [FLAGS]`,
    "",
    ...examplesOf(name),
    "",
    ...flagsOf(name),
  ].join("\n");
}

function examplesOf(name: CommandName): string[] {
  const { examples } = commands[name];
  const width = Math.max(...examples.map(({ line }) => line.length));
  return ["Examples:", ...examples.map(({ line, says }) => `  ${line.padEnd(width)}  # ${says}`)];
}

function flagsOf(name: CommandName): string[] {
  const mine = flags.filter((flag) => flag.commands.includes(name));
  const groups = [...new Set(mine.map(({ group }) => group))];
  const width = Math.max(...mine.map((flag) => flagWords(flag).length));
  return groups.flatMap((group) => [
    `${group.charAt(0).toUpperCase()}${group.slice(1)}:`,
    ...mine
      .filter((flag) => flag.group === group)
      .map((flag) => `  ${flagWords(flag).padEnd(width)}  ${flag.help}`),
    "",
  ]);
}

function flagWords({ name, short, value }: Flag): string {
  return `${short ? `-${short}, ` : "    "}--${name}${value ? ` ${value}` : ""}`;
}

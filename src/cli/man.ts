// The manual page, made from the table of commands and flags; the build writes it into the package.
// What the table says is left to flags.
import { commands } from "./commands.js";
import { commandNames, flags, type CommandName, type Flag } from "./flags.js";

/**
 * The page dashleaks(1) in the man macros. Source: man(7), groff_man(7).
 * @param version the program's version
 */
export function manPage(version: string): string {
  return [
    `.TH DASHLEAKS 1 "" "dashleaks ${escaped(version)}" "User Commands"`,
    ".SH NAME",
    String.raw`dashleaks \- find leaked DashScope API keys in files and git history`,
    ".SH SYNOPSIS",
    ".B dashleaks",
    "[scan] [PATH...] [FLAGS]",
    ".br",
    ".B dashleaks",
    "COMMAND [FLAGS]",
    ".SH DESCRIPTION",
    escaped(
      "Finds leaked Alibaba Cloud Model Studio (DashScope, Qwen Cloud) API keys in a working tree and in the whole of git history, says whether each is live, and what to reset. The key itself is printed nowhere.",
    ),
    ".SH COMMANDS",
    ...commandNames.flatMap(commandSection),
    ".SH FLAGS",
    ...[...new Set(flags.map(({ group }) => group))].flatMap((group) => [
      `.SS ${escaped(group.charAt(0).toUpperCase() + group.slice(1))}`,
      ...flags.filter((flag) => flag.group === group).flatMap(flagSection),
    ]),
    ".SH EXIT STATUS",
    ".TP\n.B 0\nClean; with prove, gone; with purge\\-plan, nothing to take out.",
    ".TP\n.B 1\nKeys found; with prove, something still holds a key.",
    ".TP\n.B 2\nThe job could not be done, or something was not looked at.",
    ".SH SEE ALSO",
    ".BR git (1),\n.BR git\\-filter\\-repo (1)",
    "",
  ].join("\n");
}

function commandSection(name: CommandName): string[] {
  const { operands, summary, examples } = commands[name];
  return [
    ".TP",
    `.B ${escaped(`${name} ${operands}`.trim())}`,
    escaped(summary),
    ...examples.flatMap(({ line, says }) => [
      ".RS",
      ".PP",
      `.B ${escaped(line)}`,
      ".br",
      escaped(`(${says})`),
      ".RE",
    ]),
  ];
}

function flagSection({ name, short, value, help, commands: mine }: Flag): string[] {
  const names = [...(short === undefined ? [] : [`-${short}`]), `--${name}`].join(", ");
  const where = mine.length === commandNames.length ? "" : ` [${mine.join(", ")}]`;
  return [
    ".TP",
    `.B ${escaped(`${names}${value === undefined ? "" : ` ${value}`}`)}`,
    escaped(help + where),
  ];
}

/** A backslash is printed as `\e`, `-` as `\-`; a line must not begin with a dot or a quote. */
function escaped(text: string): string {
  const plain = text
    .replaceAll("\\", String.raw`\e`)
    .replaceAll("-", String.raw`\-`)
    .replaceAll("…", "...");
  return /^[.']/u.test(plain) ? String.raw`\&${plain}` : plain;
}

// `dashleaks completions SHELL`: a script made from the flag table.
// How a shell loads it is said in the script's first line.
import { UserError } from "../model/errors.js";
import type { ExitStatus } from "./exit-status.js";
import { commands } from "./commands.js";
import { commandNames, flags, type CommandName, type Flag } from "./flags.js";
import { noMoreOperands, type Typed } from "./parse.js";
import { print } from "./show-report.js";

type Shell = "bash" | "zsh" | "fish" | "powershell";

const scripts = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
} satisfies Record<Shell, () => string>;

/** Prints the script. @throws UserError for a shell that is not known */
export async function completionsCommand(typed: Typed): Promise<ExitStatus> {
  const [shell, ...more] = typed.operands;
  if (shell === undefined || !Object.hasOwn(scripts, shell)) {
    throw new UserError(
      shell === undefined ? "completions needs the name of a shell" : `no completions for ${shell}`,
      `It is one of: ${Object.keys(scripts).join(", ")}.`,
    );
  }
  noMoreOperands(more, `completions ${shell}`);
  await print(scripts[shell as Shell]());
  return 0;
}

function flagsOf(command: CommandName): readonly Flag[] {
  return flags.filter((flag) => flag.commands.includes(command));
}

function words(command: CommandName): string {
  return [
    ...flagsOf(command).map(({ name }) => `--${name}`),
    ...commands[command].subcommands,
  ].join(" ");
}

const withChoices = flags.filter((flag) => flag.choices !== undefined);

function bashScript(): string {
  return `# dashleaks completions for bash: source <(dashleaks completions bash)
_dashleaks() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=scan words
  case \${COMP_WORDS[1]} in ${commandNames.join("|")}) command=\${COMP_WORDS[1]} ;; esac
  # bash splits at "=", so that --flag=value arrives as three words
  if [ "$word" = "=" ]; then word=; fi
  if [ "$before" = "=" ]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  case $before in
${withChoices.map(({ name, choices }) => `    --${name}) COMPREPLY=($(compgen -W "${choices?.join(" ")}" -- "$word")); return ;;`).join("\n")}
  esac
  case $command in
${commandNames.map((name) => `    ${name}) words="${words(name)}" ;;`).join("\n")}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${commandNames.join(" ")} $words"; fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _dashleaks dashleaks
`;
}

function zshScript(): string {
  const quoted = (text: string): string => text.replaceAll("'", String.raw`'\''`);
  const specification = ({ name, value, choices, multiple, help }: Flag): string => {
    const about = quoted(help.replaceAll(/[[\]:]/gu, " "));
    const action = choices ? `(${choices.join(" ")})` : "_files";
    return `'${multiple ? "*" : ""}--${name}${value ? "=" : ""}[${about}]${value ? `:${value}:${action}` : ""}'`;
  };
  const argumentsOf = (name: CommandName): string => {
    const { subcommands } = commands[name];
    const operand = subcommands.length > 0 ? `(${subcommands.join(" ")})` : "_files";
    return [...flagsOf(name).map(specification), `'*:argument:${operand}'`].join(" \\\n        ");
  };
  return `#compdef dashleaks
# dashleaks completions for zsh: source <(dashleaks completions zsh)
_dashleaks() {
  local command=scan
  if (( CURRENT == 2 )); then
    local -a names=(${commandNames.map((name) => `'${name}:${quoted(commands[name].summary.replaceAll(":", " "))}'`).join(" ")})
    [[ $words[2] == -* ]] || _describe command names
  fi
  case $words[2] in
    ${commandNames.join("|")}) command=$words[2]; words=("$words[1]" "\${(@)words[3,-1]}"); (( CURRENT-- )) ;;
  esac
  case $command in
${commandNames.map((name) => `    ${name}) _arguments ${argumentsOf(name)} ;;`).join("\n")}
  esac
}
compdef _dashleaks dashleaks
`;
}

function fishScript(): string {
  const quoted = (text: string): string => `'${text.replaceAll(/['\\]/gu, String.raw`\$&`)}'`;
  const all = commandNames.join(" ");
  const condition = (names: readonly CommandName[]): string => {
    const list = names.filter((name) => name !== "scan").join(" ");
    const seen = list ? `__fish_seen_subcommand_from ${list}` : "false";
    return names.includes("scan")
      ? `${seen}; or not __fish_seen_subcommand_from ${commandNames.filter((name) => name !== "scan").join(" ")}`
      : seen;
  };
  return [
    "# dashleaks completions for fish: dashleaks completions fish | source",
    ...commandNames.map(
      (name) =>
        `complete -c dashleaks -n ${quoted(`not __fish_seen_subcommand_from ${all}`)} -a ${name} -d ${quoted(commands[name].summary)}`,
    ),
    ...commandNames.flatMap((name) =>
      commands[name].subcommands.map(
        (sub) =>
          `complete -c dashleaks -n ${quoted(`__fish_seen_subcommand_from ${name}`)} -a ${sub}`,
      ),
    ),
    ...flags.map(({ name, short, value, choices, help, commands: mine }) =>
      [
        `complete -c dashleaks -n ${quoted(condition(mine))} -l ${name}`,
        short ? ` -s ${short}` : "",
        value ? " -r" : "",
        choices ? ` -f -a ${quoted(choices.join(" "))}` : "",
        ` -d ${quoted(help)}`,
      ].join(""),
    ),
    "",
  ].join("\n");
}

function powershellScript(): string {
  const list = (entries: readonly string[]): string =>
    `@(${entries.map((entry) => `'${entry.replaceAll("'", "''")}'`).join(", ")})`;
  return `# dashleaks completions for PowerShell: dashleaks completions powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName dashleaks -ScriptBlock {
  param($word, $ast, $position)
  $commands = ${list(commandNames)}
  $words = @{
${commandNames.map((name) => `    '${name}' = ${list(words(name).split(" "))}`).join("\n")}
  }
  $choices = @{
${withChoices.map(({ name, choices }) => `    '--${name}' = ${list(choices ?? [])}`).join("\n")}
  }
  $typed = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { "$_" })
  $command = if ($typed.Count -gt 1 -and $commands -contains $typed[1]) { $typed[1] } else { 'scan' }
  $offers = $words[$command]
  if ($typed.Count -le 1) { $offers = $commands + $offers }
  if ($typed.Count -gt 1 -and $choices.ContainsKey($typed[-1])) { $offers = $choices[$typed[-1]] }
  $offers | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}

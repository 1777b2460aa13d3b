// Completions for zsh. What is offered is left to offers.
import { commands } from "../commands.js";
import { commandNames, type CommandName, type Flag } from "../flags.js";
import { flagsOf } from "./offers.js";

/** @returns a script to be sourced, or to be put on fpath */
export function zshScript(): string {
  const argumentsOf = (name: CommandName): string =>
    [...flagsOf(name).flatMap(specifications), ...operandsOf(name)].join(" \\\n        ");
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

/** As _arguments wants them; source: zshcompsys(1). */
function specifications({ name, short, value, choices, multiple, help }: Flag): string[] {
  const about = quoted(help.replaceAll(/[[\]:]/gu, " "));
  const action = choices ? `(${choices.join(" ")})` : "_files";
  const rest = `[${about}]${value ? `:${value}:${action}` : ""}'`;
  const times = multiple ? "*" : "";
  return [
    `'${times}--${name}${value ? "=" : ""}${rest}`,
    ...(short === undefined ? [] : [`'${times}-${short}${value ? "+" : ""}${rest}`]),
  ];
}

function operandsOf(name: CommandName): string[] {
  const { subcommands, furtherOperands, takesFiles } = commands[name];
  if (takesFiles) return ["'*:file:_files'"];
  return [
    ...(subcommands.length > 0 ? [`'1:word:(${subcommands.join(" ")})'`] : []),
    ...(furtherOperands.length > 0 ? [`'*:word:(${furtherOperands.join(" ")})'`] : []),
  ];
}

function quoted(text: string): string {
  return text.replaceAll("'", String.raw`'\''`);
}

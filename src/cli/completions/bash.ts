// Completions for bash. What is offered is left to offers.
import { commands } from "../commands.js";
import { commandNames } from "../flags.js";
import { spellings, takeValue, withChoices, withOtherValue, words } from "./offers.js";

/** @returns a script to be sourced; it works from bash 3.2 on, which macOS has */
export function bashScript(): string {
  const withoutFiles = commandNames.filter((name) => !commands[name].takesFiles);
  return `# dashleaks completions for bash: source <(dashleaks completions bash)
_dashleaks() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=scan words further
  local index value= operands=0
  case \${COMP_WORDS[1]} in ${commandNames.join("|")}) command=\${COMP_WORDS[1]} ;; esac
  # bash splits at "=", so that --flag=value arrives as three words
  if [ "$word" = "=" ]; then word=; fi
  if [ "$before" = "=" ]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  case $before in
${withChoices.map((flag) => `    ${spellings(flag).join("|")}) COMPREPLY=($(compgen -W "${flag.choices?.join(" ")}" -- "$word")); return ;;`).join("\n")}
    ${withOtherValue.flatMap(spellings).join("|")}) COMPREPLY=(); return ;;
  esac
  for ((index = 2; index < COMP_CWORD; index++)); do
    case \${COMP_WORDS[index]} in
    =|${takeValue.join("|")}) value=1 ;;
    -*) value= ;;
    *) if [ -n "$value" ]; then value=; else operands=$((operands + 1)); fi ;;
    esac
  done
  case $command in
${commandNames.map((name) => `    ${name}) words="${words(name, "first").join(" ")}" further="${words(name, "further").join(" ")}" ;;`).join("\n")}
  esac
  if [ "$operands" -gt 0 ]; then words=$further; fi
  if [ "$COMP_CWORD" -eq 1 ]; then words="${commandNames.join(" ")} $words"; fi
  case $command in ${withoutFiles.join("|")}) compopt +o default 2>/dev/null ;; esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _dashleaks dashleaks
`;
}

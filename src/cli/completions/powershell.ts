// Completions for PowerShell. What is offered is left to offers.
import { commandNames } from "../flags.js";
import { spellings, withChoices, words } from "./offers.js";

/** @returns a script to be run by Invoke-Expression */
export function powershellScript(): string {
  const table = (operand: "first" | "further"): string =>
    commandNames.map((name) => `    '${name}' = ${list(words(name, operand))}`).join("\n");
  return `# dashleaks completions for PowerShell: dashleaks completions powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName dashleaks -ScriptBlock {
  param($word, $ast, $position)
  $commands = ${list(commandNames)}
  $words = @{
${table("first")}
  }
  $further = @{
${table("further")}
  }
  # Keys of @{} do not tell -f from -F.
  $choices = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
${withChoices.flatMap((flag) => spellings(flag).map((spelling) => `  $choices['${spelling}'] = ${list(flag.choices ?? [])}`)).join("\n")}
  $typed = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { "$_" })
  $command = if ($typed.Count -gt 1 -and $commands -contains $typed[1]) { $typed[1] } else { 'scan' }
  $operands = @($typed | Select-Object -Skip 2 | Where-Object { $_ -notlike '-*' })
  $offers = if ($operands.Count -gt 0) { $further[$command] } else { $words[$command] }
  if ($typed.Count -le 1) { $offers = $commands + $offers }
  if ($typed.Count -gt 1 -and $choices.ContainsKey($typed[-1])) { $offers = $choices[$typed[-1]] }
  $offers | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}

function list(entries: readonly string[]): string {
  return `@(${entries.map((entry) => `'${entry.replaceAll("'", "''")}'`).join(", ")})`;
}

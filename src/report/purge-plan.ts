// A purge plan as text. The same as JSON is the plan itself; deciding is left to findings.
import type { PurgePlan, PurgeRecipe } from "../model/index.js";
import { palette } from "./colour.js";
import { neutral } from "./neutral.js";

const titles = {
  nothing: "Nothing to take out",
  "clear-residue": "Clear what only this clone still holds",
  edit: "Take it out of the files",
  unstage: "Take it out of what is staged",
  "delete-ref": "Delete the refs or notes that hold it",
  amend: "Replace the last commit",
  rebase: "Rebase your own commits",
  "filter-repo": "Rewrite history with git filter-repo",
} as const satisfies Record<PurgeRecipe, string>;

/** Writes a plan for people. */
export function purgePlanText(plan: PurgePlan, options: { readonly colour: boolean }): string {
  const paint = palette(options.colour);
  const list = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [title, ...lines.map((line) => `  - ${neutral(line)}`), ""];
  return [
    paint.key(titles[plan.recipe]),
    ...plan.keys.map(
      ({ masked, exposure, recipe }) =>
        `  ${neutral(masked)}  ${exposure}${recipe === plan.recipe ? "" : ` (${titles[recipe].toLowerCase()})`}`,
    ),
    "",
    ...plan.steps.flatMap(({ text, command, url }, index) => [
      `${index + 1}. ${neutral(text)}`,
      ...(command === undefined ? [] : [`   ${paint.command(neutral(command))}`]),
      ...(url === undefined ? [] : [`   ${paint.link(url)}`]),
    ]),
    ...(plan.steps.length > 0 ? [""] : []),
    ...block("expressions.txt", plan.expressions),
    ...block("objects.txt", plan.objects),
    ...list("Tell:", plan.tell),
    ...list("This does not undo:", plan.notUndone),
  ].join("\n");
}

function block(name: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${name}:`, ...lines.map((line) => `    ${line}`), ""];
}

// `dashleaks rules list|check`: which rules hold, and whether each proves itself.
// Running the examples is left to ruleset; the tests run the same function.
import { UserError } from "../model/errors.js";
import { checkRules } from "../ruleset/check.js";
import { listRules, type RuleSummary } from "../ruleset/list.js";
import { loadRuleset } from "../ruleset/load.js";
import type { ExitStatus } from "./exit-status.js";
import { noMoreOperands, type Typed } from "./parse.js";
import { planScan } from "./scan-plan.js";
import { print } from "./show-report.js";

/** Runs the subcommand. Exit 1 when an example is missed or a counter-example alarms. */
export async function rulesCommand(typed: Typed): Promise<ExitStatus> {
  const [subcommand, ...more] = typed.operands;
  if (subcommand !== "list" && subcommand !== "check") {
    throw new UserError("rules needs a word: list or check", "See dashleaks help rules.");
  }
  noMoreOperands(more, `rules ${subcommand}`);
  const { scan } = await planScan({ ...typed, operands: [] });
  const ruleset = loadRuleset({ userFiles: scan.rules ?? [] });
  const json = typed.flags.has("json");
  if (subcommand === "list") {
    const rules = listRules(ruleset);
    await print(json ? `${JSON.stringify(rules, null, 2)}\n` : table(rules));
    return 0;
  }
  const check = checkRules(ruleset);
  await print(
    json
      ? `${JSON.stringify(check, null, 2)}\n`
      : [
          ...check.problems.map(
            ({ rule, recipe, problem }) => `${rule}: ${problem}\n  in: ${recipe}`,
          ),
          `${check.rules} rules, ${check.examples} examples, ${check.problems.length} problems\n`,
        ].join("\n"),
  );
  return check.problems.length > 0 ? 1 : 0;
}

function table(rules: readonly RuleSummary[]): string {
  const rows = [
    ["RULE", "KIND", "PROVIDER", "PROOF", "TITLE"],
    ...rules.map(({ id, kind, provider, proof, title }) => [
      id,
      kind,
      provider,
      proof ?? "-",
      title,
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

// `dashleaks purge-plan`: an audit -> the recipe that takes the keys out, as text or JSON.
// Which recipe it is, is left to findings (purge-plan); nothing is changed here.
import { open } from "node:fs/promises";
import { literalLine } from "../findings/key-expressions.js";
import { UserError, type Finding } from "../model/index.js";
import { keysToPurge, planPurge } from "../plan-purge.js";
import type { ExitStatus } from "./exit-status.js";
import { writeReport } from "./output.js";
import type { Typed } from "./parse.js";
import { runScan } from "./scan-command.js";
import { all, one, planScan } from "./scan-plan.js";
import { print } from "./show-report.js";

/** Plans; the status is 0 with nothing to take out, 1 with a recipe, 2 when the audit is incomplete. */
export async function purgePlanCommand(typed: Typed): Promise<ExitStatus> {
  const plan = await planScan({ ...typed, operands: [] });
  const fingerprints = typed.operands.map(checkedFingerprint);
  // As a proof does: a key that was named is taken out of whatever holds it. Without a name, what git
  // ignores is where keys belong.
  const scope = { kind: "everything", ignored: fingerprints.length > 0 } as const;
  const report = await runScan({ ...plan, scan: { ...plan.scan, scope, paths: [plan.root] } });
  const recipe = await planPurge(report, { path: plan.root, fingerprints });
  const file = one(typed, "expressions");
  if (file !== null) await writeExpressions(file, keysToPurge(report, fingerprints));
  const json = `${JSON.stringify({ schemaVersion: 1, ...recipe }, null, 2)}\n`;
  for (const output of all(typed, "output")) await writeReport(output, json);
  const { purgePlanText } = await import("../report/purge-plan.js");
  await print(typed.flags.has("json") ? json : purgePlanText(recipe, plan.look));
  for (const { message, incomplete } of report.notices) {
    if (incomplete) process.stderr.write(`dashleaks: ${message}\n`);
  }
  if (recipe.recipe !== "nothing") return 1;
  return report.complete ? 0 : 2;
}

function checkedFingerprint(operand: string): string {
  if (/^(?:hmac-)?sha256:[0-9a-f]{64}$/u.test(operand)) return operand;
  throw new UserError(
    "purge-plan takes fingerprints",
    "Copy them from a JSON report; without any, the plan is for every key found here.",
  );
}

/** The one file that holds keys: new, and for this user alone. */
async function writeExpressions(file: string, findings: readonly Finding[]): Promise<void> {
  const lines = findings.map(({ secret }) => `${literalLine(secret.reveal())}\n`);
  try {
    const handle = await open(file, "wx", 0o600);
    await handle.writeFile(lines.join(""));
    await handle.close();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      `the expressions file ${file} cannot be written (${code ?? "unknown error"})`,
      code === "EEXIST" ? "It is there already: delete it, or name another." : null,
    );
  }
}

// `dashleaks merge`: the JSON reports of several runs -> one report in any format.
// How they are joined is left to findings (merge).
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { mergeReports } from "../findings/merge.js";
import { UserError } from "../model/errors.js";
import { parseReport, type PublishedReport } from "../report/index.js";
import { exitStatusOf, type ExitStatus } from "./exit-status.js";
import { destinations, type Format } from "./output.js";
import type { Typed } from "./parse.js";
import { all, exitPolicy, lookOf } from "./scan-plan.js";
import { showReport } from "./show-report.js";

/** Joins reports and shows the result; the status is that of the whole. */
export async function mergeCommand(typed: Typed): Promise<ExitStatus> {
  const startedAt = new Date();
  if (typed.operands.length === 0) {
    throw new UserError(
      "merge needs the reports to join",
      "Give files that dashleaks scan --format json wrote.",
    );
  }
  const reports = await Promise.all(typed.operands.map(readReport));
  const merged: PublishedReport = { schemaVersion: 1, ...mergeReports(reports) };
  const shown = destinations(
    all(typed, "format") as readonly Format[],
    all(typed, "output").map((file) => resolve(file)),
  );
  await showReport(merged, shown, lookOf(typed), { startedAt, finishedAt: new Date() });
  return exitStatusOf(merged.keys, merged.complete, exitPolicy(typed));
}

/**
 * Reads a report back from a file.
 * @throws UserError when it cannot be read or is no report
 */
export async function readReport(file: string): Promise<PublishedReport> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      `the report ${file} cannot be read (${error.code})`,
      "Name a file that dashleaks scan --format json wrote.",
    );
  });
  return parseReport(text, file);
}

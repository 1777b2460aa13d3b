// `dashleaks verify`: asks the API about keys on standard input, in variables that are named, or in
// an earlier report. A key is never taken from the command line, which others can read.
import { readFile } from "node:fs/promises";
import { UserError } from "../model/errors.js";
import type { ExitStatus } from "./exit-status.js";
import type { Typed } from "./parse.js";
import { scanAndShow } from "./scan-command.js";
import { all, planScan, type ScanPlan } from "./scan-plan.js";
import { verifyOptions, verifyStage } from "./verify-options.js";

/** Verifies, and shows the report of these keys alone. */
export async function verifyCommand(typed: Typed): Promise<ExitStatus> {
  const names = all(typed, "env");
  const [file, ...more] = typed.operands;
  if (more.length > 0 || (file !== undefined && names.length > 0)) {
    throw new UserError("verify takes one report, or --env, or standard input");
  }
  const plan = await planScan({ ...typed, operands: [] });
  const options = verifyOptions(typed, plan.configs);
  if (file !== undefined) {
    const wanted = await fingerprintsOf(file);
    return scanAndShow(plan, (signal) => ({
      verify: async (keys) =>
        verifyStage(options, signal)(keys.filter(({ fingerprint }) => wanted.has(fingerprint))),
      judge: (findings) => ({
        findings: findings.filter(({ fingerprint }) => wanted.has(fingerprint)),
        notices: [],
      }),
    }));
  }
  const input = names.length > 0 ? variables(names) : process.stdin;
  return scanAndShow(onlyInput(plan, input), (signal) => ({
    verify: verifyStage(options, signal),
  }));
}

/** The report names keys by fingerprint only; the keys are found again in the repository. */
async function fingerprintsOf(file: string): Promise<ReadonlySet<string>> {
  const { parseReport } = await import("../report/index.js");
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new UserError(
      `the report ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`,
      "Name a file that dashleaks wrote with --format json. A key is read from standard input only.",
    );
  }
  return new Set(parseReport(text, file).keys.map(({ fingerprint }) => fingerprint));
}

function onlyInput(plan: ScanPlan, standardInput: AsyncIterable<Uint8Array>): ScanPlan {
  return { ...plan, scan: { ...plan.scan, paths: ["-"], standardInput } };
}

/** `NAME=value` lines: the name is context that tells the provider. */
async function* variables(names: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const name of names) {
    const value = process.env[name];
    if (value === undefined || value === "") {
      throw new UserError(`the variable ${name} is not set`, "Export it, or use standard input.");
    }
    yield Buffer.from(`${name}=${value}\n`);
  }
}

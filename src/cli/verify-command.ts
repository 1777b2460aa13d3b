// `dashleaks verify`: asks the API about keys on standard input, in variables that are named, or in
// an earlier report. A key is never taken from the command line, which others can read.
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { UserError } from "../model/errors.js";
import type { Notice } from "../model/notice.js";
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
    return scanAndShow(plan, ({ signal, onAsked }) => ({
      verify: async (keys) =>
        verifyStage(
          options,
          signal,
          onAsked,
        )(keys.filter(({ fingerprint }) => wanted.has(fingerprint))),
      judge: (findings) => {
        const found = findings.filter(({ fingerprint }) => wanted.has(fingerprint));
        return { findings: found, notices: notFound(wanted.size - found.length, file) };
      },
    }));
  }
  const input = names.length > 0 ? variables(names) : process.stdin;
  // Who gives a key here, where only DashScope is asked, says whose it is.
  const asking = { ...options, verifyAmbiguous: true };
  return scanAndShow(onlyInput(plan, input), ({ signal, onAsked }) => ({
    verify: verifyStage(asking, signal, onAsked),
  }));
}

function notFound(count: number, file: string): Notice[] {
  if (count === 0) return [];
  const message = `${count} ${count === 1 ? "key" : "keys"} of ${file} could not be asked about, because not found here any more. Give the key on standard input.`;
  return [{ kind: "notice", code: "verification", message, incomplete: true }];
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

/**
 * `NAME=value` lines: the name is context that tells the provider.
 * @throws UserError for a variable that is not set, before anything is done
 */
function variables(names: readonly string[]): AsyncIterable<Uint8Array> {
  const lines = names.map((name) => {
    const value = process.env[name];
    if (value === undefined || value === "") {
      throw new UserError(`the variable ${name} is not set`, "Export it, or use standard input.");
    }
    return Buffer.from(`${name}=${value}\n`);
  });
  return Readable.from(lines);
}

// `dashleaks scan`: plan, scan, show, exit status.
import { UserError } from "../model/errors.js";
import type { Report } from "../model/report.js";
import { scan, type ScanOptions } from "../scan.js";
import { baselineStage } from "./baseline-stage.js";
import { exitStatus, type ExitStatus } from "./exit-status.js";
import type { Typed } from "./parse.js";
import { planScan, type ScanPlan } from "./scan-plan.js";
import { showReport } from "./show-report.js";
import { progressDisplay } from "./terminal.js";
import { verifyOptions, verifyStage } from "./verify-options.js";

/** Runs the audit, or the part of it that was asked for. */
export async function scanCommand(typed: Typed): Promise<ExitStatus> {
  const plan = await planScan(typed);
  const judge = await baselineStage(typed, plan);
  const asking = typed.flags.has("verify") ? verifyOptions(typed, plan.configs) : null;
  return scanAndShow(plan, (signal) => ({
    ...(judge ? { judge } : {}),
    ...(asking ? { verify: verifyStage(asking, signal) } : {}),
  }));
}

/** Stages of a scan that need to know when the user interrupts. */
export type Stages = (signal: AbortSignal) => Pick<ScanOptions, "judge" | "verify">;

/** Scans, shows the report, and gives the exit status. */
export async function scanAndShow(plan: ScanPlan, stages: Stages): Promise<ExitStatus> {
  const startedAt = new Date();
  const report = await runScan(plan, stages);
  const { publish } = await import("../report/index.js");
  const duration = { startedAt, finishedAt: new Date() };
  await showReport(publish(report), plan.destinations, plan.look, duration);
  return exitStatus(report, plan.exit);
}

/**
 * Scans with a progress bar. Ctrl-C ends questions to the API and standard input with what is known.
 * @throws UserError when it ends the reading of a repository, of which then nothing can be said
 */
export async function runScan(plan: ScanPlan, stages: Stages = () => ({})): Promise<Report> {
  const interruption = new AbortController();
  const interrupt = (): void => {
    interruption.abort();
    process.stdin.destroy(); // a read that waits for a terminal would wait on
  };
  process.once("SIGINT", interrupt);
  const display = progressDisplay(plan.look.progress);
  try {
    return await scan({
      standardInput: process.stdin,
      ...plan.scan,
      ...stages(interruption.signal),
      signal: interruption.signal,
      onProgress: (done) => display.update(done),
    });
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    throw new UserError(
      "interrupted before everything was looked at",
      "Nothing is said of the rest: run again.",
    );
  } finally {
    display.stop();
    process.off("SIGINT", interrupt);
  }
}

// `dashleaks scan`: plan, scan, show, exit status.
import { UserError } from "../model/errors.js";
import type { Report } from "../model/report.js";
import type { ScanOptions } from "../scan.js";
import { baselineStage } from "./baseline-stage.js";
import { exitStatus, type ExitStatus } from "./exit-status.js";
import type { Typed } from "./parse.js";
import { planScan, type ScanPlan } from "./scan-plan.js";
import { scanWhatIsNew } from "./scan-what-is-new.js";
import { showReport } from "./show-report.js";
import { progressDisplay } from "./terminal.js";
import { verifyOptions, verifyStage } from "./verify-options.js";

/** Runs the audit, or the part of it that was asked for. */
export async function scanCommand(typed: Typed): Promise<ExitStatus> {
  const plan = await planScan(typed);
  const judge = await baselineStage(typed, plan);
  const asking = typed.flags.has("verify") ? verifyOptions(typed, plan.configs) : null;
  return scanAndShow(plan, ({ signal, onAsked }) => ({
    ...(judge ? { judge } : {}),
    ...(asking ? { verify: verifyStage(asking, signal, onAsked) } : {}),
  }));
}

/** What a stage of a scan is given by the terminal. */
export interface Terminal {
  /** The user interrupts. */
  readonly signal: AbortSignal;
  /** Shows how many keys the API was asked about. */
  readonly onAsked: (asked: { readonly done: number; readonly total: number }) => void;
}

export type Stages = (terminal: Terminal) => Pick<ScanOptions, "judge" | "verify">;

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
    const options: ScanOptions = {
      standardInput: process.stdin,
      ...plan.scan,
      ...stages({ signal: interruption.signal, onAsked: (asked) => display.asked(asked) }),
      signal: interruption.signal,
      onProgress: (done) => display.update(done),
    };
    const report = await scanWhatIsNew(options, plan.exit.failOn);
    return interruption.signal.aborted ? cutShort(report) : report;
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

/** What is known stands; that it is not everything is said. */
function cutShort(report: Report): Report {
  const notice = {
    kind: "notice",
    code: "interrupted",
    message:
      "The run was interrupted: what is said is true, but not everything was looked at or asked.",
    incomplete: true,
  } as const;
  return { ...report, complete: false, notices: [notice, ...report.notices] };
}

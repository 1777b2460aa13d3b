// `dashleaks ci`: finds out what the job is about, scans that, and reports where the platform looks.
// Reading the platform's variables is left to hooks/ci, scanning and formats to their rooms.
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { ciPlan, ciPlatformOf, fullCloneSetting, type CiPlan } from "../hooks/ci.js";
import { ciReports } from "../hooks/ci-reports.js";
import { hookEnvironment } from "../hooks/environment.js";
import { UserError } from "../model/errors.js";
import type { Notice } from "../model/index.js";
import type { ScanOptions } from "../scan.js";
import { changedFiles } from "../sources/introduced-by.js";
import type { Outgoing } from "../sources/outgoing.js";
import { locateRepository, type LocatedRepository } from "../sources/repository.js";
import { baselineFile, baselineStage } from "./baseline-stage.js";
import { exitStatus, type ExitStatus } from "./exit-status.js";
import type { Destination } from "./output.js";
import type { Typed } from "./parse.js";
import { runScan } from "./scan-command.js";
import { all, planScan, type ScanPlan } from "./scan-plan.js";
import { print, showReport } from "./show-report.js";
import { verifyOptions, verifyStage } from "./verify-options.js";

/** Runs the job. Exit status as for scan; 2 for a clone in which the change cannot be seen. */
export async function ciCommand(typed: Typed): Promise<ExitStatus> {
  if (typed.operands.length > 0) {
    throw new UserError("ci takes no paths", "Use dashleaks scan to look at some files only.");
  }
  const ci = await planOfJob();
  const environment = hookEnvironment(process.env, process.cwd());
  const repository = await locateRepository(process.cwd(), environment);
  if (repository === null) {
    throw new UserError("this job stands in no git repository", "Check out the repository first.");
  }
  if (repository.shallow && !typed.flags.has("allow-incomplete")) {
    throw new UserError(
      "this is a shallow clone, so what the change brings cannot be seen",
      fullCloneSetting[ci.platform],
    );
  }
  const outgoing = outgoingOf(ci);
  const typedPlan = await planScan(typed);
  const plan: ScanPlan = {
    ...typedPlan,
    scan: {
      ...typedPlan.scan,
      cameFromRemote: true,
      scope: outgoing === null ? { kind: "audit" } : { kind: "outgoing", outgoing },
    },
    destinations: destinationsOf(typed, typedPlan, ci),
  };
  process.stderr.write(`dashleaks ci: ${ci.platform}: ${ci.reason}\n`);
  const changed = outgoing === null ? [] : await changedGates(repository, outgoing, typed, plan);
  const judge = withNotices(await baselineStage(typed, plan), changed);
  const asking = typed.flags.has("verify") ? verifyOptions(typed, plan.configs) : null;
  const startedAt = new Date();
  const report = await runScan(plan, ({ signal, onAsked }) => ({
    judge,
    ...(asking ? { verify: verifyStage(asking, signal, onAsked) } : {}),
  }));
  const { githubSummary, publish, reporters } = await import("../report/index.js");
  const published = publish(report);
  for (const { file } of plan.destinations) {
    if (file !== null) await mkdir(dirname(file), { recursive: true });
  }
  const duration = { startedAt, finishedAt: new Date() };
  await showReport(published, plan.destinations, plan.look, duration);
  if (ci.platform === "github") {
    if (!plan.look.quiet) await print(reporters.github(published));
    await writeSummary(githubSummary(published));
  }
  return exitStatus(report, plan.exit);
}

async function planOfJob(): Promise<CiPlan> {
  const { default: ci } = await import("ci-info");
  return ciPlan(ciPlatformOf(ci.id), process.env, await githubEvent());
}

async function githubEvent(): Promise<unknown> {
  const path = process.env["GITHUB_EVENT_PATH"];
  if (path === undefined || path === "") return undefined;
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new UserError(
      `the event ${path} cannot be read`,
      "GITHUB_EVENT_PATH is set by the runner; leave it as it is.",
      { cause: error },
    );
  }
}

function outgoingOf({ scope }: CiPlan): Outgoing | null {
  if (scope.kind === "all") return null;
  const { tip, known, names } = scope;
  return { tips: [tip], names, known: { revisions: known, refs: { kind: "none" } } };
}

/** What was typed; else the terminal's text and the file that the platform reads. */
function destinationsOf(
  typed: Typed,
  plan: ScanPlan,
  { platform }: CiPlan,
): readonly Destination[] {
  const report = ciReports[platform];
  if (report === null || all(typed, "output").length > 0) return plan.destinations;
  return [...plan.destinations, { format: report.format, file: resolve(report.file) }];
}

/** A change that also changes what lets keys pass should be looked at by a person. */
async function changedGates(
  repository: LocatedRepository,
  outgoing: Outgoing,
  typed: Typed,
  plan: ScanPlan,
): Promise<readonly Notice[]> {
  const { worktree } = repository;
  if (worktree === null) return [];
  const { path } = baselineFile(typed, plan);
  const gates = [path, plan.configs.project.path ?? ".dashleaks.toml"]
    .map((file) => resolve(worktree, file))
    .filter((file) => !relative(worktree, file).startsWith(".."));
  const changed = await changedFiles({ ...repository, worktree }, outgoing, gates, {
    environment: plan.scan.environment ?? {},
  });
  return changed.map((subject) => ({
    kind: "notice",
    code: "baseline-changed",
    message: `This change also changes ${subject}, which lets keys pass: have somebody read it.`,
    subject,
    incomplete: false,
  }));
}

function withNotices(
  judge: ScanOptions["judge"] | null,
  notices: readonly Notice[],
): NonNullable<ScanOptions["judge"]> {
  return (findings) => {
    const judged = judge?.(findings) ?? { findings, notices: [] };
    return { ...judged, notices: [...judged.notices, ...notices] };
  };
}

/** Source: docs.github.com, "Workflow commands", job summaries. */
async function writeSummary(text: string): Promise<void> {
  const file = process.env["GITHUB_STEP_SUMMARY"];
  if (file !== undefined && file !== "") await appendFile(file, text);
}

// `dashleaks hook run NAME`: what git told the hook -> a narrow scan -> refuse or let pass.
// Git's protocols are left to hooks, the words of a refusal to report.
import { readFile } from "node:fs/promises";
import { recordedMessage } from "../hooks/commit-message.js";
import { frameworkCall, hookEnvironment, type FrameworkCall } from "../hooks/environment.js";
import type { HookName } from "../hooks/hook-names.js";
import { pushRange, readPrePush, readPreReceive, receivedRange } from "../hooks/protocol.js";
import { UserError } from "../model/errors.js";
import type { Report } from "../model/index.js";
import type { Occasion } from "../report/refusal.js";
import type { ScanOptions } from "../scan.js";
import { gitText } from "../sources/git.js";
import type { Outgoing } from "../sources/outgoing.js";
import { baselineStage } from "./baseline-stage.js";
import { exitStatus, failsRun, type ExitStatus } from "./exit-status.js";
import type { Typed } from "./parse.js";
import { planScan, type ScanPlan } from "./scan-plan.js";
import { scanWhatIsNew } from "./scan-what-is-new.js";

/** What a hook looks at. */
interface Look {
  readonly occasion: Occasion;
  readonly scan: Pick<ScanOptions, "scope" | "paths" | "standardInput">;
}

type Hook = (args: readonly string[]) => Promise<Look | null>;

const hooks = {
  "pre-commit": preCommit,
  "commit-msg": commitMessage,
  "pre-push": prePush,
  "pre-receive": preReceive,
} as const satisfies Record<HookName, Hook>;

/** Time that a server's hook may take, unless DASHLEAKS_TIME_BUDGET (seconds) says otherwise. */
const receiveBudgetSeconds = 120;

/** Runs a hook; its arguments and standard input are those that git gives it. */
export async function runHook(
  name: HookName,
  args: readonly string[],
  typed: Typed,
): Promise<ExitStatus> {
  const hook: Hook = hooks[name];
  const look = await hook(args);
  if (look === null) return 0;
  const plan = await planScan({ ...typed, operands: [] });
  const judge = await baselineStage(typed, plan);
  const budget = name === "pre-receive" ? timeBudget() : null;
  const options: ScanOptions = {
    ...plan.scan,
    cache: false,
    ...look.scan,
    ...(judge ? { judge } : {}),
    ...(budget ? { signal: AbortSignal.timeout(budget * 1000) } : {}),
  };
  const report = await withinBudget(scanWhatIsNew(options, plan.exit.failOn), budget);
  await tell(look.occasion, report, plan);
  return exitStatus(report, plan.exit);
}

async function preCommit(): Promise<Look> {
  const call = frameworkCall(process.env);
  switch (call.kind) {
    case "none":
      return { occasion: "commit", scan: { scope: { kind: "staged" } } };
    case "by-hand":
      return { occasion: "tree", scan: { scope: { kind: "tree" } } };
    case "range":
      return { occasion: "push", scan: { scope: { kind: "outgoing", outgoing: between(call) } } };
  }
}

async function commitMessage(args: readonly string[]): Promise<Look> {
  const [file] = args;
  if (file === undefined) throw new UserError("commit-msg needs the file that holds the message");
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`the message ${file} cannot be read (${error.code ?? "unknown error"})`);
  });
  const [cleanup, commentPrefix] = await Promise.all(
    ["commit.cleanup", "core.commentChar"].map(setting),
  );
  const message = recordedMessage(bytes.toString("latin1"), {
    edited: process.env["GIT_EDITOR"] !== ":",
    cleanup: cleanup ?? null,
    commentPrefix: commentPrefix ?? null,
  });
  async function* standardInput(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(message, "latin1");
  }
  return { occasion: "message", scan: { paths: ["-"], standardInput: standardInput() } };
}

async function prePush(args: readonly string[]): Promise<Look | null> {
  const [remote] = args;
  const call = frameworkCall(process.env);
  switch (call.kind) {
    case "none": {
      const updates = readPrePush(await standardInputText());
      return published("push", pushRange(updates, remote ?? null, await remotes()));
    }
    case "range":
      return published("push", between(call));
    case "by-hand": {
      // That framework reads standard input itself, and tells no range where all is new.
      const { PRE_COMMIT_LOCAL_BRANCH: to, PRE_COMMIT_REMOTE_NAME: name } = process.env;
      const update = { ref: call.name ?? "", to: to || "HEAD", from: null };
      return published("push", pushRange([update], name || null, await remotes()));
    }
  }
}

async function preReceive(): Promise<Look | null> {
  return published("receive", receivedRange(readPreReceive(await standardInputText())));
}

function published(occasion: Occasion, outgoing: Outgoing): Look | null {
  if (outgoing.tips.length === 0) return null;
  return { occasion, scan: { scope: { kind: "outgoing", outgoing } } };
}

function between({ from, to, name }: FrameworkCall & { readonly kind: "range" }): Outgoing {
  const names = name === null ? [] : [name];
  return { tips: [to], names, known: { revisions: [from], refs: { kind: "none" } } };
}

async function tell(occasion: Occasion, report: Report, plan: ScanPlan): Promise<void> {
  if (plan.look.quiet) return;
  const notices = report.notices.filter(({ incomplete }) => incomplete);
  if (report.findings.length === 0 && notices.length === 0) return;
  const [{ publish }, { mention, refusal }, { neutral }] = await Promise.all([
    import("../report/publish.js"),
    import("../report/refusal.js"),
    import("../report/neutral.js"),
  ]);
  const { keys } = publish(report);
  const refused = keys.filter((_, at) => {
    const finding = report.findings[at];
    return finding !== undefined && failsRun(finding, plan.exit.failOn);
  });
  const parents = await parentCount(refused[0]?.places[0].commit ?? null);
  process.stderr.write(refusal(occasion, refused, parents));
  process.stderr.write(mention(keys.filter(({ suppressed }) => suppressed?.by === "head")));
  for (const { message } of notices) process.stderr.write(`dashleaks: ${neutral(message)}\n`);
}

/** How many parents a commit has; 0 for none. */
async function parentCount(commit: string | null): Promise<number> {
  if (commit === null) return 0;
  const environment = hookEnvironment(process.env, process.cwd());
  const args = ["rev-list", "--no-walk", "--parents", commit, "--"];
  return (await gitText(process.cwd(), args, { environment })).split(" ").length - 1;
}

function timeBudget(): number {
  const text = process.env["DASHLEAKS_TIME_BUDGET"];
  if (text === undefined || text === "") return receiveBudgetSeconds;
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new UserError(`DASHLEAKS_TIME_BUDGET is "${text}"`, "It is a number of seconds above 0.");
}

/** What could not be looked at in time is not clean. */
async function withinBudget(running: Promise<Report>, seconds: number | null): Promise<Report> {
  try {
    return await running;
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (seconds === null || (name !== "AbortError" && name !== "TimeoutError")) throw error;
    throw new UserError(
      `the check did not end within ${seconds} seconds`,
      "Push in smaller parts, or ask for a larger DASHLEAKS_TIME_BUDGET.",
      { cause: error },
    );
  }
}

async function setting(name: string): Promise<string | null> {
  const value = await gitText(process.cwd(), ["config", "--get", name], { allowStatus: [0, 1] });
  return value === "" ? null : value;
}

async function remotes(): Promise<readonly string[]> {
  const environment = hookEnvironment(process.env, process.cwd());
  // Outside of a repository the scan says so.
  const options = { environment, allowStatus: [0, 128] };
  return (await gitText(process.cwd(), ["remote"], options)).split("\n");
}

async function standardInputText(): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}

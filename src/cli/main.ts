// The edge: argv in, exit status out. Errors become one sentence here and nowhere else.
// Each command is a file of its own, loaded only when it is asked for.
import { availableParallelism } from "node:os";
import { UserError } from "../model/errors.js";
import { maskKeysIn } from "../model/secret.js";
import { neutral } from "../report/neutral.js";
import type { CommandName } from "./flags.js";
import { parse, type Typed } from "./parse.js";
import type { ExitStatus } from "./exit-status.js";

export type RunCommand = (typed: Typed) => Promise<ExitStatus>;

const loaders = {
  scan: async () => (await import("./scan-command.js")).scanCommand,
  ci: async () => (await import("./ci-command.js")).ciCommand,
  hook: async () => (await import("./hook-command.js")).hookCommand,
  verify: async () => (await import("./verify-command.js")).verifyCommand,
  prove: async () => (await import("./prove-command.js")).proveCommand,
  "purge-plan": async () => (await import("./purge-plan-command.js")).purgePlanCommand,
  merge: async () => (await import("./merge-command.js")).mergeCommand,
  baseline: async () => (await import("./baseline-command.js")).baselineCommand,
  rules: async () => (await import("./rules-command.js")).rulesCommand,
  completions: async () => (await import("./completions-command.js")).completionsCommand,
  help: async () => (await import("./help-command.js")).helpCommand,
} as const satisfies Partial<Record<CommandName, () => Promise<RunCommand>>>;

/**
 * Runs dashleaks.
 * @param argv arguments without node and script
 * @returns the exit status; nothing is thrown
 */
export async function main(argv: readonly string[]): Promise<ExitStatus> {
  // What cannot be written is told where it was to be printed, or, on standard error, to nobody.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  try {
    const typed = parse(argv);
    if (typed.flags.has("version")) {
      const [{ version }, { print }] = await Promise.all([
        import("../package/version.js"),
        import("./show-report.js"),
      ]);
      await print(`dashleaks ${version}\n`);
      return 0;
    }
    const load = (loaders as Partial<Record<CommandName, () => Promise<RunCommand>>>)[
      typed.flags.has("help") ? "help" : typed.command
    ];
    if (!load) throw new UserError(`dashleaks ${typed.command} is not there yet`);
    if (typed.command === "scan") await prepareThreads(typed);
    return await (
      await load()
    )(typed);
  } catch (error) {
    process.stderr.write(explain(error, argv.includes("--debug")));
    return 2;
  }
}

/** Threads start while everything else is being loaded. */
async function prepareThreads({ operands, flags }: Typed): Promise<void> {
  const isSmall = ["staged", "range", "help", "threads"].some((name) => flags.has(name));
  const [folder = ".", ...others] = operands;
  if (isSmall || others.length > 0) return;
  const { headStart } = await import("../sources/head-start.js");
  headStart(folder, availableParallelism() - 1);
}

/** One sentence for people; the stack only for those who asked for it. */
function explain(error: unknown, debug: boolean): string {
  // What somebody typed in the wrong place may be a key: it is not repeated.
  return maskKeysIn(explanation(error, debug));
}

function explanation(error: unknown, debug: boolean): string {
  if (debug && error instanceof Error) return `dashleaks: ${error.stack ?? error.message}\n`;
  if (error instanceof UserError) {
    const message = `dashleaks: ${neutral(error.message)}\n`;
    return error.remedy === null ? message : `${message}  ${neutral(error.remedy)}\n`;
  }
  if ((error as NodeJS.ErrnoException).syscall === "uv_cwd") {
    return "dashleaks: the current directory is gone\n  Change to a folder that exists.\n";
  }
  const what = error instanceof Error ? error.message : String(error);
  return `dashleaks: internal error: ${what}\n  Run again with --debug and report what it prints.\n`;
}

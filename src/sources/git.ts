// The only door to git: every git process of this tool is started here, with its options hardened.
// What the commands mean is left to the sources that call them.
import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { UserError } from "../model/errors.js";
import type { GitOptions } from "./git-options.js";

/**
 * Settings that a scanned repository could use to run a program or to reach the network; given on
 * the command line they win over its own configuration.
 * Source: git-config(1), git 2.39.
 */
export const hardenedConfig = [
  "core.fsmonitor=false", // may name a program
  "core.hooksPath=/dev/null", // post-index-change and reference-transaction hooks
  "core.pager=cat",
  "core.alternateRefsCommand=", // a program
  "core.sshCommand=false",
  "core.quotePath=false",
  "advice.graftFileDeprecated=false", // git says so of GIT_GRAFT_FILE=/dev/null, too
  "core.commitGraph=true",
  "diff.external=", // a program; --no-ext-diff is given as well where diffs are made
  "diff.ignoreSubmodules=all",
  "diff.renames=false",
  "diff.relative=false",
  "gpg.program=false", // log.showSignature would start it
  "log.showSignature=false",
  "log.mailmap=false",
  "i18n.logOutputEncoding=UTF-8",
  "protocol.allow=never", // no lazy fetch of a partial clone; see also GIT_ALLOW_PROTOCOL
  "credential.helper=",
  "submodule.recurse=false",
  "gc.auto=0",
  "maintenance.auto=false",
] as const;

/**
 * Variables that would make git do something else than what its arguments say, and those that
 * point at one repository (`git rev-parse --local-env-vars`): inside a hook git sets them for its
 * own repository, which need not be the one that is scanned. A hook passes on what it needs by
 * `environment`. GIT_CONFIG_COUNT stays: machines state their `safe.directory` by it.
 */
const removedVariables = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_IMPLICIT_WORK_TREE",
  "GIT_COMMON_DIR",
  "GIT_INDEX_FILE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_NAMESPACE",
  "GIT_PREFIX",
  "GIT_INTERNAL_SUPER_PREFIX",
  "GIT_SHALLOW_FILE",
  "GIT_REPLACE_REF_BASE",
  "GIT_CONFIG",
  "GIT_ATTR_SOURCE",
  "GIT_EXTERNAL_DIFF",
  "GIT_DIFF_OPTS",
  "GIT_PAGER",
  "GIT_TRACE",
  "GIT_TRACE2",
  "GIT_TRACE2_EVENT",
  "GIT_TRACE_PACKET",
  "GIT_TRACE_SETUP",
  "GIT_LITERAL_PATHSPECS",
  "GIT_GLOB_PATHSPECS",
  "GIT_NOGLOB_PATHSPECS",
  "GIT_ICASE_PATHSPECS",
  "GIT_CONFIG_PARAMETERS",
] as const;

/** The environment in which git runs, made from the caller's. */
export function gitEnvironment(
  base: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(base)) {
    if (value !== undefined) environment[name] = value;
  }
  for (const name of removedVariables) delete environment[name];
  return {
    ...environment,
    LC_ALL: "C",
    GIT_NO_LAZY_FETCH: "1",
    // Wins over a repository's own protocol.<name>.allow; with it no git version fetches lazily.
    GIT_ALLOW_PROTOCOL: "none",
    GIT_GRAFT_FILE: "/dev/null",
    GIT_NO_REPLACE_OBJECTS: "1", // what is stored is scanned, not what replaces it
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "",
    GIT_PAGER: "cat",
  };
}

/** Arguments that stand before the git command. */
function gitArguments(
  directory: string,
  args: readonly string[],
  { patterns = false }: GitOptions,
): string[] {
  return [
    "-C",
    directory,
    "--no-pager",
    "--no-replace-objects",
    // check-ignore refuses it.
    ...(patterns || args[0] === "check-ignore" ? [] : ["--literal-pathspecs"]),
    ...hardenedConfig.flatMap((setting) => ["-c", setting]),
    ...args,
  ];
}

/** git ended with a status other than the ones allowed. */
export class GitError extends UserError {
  readonly status: number | null;
  readonly stderr: string;

  constructor(command: string, status: number | null, stderr: string) {
    const lines = stderr.trim().split("\n");
    const said = lines
      .filter((line) => !line.startsWith("hint:"))
      .slice(0, 3)
      .join(" ");
    super(`git ${command} ended with status ${status ?? "signal"}${said ? `: ${said}` : ""}`);
    this.name = "GitError";
    this.status = status;
    this.stderr = stderr;
  }
}

/** Runs git and gives all that it printed. Meant for answers of up to some hundred megabytes. */
export async function git(
  directory: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of gitStream(directory, args, options)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Runs git and gives its output as text without the last line end. */
export async function gitText(
  directory: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  return (await git(directory, args, options)).toString("utf8").replace(/\r?\n$/u, "");
}

/**
 * Runs git and gives its output piece by piece as it comes. Ends with a GitError when git fails,
 * after the last piece; stopping early ends git.
 */
export async function* gitStream(
  directory: string,
  args: readonly string[],
  options: GitOptions = {},
): AsyncGenerator<Buffer> {
  const child = startGit(directory, args, options);
  // Behind settings of its own.
  const command = args.find((arg, at) => arg !== "-c" && args[at - 1] !== "-c") ?? "";
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (stderr.length < 8192) stderr += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("close", resolve);
    child.on("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "ENOENT"
          ? new UserError(
              "git was not found",
              "Install git 2.31 or later and see that it is on PATH.",
            )
          : error,
      );
    });
  });
  // Settled below; this keeps an early failure from being an unhandled rejection meanwhile.
  ended.catch(() => undefined);
  const fed = feed(child.stdin, options.input);
  let whole = false;
  try {
    for await (const piece of child.stdout as AsyncIterable<Buffer>) yield piece;
    whole = true;
  } finally {
    if (!whole) child.kill("SIGKILL");
  }
  await fed;
  const status = await ended;
  if (!(options.allowStatus ?? [0]).includes(status ?? -1)) {
    throw new GitError(command, status, stderr);
  }
}

/** Starts git with its three streams open; for two-way talk such as `cat-file --batch`. */
export function startGit(
  directory: string,
  args: readonly string[],
  options: Pick<GitOptions, "environment" | "signal" | "patterns"> = {},
): ChildProcessByStdio<Writable, Readable, Readable> {
  return spawn("git", gitArguments(directory, args, options), {
    env: { ...gitEnvironment(process.env), ...options.environment },
    stdio: ["pipe", "pipe", "pipe"],
    windowsHide: true,
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

async function feed(stdin: Writable, input: GitOptions["input"]): Promise<void> {
  // git may end before it has read everything; its status tells, not the broken pipe.
  stdin.on("error", () => undefined);
  if (input === undefined || typeof input === "string" || input instanceof Uint8Array) {
    stdin.end(input ?? "");
    return;
  }
  for await (const piece of input) {
    if (stdin.destroyed) return;
    if (!stdin.write(piece)) {
      await new Promise<void>((resolve) => {
        stdin.once("drain", resolve);
        stdin.once("close", resolve);
      });
    }
  }
  stdin.end();
}

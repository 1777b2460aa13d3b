// What was typed plus configuration -> one frozen plan of a scan.
// Nothing is scanned here; what a plan means is left to scan and to the commands.
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { locateConfigs, projectRoot, type Configs } from "../config/locate-config.js";
import { hookEnvironment } from "../hooks/environment.js";
import { UserError } from "../model/errors.js";
import type { Confidence } from "../model/match.js";
import type { ScanOptions } from "../scan.js";
import type { Scope } from "../sources/read-target.js";
import type { ExitPolicy } from "./exit-status.js";
import { destinations, type Destination, type Format } from "./output.js";
import type { Typed } from "./parse.js";
import { repositoryOptions } from "./repository-options.js";
import { wantsColour, widthOf } from "./terminal.js";

export interface Look {
  readonly colour: boolean;
  readonly width: number;
  readonly progress: boolean;
  readonly quiet: boolean;
}

export interface ScanPlan {
  readonly scan: ScanOptions;
  readonly exit: ExitPolicy;
  readonly destinations: readonly Destination[];
  readonly look: Look;
  readonly configs: Configs;
  /** Root of the repository that one stands in, else the current directory. */
  readonly root: string;
}

/** The values of a flag that may be given several times. */
export function all(typed: Typed, name: string): readonly string[] {
  return typed.flags.get(name) ?? [];
}

/** The value of a flag, or null. */
export function one(typed: Typed, name: string): string | null {
  return typed.flags.get(name)?.[0] ?? null;
}

/**
 * Makes the plan of a scan.
 * @throws UserError for values and combinations that make no sense
 */
export async function planScan(typed: Typed): Promise<ScanPlan> {
  if (["verify-timeout", "workspace-id", "endpoint"].some((name) => typed.flags.has(name))) {
    const { checkVerifyFlags } = await import("./verify-options.js");
    await checkVerifyFlags(typed);
  }
  const root = projectRoot(process.cwd());
  const configs = await locateConfigs({
    named: one(typed, "config"),
    none: typed.flags.has("no-config"),
    currentDirectory: process.cwd(),
    currentRoot: root,
    environment: process.env,
  });
  const { project, own } = configs;
  const fingerprintSecret = process.env["DASHLEAKS_FINGERPRINT_SECRET"];
  return {
    configs,
    root: root ?? process.cwd(),
    scan: {
      ...(await repositoryOptions(typed)),
      environment: hookEnvironment(process.env, process.cwd()),
      scope: scopeOf(typed),
      filter: {
        include: [...project.include, ...own.include, ...all(typed, "include")],
        exclude: [...project.exclude, ...own.exclude, ...all(typed, "exclude")],
        ignored: typed.flags.has("ignored"),
      },
      decode: !typed.flags.has("no-decode") && (project.decode ?? own.decode ?? true),
      cache: !typed.flags.has("no-cache"),
      threads: wholeNumber(typed, "threads", 1, 64) ?? availableParallelism(),
      rules: [project, own].flatMap(({ path, text, hasRules }) =>
        hasRules && path !== null ? [{ path, text }] : [],
      ),
      allowWords: [...project.allowWords, ...own.allowWords],
      ...(fingerprintSecret ? { fingerprintSecret } : {}),
    },
    exit: exitPolicy(typed, project.failOn ?? own.failOn),
    destinations: destinations(
      all(typed, "format") as readonly Format[],
      all(typed, "output").map((file) => resolve(file)),
    ),
    look: lookOf(typed),
  };
}

/** What a command that shows a report, but scans nothing, needs. */
export function lookOf(typed: Typed): Look {
  return {
    colour: wantsColour(one(typed, "color") ?? "auto", process.env, process.stdout.isTTY),
    width: widthOf(process.stdout),
    progress: !typed.flags.has("no-progress") && !typed.flags.has("quiet"),
    quiet: typed.flags.has("quiet"),
  };
}

/** When the run fails. */
export function exitPolicy(typed: Typed, configured: string | null = null): ExitPolicy {
  return {
    failOn: (one(typed, "fail-on") ?? configured ?? "likely") as Confidence | "none",
    allowIncomplete: typed.flags.has("allow-incomplete"),
  };
}

const narrowing = ["tree", "history", "staged", "range"] as const;

function scopeOf(typed: Typed): Scope {
  const typedScopes = narrowing.filter((name) => typed.flags.has(name));
  const [scope, second] = typedScopes;
  if (second !== undefined) {
    throw new UserError(`--${scope} and --${second} exclude each other`, "Give one of them.");
  }
  if ((scope === "staged" || scope === "range") && typed.flags.has("shard")) {
    throw new UserError(
      `--shard and --${scope} exclude each other`,
      "What is new is little: scan it in one job. --shard splits files and the history.",
    );
  }
  if (scope === undefined) return { kind: "audit" };
  if (scope !== "range") return { kind: scope };
  const range = one(typed, "range") ?? "";
  const ends = /^(?<from>[^-].*?)?(?<!\.)\.\.(?<to>[^.].*)?$/u.exec(range)?.groups;
  if (!ends || (!ends["from"] && !ends["to"])) {
    throw new UserError(`--range does not understand "${range}"`, "Write it A..B, as for git log.");
  }
  return { kind: "range", from: ends["from"] ?? "HEAD", to: ends["to"] ?? "HEAD" };
}

/** A flag's whole number, checked. */
function wholeNumber(typed: Typed, name: string, least: number, most: number): number | null {
  const text = one(typed, name);
  if (text === null) return null;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new UserError(
      `--${name} does not take "${text}"`,
      `It is a whole number from ${least} to ${most}.`,
    );
  }
  return value;
}

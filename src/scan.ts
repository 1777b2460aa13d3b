// The whole story on one page: targets -> bytes -> matches -> places -> keys -> advice -> report.
// Every stage is a room of its own; what was typed, and what is printed, is left to cli.
import { availableParallelism } from "node:os";
import { openCleanRecord, type KeptRecord } from "./cache/clean-record.js";
import { sharedRecord } from "./cache/shared-record.js";
import { kernelSearchFor } from "./sources/kernel/kernel-search.js";
import { createEngine } from "./engine/engine.js";
import { adviseFinding } from "./findings/advice.js";
import { groupByKey, type GroupedKey } from "./findings/group.js";
import type { Located } from "./findings/locate.js";
import { missingReasons } from "./findings/missing-reasons.js";
import { rankFindings } from "./findings/rank.js";
import { timelineOf } from "./findings/timeline.js";
import {
  coverageOf,
  emptyTally,
  fingerprintKeyOf,
  fingerprintOf,
  shardTargets,
  type Consumer,
  type Finding,
  type Notice,
  type PushRecord,
  type Report,
  type Ruleset,
  type Secret,
  type Shard,
  type Tally,
  type Verdict,
} from "./model/index.js";
import { addConsumers } from "./key-consumers.js";
import { nothingRead } from "./nothing-read.js";
import { endIdleWorkers } from "./sources/packs/worker-pool.js";
import { loadRuleset } from "./ruleset/load.js";
import type { RuleFile } from "./ruleset/toml-file.js";
import { preparedTextWitnesses, preparedWitnesses } from "./ruleset/prepared-witnesses.js";
import { scanTarget } from "./scan-target.js";
import type { ReadOptions, Scope } from "./sources/read-target.js";
import { fittingTargets } from "./sources/fitting-targets.js";
import { nameOfTarget, resolveTargets, type Target } from "./sources/targets.js";
import { shardRecord } from "./shard-record.js";
import { version } from "./package/version.js";

export interface ScanOptions {
  /** Folders, files, repositories; `-` is standard input. Default: the current repository. */
  readonly paths?: readonly string[];
  readonly currentDirectory?: string;
  /** Scan every repository found below the paths. */
  readonly discover?: boolean;
  /** The clone was made for a job that looks at what was pushed. Default: no. */
  readonly cameFromRemote?: boolean;
  /**
   * Git's variables (a hook's index and quarantine, GIT_DIR), for the repository of the current
   * directory; those that are named by a path have nothing of it. Default: none is inherited.
   */
  readonly environment?: Readonly<Record<string, string>>;
  /** What of a repository is read. Default: files, index and every git object. */
  readonly scope?: Scope;
  readonly filter?: ReadOptions["filter"];
  /** Look into encoded, escaped, split and packed forms. Default: yes. */
  readonly decode?: boolean;
  /** Use and keep the record of what is clean. Default: yes. */
  readonly cache?: boolean;
  /** Threads in all. Default: one a processor. */
  readonly threads?: number;
  /** Configuration files with rules of one's own. */
  readonly rules?: readonly RuleFile[];
  /** Changes the rules once they are read, as a proof does. */
  readonly prepareRules?: (ruleset: Ruleset) => Ruleset;
  /** Other tools' inline words that let a hit pass, such as `gitleaks:allow`. */
  readonly allowWords?: readonly string[];
  /** Only this part of the work. */
  readonly shard?: Shard | null;
  /** Makes fingerprints keyed (HMAC), so that reports can be shared. */
  readonly fingerprintSecret?: string;
  readonly standardInput?: AsyncIterable<Uint8Array>;
  /** Asks whether keys are live. Without it nothing is sent anywhere. */
  readonly verify?: (keys: readonly GroupedKey[]) => Promise<Verification>;
  /** Says which keys are let pass, after everything else is known. */
  readonly judge?: (findings: readonly Finding[]) => Judged;
  /** The clock, for when the API was asked. */
  readonly now?: () => Date;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: Tally) => void;
}

export interface Verification {
  /** By fingerprint. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  readonly notices: readonly Notice[];
}

export interface Judged {
  readonly findings: readonly Finding[];
  readonly notices: readonly Notice[];
}

/**
 * Finds keys and says what to do about each.
 * @returns the report; keys in it print as their masks
 * @throws UserError when the job cannot be done at all (no such path, git missing, a bad rule)
 */
export async function scan(options: ScanOptions = {}): Promise<Report> {
  try {
    return await scanWithThreads(options);
  } finally {
    endIdleWorkers();
  }
}

async function scanWithThreads(options: ScanOptions): Promise<Report> {
  const { decode = true, currentDirectory = process.cwd(), onProgress } = options;
  const loaded = loadRuleset({ userFiles: options.rules ?? [] });
  const ruleset = options.prepareRules?.(loaded) ?? loaded;
  const engine = createEngine(ruleset, {
    decode,
    allowWords: options.allowWords ?? [],
    textWitnesses: () => preparedTextWitnesses(ruleset),
    quickLook: () => kernelSearchFor(reading.witnesses),
  });
  const resolved = await resolveTargets(options.paths ?? [], currentDirectory, options);
  const fitting = fittingTargets(resolved.targets, options.scope ?? { kind: "audit" });
  const { targets, within } = shardTargets(fitting, options.shard ?? null);
  const reading = readOptions({ ...options, shard: within }, ruleset, decode);
  const alsoScanned = new Set(targets.flatMap((target) => nameOfTarget(target) ?? []));

  const nameOf = fingerprintsBy(options.fingerprintSecret);
  const located: Located[] = [];
  const pushes: PushRecord[] = [];
  const notices: Notice[] = [...resolved.notices];
  const consumers = new Map<string, readonly Consumer[]>();
  const shared = targets.length > 1 && within === null ? sharedRecord() : null;
  const several = resolved.targets.length > 1;
  const context = { engine, ruleset, reading, within, alsoScanned, several, onProgress };
  let tally = emptyTally;
  for (const target of targets) {
    const own = recordFor(target, options, ruleset.hash);
    const found = await scanTarget(target, context, { own, shared }, tally);
    located.push(...found.located);
    pushes.push(...found.pushes);
    notices.push(...found.notices);
    await addConsumers(consumers, target, groupByKey(found.located, nameOf));
    ({ tally } = found);
  }

  const keys = groupByKey(located, nameOf);
  const asked = (await options.verify?.(keys)) ?? { verdicts: new Map(), notices: [] };
  const askedAt = options.verify ? (options.now?.() ?? new Date()).toISOString() : null;
  const advised = keys.map((key) => {
    const finding = withAdvice(key, asked.verdicts, consumers);
    return { ...finding, timeline: timelineOf({ ...finding, pushes, askedAt }) };
  });
  const judged = options.judge?.(advised) ?? { findings: advised, notices: [] };
  const empty = await nothingRead(targets, reading, tally, within);
  const reasons = missingReasons(located);
  notices.push(...reasons, ...asked.notices, ...judged.notices, ...empty);
  return {
    tool: {
      name: "dashleaks",
      version,
      ruleset: loaded.hash,
      ...(options.fingerprintSecret === undefined
        ? {}
        : { fingerprintKey: fingerprintKeyOf(options.fingerprintSecret) }),
    },
    repository: targets[0] ? nameOfTarget(targets[0]) : null,
    repositories: targets.flatMap((target) => nameOfTarget(target) ?? []),
    complete: !notices.some(({ incomplete }) => incomplete),
    coverage: coverageOf(tally),
    findings: rankFindings(judged.findings),
    notices,
    ...(within ? { alsoFound: located.map(({ match }) => match.secret) } : {}),
    ...(options.shard
      ? { shard: shardRecord(options.shard, options, ruleset, resolved.targets) }
      : {}),
  };
}

/** What is known to be clean by these rules in this version; null when it is not to be used. */
function recordFor(target: Target, options: ScanOptions, rulesetHash: string): KeptRecord | null {
  const { cache = true, decode = true, allowWords = [], shard = null } = options;
  const whole = ["audit", "history", "everything"].includes(options.scope?.kind ?? "audit");
  if (!cache || !whole || shard || target.kind !== "repository") return null;
  const key = JSON.stringify([version, rulesetHash, decode, allowWords]);
  return openCleanRecord(target.repository, key, process.env);
}

function readOptions(options: ScanOptions, ruleset: Ruleset, decode: boolean): ReadOptions {
  return {
    scope: options.scope ?? { kind: "audit" },
    filter: options.filter ?? { include: [], exclude: [], ignored: false },
    witnesses: preparedWitnesses(ruleset, decode),
    threads: options.threads ?? availableParallelism(),
    shard: options.shard ?? null,
    cameFromRemote: options.cameFromRemote ?? false,
    ...(options.standardInput ? { standardInput: options.standardInput } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  };
}

function fingerprintsBy(hmacKey: string | undefined): (secret: Secret) => string {
  return (secret) => fingerprintOf(secret.reveal(), hmacKey);
}

function withAdvice(
  key: GroupedKey,
  verdicts: Verification["verdicts"],
  consumers: ReadonlyMap<string, readonly Consumer[]>,
): Finding {
  const liveness = verdicts.get(key.fingerprint) ?? { status: "unchecked", evidence: [] };
  const { variable } = key.hints;
  const used = (consumers.get(key.fingerprint) ?? []).filter((each) => each.variable === variable);
  // Whoever let it pass did not know that it works: a live key is never silenced.
  const suppressed = isLive(liveness) ? null : key.suppressed;
  return { ...key, suppressed, liveness, ...adviseFinding({ ...key, liveness, consumers: used }) };
}

function isLive({ status }: Verdict): boolean {
  return status === "live" || status === "restricted";
}

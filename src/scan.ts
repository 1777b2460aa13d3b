// The whole story on one page: targets -> bytes -> matches -> places -> keys -> advice -> report.
// Every stage is a room of its own; what was typed, and what is printed, is left to cli.
import { availableParallelism } from "node:os";
import { openCleanRecord, type KeptRecord } from "./cache/clean-record.js";
import { sharedRecord } from "./cache/shared-record.js";
import { detect } from "./detect.js";
import { kernelSearchFor } from "./sources/kernel/kernel-search.js";
import { createEngine } from "./engine/engine.js";
import { adviseFinding } from "./findings/advice.js";
import { groupByKey, type GroupedKey } from "./findings/group.js";
import {
  hitFiles,
  hitObjects,
  locate,
  narrow,
  ofSameKeys,
  worthPlacing,
  type Located,
} from "./findings/locate.js";
import { missingReasons } from "./findings/missing-reasons.js";
import { rankFindings } from "./findings/rank.js";
import { timelineOf } from "./findings/timeline.js";
import {
  addToTally,
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
import { namedNotices } from "./named-notices.js";
import { nothingRead } from "./nothing-read.js";
import { leaveOut, noticesBelow, objectsToPlace } from "./left-out.js";
import { attributeTarget } from "./sources/attribute-target.js";
import { endIdleWorkers } from "./sources/packs/worker-pool.js";
import { pathFilter, type PathFilter } from "./sources/path-filter.js";
import { firstPushes } from "./sources/pushes.js";
import { loadRuleset } from "./ruleset/load.js";
import type { RuleFile } from "./ruleset/toml-file.js";
import { preparedTextWitnesses, preparedWitnesses } from "./ruleset/prepared-witnesses.js";
import { readOthers, readTarget, type ReadOptions, type Scope } from "./sources/read-target.js";
import { fittingTargets } from "./sources/fitting-targets.js";
import { nameOfTarget, resolveTargets, type Target } from "./sources/targets.js";
import { shardRecord } from "./shard-record.js";
import { noticesOfShard, placesOfShard } from "./shard-share.js";
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
  const globs = globsOf(reading);
  const alsoScanned = new Set(targets.flatMap((target) => nameOfTarget(target) ?? []));

  const nameOf = fingerprintsBy(options.fingerprintSecret);
  const located: Located[] = [];
  const pushes: PushRecord[] = [];
  const notices: Notice[] = [...resolved.notices];
  const consumers = new Map<string, readonly Consumer[]>();
  const shared = targets.length > 1 && within === null ? sharedRecord() : null;
  let tally = emptyTally;
  for (const target of targets) {
    const own = recordFor(target, options, ruleset.hash);
    const format = target.kind === "repository" ? target.repository.objectFormat : null;
    const part = format === null ? null : shared?.forRepository(own?.record ?? null, format);
    const worthALook = new Set<string>();
    const items = readTarget(target, {
      ...reading,
      alsoScanned,
      isClean: (oid) => !worthALook.has(oid),
      record: (part ?? own)?.record ?? null,
      ...(part ? { readElsewhere: part.readElsewhere } : {}),
    });
    let found = await detect(engine, items, tally, onProgress, worthALook);
    // Since when a file has held a key, and how it got where, follows from all its versions.
    const others = found.matches.length > 0 ? readOthers(target, reading) : null;
    const more = others ? (await detect(engine, others, found.tally, undefined)).matches : [];
    if (within !== null) found = { ...found, matches: [...found.matches, ...more] };
    part?.done((oid) => found.worthALook.has(oid));
    if (own) notices.push(...own.notices, ...own.save((oid) => found.worthALook.has(oid)));
    const before = reading.scope.kind === "before";
    const paths = target.kind === "repository" && !before ? target.within : [];
    // What is narrowed to paths needs every path.
    const wanted = paths.length > 0 ? found.matches : worthPlacing(found.matches, ruleset.rules);
    const attributed = await attributeTarget(target, reading, {
      objects: objectsToPlace(found, wanted),
      everywhere: hitObjects([...wanted, ...ofSameKeys(more, wanted)]),
      files: hitFiles(wanted),
    });
    const kept = leaveOut(noticesOfShard(found, within), attributed, globs, within);
    const repository = resolved.targets.length > 1 ? nameOfTarget(target) : null;
    const everywhere = locate(kept.matches, { ...attributed, places: kept.places }, repository);
    const placed = placesOfShard(narrow(everywhere, paths), within);
    located.push(...placed);
    await addConsumers(consumers, target, groupByKey(placed, nameOf));
    const pushed = await pushesOf(target, placed, options.signal);
    pushes.push(...pushed.records.map((record) => ({ ...record, repository })));
    const said = noticesBelow(kept.notices, found, attributed, paths);
    notices.push(
      ...namedNotices(said, found, attributed, repository),
      ...attributed.notices,
      ...pushed.notices,
    );
    tally = kept.skipped.reduce(addToTally, found.tally);
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

/** The filter of what git objects hold; files and the index are left out where they are listed. */
function globsOf({ scope, filter }: ReadOptions): PathFilter | null {
  const byPath = ["audit", "history", "range", "outgoing"].includes(scope.kind);
  return byPath ? pathFilter(filter) : null;
}

/** When the commits that brought keys to a remote were first there. */
async function pushesOf(
  target: Target,
  located: readonly Located[],
  signal: AbortSignal | undefined,
): ReturnType<typeof firstPushes> {
  if (target.kind !== "repository") return { records: [], notices: [] };
  const pushed = located.flatMap(({ places }) =>
    places.filter(({ exposure }) => exposure === "pushed"),
  );
  const commits = new Set(pushed.flatMap(({ commit }) => commit ?? []));
  return firstPushes(target.repository, commits, signal ? { signal } : {});
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

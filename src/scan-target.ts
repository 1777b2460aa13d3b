// One target on one page: bytes -> matches -> places. What all targets together say is left to scan.
import type { KeptRecord } from "./cache/clean-record.js";
import type { SharedRecord } from "./cache/shared-record.js";
import { detect, type Detected } from "./detect.js";
import type { Engine } from "./engine/engine.js";
import {
  hitFiles,
  hitObjects,
  locate,
  narrow,
  ofSameKeys,
  worthPlacing,
  type Located,
} from "./findings/locate.js";
import { leaveOut, noticesBelow, objectsToPlace } from "./left-out.js";
import {
  addToTally,
  type Match,
  type Notice,
  type PushRecord,
  type Ruleset,
  type Shard,
  type Tally,
} from "./model/index.js";
import { namedNotices } from "./named-notices.js";
import { noticesOfShard, placesOfShard } from "./shard-share.js";
import { attributeTarget } from "./sources/attribute-target.js";
import { pathFilter, type PathFilter } from "./sources/path-filter.js";
import { firstPushes } from "./sources/pushes.js";
import { readOthers, readTarget, type ReadOptions } from "./sources/read-target.js";
import { nameOfTarget, type Target } from "./sources/targets.js";

/** What is the same for all targets of a scan. */
export interface ScanContext {
  readonly engine: Engine;
  readonly ruleset: Ruleset;
  readonly reading: ReadOptions;
  /** The part of one repository that is looked at; null: all of it. */
  readonly within: Shard | null;
  /** Top folders of all targets. */
  readonly alsoScanned: ReadonlySet<string>;
  /** Whether places have to name their repository. */
  readonly several: boolean;
  readonly onProgress: ((done: Tally) => void) | undefined;
}

/** What is known to be clean: since an earlier run, and from other targets of this one. */
export interface Records {
  readonly own: KeptRecord | null;
  readonly shared: SharedRecord | null;
}

export interface ScannedTarget {
  readonly located: readonly Located[];
  readonly pushes: readonly PushRecord[];
  readonly notices: readonly Notice[];
  /** What was looked at, this target added to those before. */
  readonly tally: Tally;
}

/** Finds the keys of one target, and where in it they are and were. */
export async function scanTarget(
  target: Target,
  context: ScanContext,
  records: Records,
  before: Tally,
): Promise<ScannedTarget> {
  const { reading, ruleset, within } = context;
  const read = await readKeys(target, context, records, before);
  const { found, more } = read;
  const isBefore = reading.scope.kind === "before";
  const paths = target.kind === "repository" && !isBefore ? target.within : [];
  // What is narrowed to paths needs every path.
  const wanted = paths.length > 0 ? found.matches : worthPlacing(found.matches, ruleset.rules);
  const attributed = await attributeTarget(target, reading, {
    objects: objectsToPlace(found, wanted),
    everywhere: hitObjects([...wanted, ...ofSameKeys(more, wanted)]),
    files: hitFiles(wanted),
  });
  const kept = leaveOut(noticesOfShard(found, within), attributed, globsOf(reading), within);
  const repository = context.several ? nameOfTarget(target) : null;
  const everywhere = locate(kept.matches, { ...attributed, places: kept.places }, repository);
  const located = placesOfShard(narrow(everywhere, paths), within);
  const pushed = await pushesOf(target, located, reading.signal);
  const said = noticesBelow(kept.notices, found, attributed, paths);
  return {
    located,
    pushes: pushed.records.map((record) => ({ ...record, repository })),
    notices: [
      ...read.notices,
      ...namedNotices(said, found, attributed, repository),
      ...attributed.notices,
      ...pushed.notices,
    ],
    tally: kept.skipped.reduce(addToTally, found.tally),
  };
}

/** Reads what is to be read, and keeps what turned out to be clean. */
async function readKeys(
  target: Target,
  { engine, reading, within, alsoScanned, onProgress }: ScanContext,
  { own, shared }: Records,
  before: Tally,
): Promise<{
  readonly found: Detected;
  /** Matches in versions that are not to be looked at, but tell since when a file has held a key. */
  readonly more: readonly Match[];
  readonly notices: readonly Notice[];
}> {
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
  const found = await detect(engine, items, before, onProgress, worthALook);
  const others = found.matches.length > 0 ? readOthers(target, reading) : null;
  const more = others ? (await detect(engine, others, found.tally, undefined)).matches : [];
  part?.done((oid) => worthALook.has(oid));
  const notices = own ? [...own.notices, ...own.save((oid) => worthALook.has(oid))] : [];
  if (within === null) return { found, more, notices };
  return { found: { ...found, matches: [...found.matches, ...more] }, more, notices };
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

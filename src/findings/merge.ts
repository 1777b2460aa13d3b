// Joins the reports of several runs (jobs, repositories, parts of one scan) into one answer.
// Reading the reports' files, and writing the result down, is left to report and cli.
import {
  compareText,
  orderedConsumers,
  UserError,
  type Consumer,
  type Finding,
  type Place,
  type Timeline,
  type Verdict,
} from "../model/index.js";
import { adviseFinding } from "./advice.js";
import { compareEncodings, compareStrength } from "./group.js";
import { mergeHints } from "./hints.js";
import { mergeRuns, type ReportedRun } from "./merge-runs.js";
import { orderedPlaces, worstExposure } from "./places.js";
import { rankFindings } from "./rank.js";
import { askedAtOf, pushRecordsOf, timelineOf } from "./timeline.js";

/** A finding as a report holds it: with the mask in place of the key. */
export interface ReportedKey extends Omit<Finding, "secret" | "timeline"> {
  readonly masked: string;
  readonly timeline: Timeline | null;
}

/** A report as it was read back. */
export interface ReportedFindings extends ReportedRun {
  readonly keys: readonly ReportedKey[];
}

/**
 * Joins reports: one entry per key with the places of all, the worst exposure, the best knowledge
 * of what it is, the worst that the API said, and advice made anew from that. Complete when all are
 * and, where they are parts of one scan, when no part is missing.
 * @throws UserError when keys are named in ways that cannot be compared
 */
export function mergeReports(reports: readonly ReportedFindings[]): ReportedFindings {
  const distinct = withOneName([
    ...new Map(reports.map((report) => [JSON.stringify(report), report])).values(),
  ]);
  refuseMixedFingerprints(distinct);
  const run = mergeRuns(distinct);
  const several = run.repositories.length > 1;
  const entries = new Map<string, Entry[]>();
  for (const report of distinct) {
    for (const key of report.keys) {
      const entry = { key: several ? named(key, report.repository) : key, from: report.repository };
      entries.set(key.fingerprint, [...(entries.get(key.fingerprint) ?? []), entry]);
    }
  }
  const keys = [...entries.values()].flatMap((group) => mergedKey(group) ?? []);
  return { ...run, keys: rankFindings(keys) };
}

/**
 * Jobs may have their clones in folders of different names: parts of one scan take the names that
 * its first part gives.
 */
function withOneName(reports: readonly ReportedFindings[]): ReportedFindings[] {
  return reports.map((report) => {
    const { shard } = report;
    if (!shard) return report;
    const first = reports.find((other) => other.shard?.work === shard.work)?.shard;
    const names = new Map(
      shard.repositories.map((name, index) => [name, first?.repositories[index] ?? name]),
    );
    const rename = (name: string | null): string | null =>
      name === null ? null : (names.get(name) ?? name);
    const renamed = <T extends { readonly repository: string | null }>(item: T): T => ({
      ...item,
      repository: rename(item.repository),
    });
    return {
      ...renamed(report),
      repositories: report.repositories.map((name) => names.get(name) ?? name),
      shard: { ...shard, repositories: [...names.values()] },
      keys: report.keys.map((key) => renamedKey(key, renamed)),
    };
  });
}

function renamedKey(
  key: ReportedKey,
  renamed: <T extends { readonly repository: string | null }>(item: T) => T,
): ReportedKey {
  const [first, ...rest] = key.places;
  return {
    ...key,
    places: [renamed(first), ...rest.map(renamed)],
    timeline: key.timeline?.map(renamed) ?? null,
  };
}

interface Entry {
  readonly key: ReportedKey;
  readonly from: string | null;
}

/** A report of one repository does not repeat its name at each place; among others it must. */
function named(key: ReportedKey, repository: string | null): ReportedKey {
  return renamedKey(key, (item) => ({ ...item, repository: item.repository ?? repository }));
}

function mergedKey(group: readonly Entry[]): ReportedKey | null {
  const all = group.map(({ key }) => key);
  const [first, ...rest] = orderedPlaces(all.flatMap((key) => key.places));
  const strongest = [...all].sort(compareStrength)[0];
  if (!first || !strongest) return null;
  const places: readonly [Place, ...Place[]] = [first, ...rest];
  const timelines = all.flatMap(({ timeline }) => (timeline ? [timeline] : []));
  const known = {
    ...strongest,
    exposure: worstExposure(places),
    encoding: all.map(({ encoding }) => encoding).sort(compareEncodings)[0] ?? [],
    places,
    hints: mergeHints(all.map(({ hints }) => hints)),
    liveness: mergedVerdict(all.map(({ liveness }) => liveness)),
    suppressed: mergedSuppression(group),
  };
  return {
    ...known,
    ...adviseFinding({ ...known, consumers: mergedConsumers(all, known.hints.variable) }),
    timeline:
      timelines.length === 0
        ? null
        : timelineOf({
            places,
            pushes: timelines.flatMap(pushRecordsOf),
            liveness: known.liveness,
            askedAt: askedAtOf(timelines),
          }),
  };
}

/** Where runs disagree the worse answer holds: a key that one found dead may be live elsewhere. */
const verdictOrder: readonly Verdict["status"][] = [
  "live",
  "restricted",
  "unknown",
  "dead",
  "unchecked",
];

function mergedVerdict(verdicts: readonly Verdict[]): Verdict {
  const [worst] = [...verdicts].sort(
    (a, b) => verdictOrder.indexOf(a.status) - verdictOrder.indexOf(b.status),
  );
  const evidence = new Map(
    verdicts.flatMap((verdict) => verdict.evidence.map((item) => [JSON.stringify(item), item])),
  );
  return { status: worst?.status ?? "unchecked", evidence: [...evidence.values()] };
}

/**
 * A key passes when every run lets it pass. One exception, as within a run: an inline comment at the
 * key's current places also speaks for history, which cannot be annotated.
 */
function mergedSuppression(group: readonly Entry[]): Finding["suppressed"] {
  const covered = ({ key, from }: Entry): boolean =>
    !isCurrent(key) &&
    group.some(
      (other) =>
        other.from === from && other.key.suppressed?.by === "inline" && isCurrent(other.key),
    );
  const deciding = group.filter((entry) => !covered(entry)).map(({ key }) => key.suppressed);
  if (deciding.includes(null)) return null;
  const given = deciding.flatMap((suppressed) => suppressed ?? []);
  return (
    given.sort(
      (a, b) =>
        Number(a.reason === null) - Number(b.reason === null) ||
        compareText(a.reason ?? "", b.reason ?? "") ||
        compareText(a.by, b.by),
    )[0] ?? null
  );
}

function isCurrent({ places }: ReportedKey): boolean {
  return places.some(({ kind }) => kind === "file" || kind === "index" || kind === "stdin");
}

function mergedConsumers(
  keys: readonly ReportedKey[],
  variable: string | null,
): readonly Consumer[] {
  const all = keys.flatMap(({ advice }) => advice.consumers);
  return orderedConsumers(all.filter((consumer) => consumer.variable === variable));
}

function refuseMixedFingerprints(reports: readonly ReportedFindings[]): void {
  const forms = new Set(
    reports.flatMap(({ keys }) => keys.map(({ fingerprint }) => fingerprint.split(":")[0])),
  );
  const secrets = new Set(reports.flatMap(({ tool }) => tool.fingerprintKey ?? []));
  if (secrets.size > 1) {
    throw new UserError(
      "these reports name keys in different ways: their fingerprints are keyed with different secrets",
      "Make all of them with the same DASHLEAKS_FINGERPRINT_SECRET.",
    );
  }
  if (forms.size <= 1) return;
  throw new UserError(
    "these reports name keys in different ways: some fingerprints are keyed (hmac-sha256:), some are not (sha256:)",
    "Make all of them with the same DASHLEAKS_FINGERPRINT_SECRET, or all without.",
  );
}

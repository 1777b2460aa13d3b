// What joined reports say of the run as a whole: coverage, completeness, parts that are missing.
// The keys are left to merge.
import {
  compareText,
  type Coverage,
  type Report,
  type ShardRecord,
  type Skipped,
  type Tool,
} from "../model/index.js";

/** A notice as a report holds it. */
interface ReportedNotice {
  readonly code: string;
  readonly message: string;
  readonly subject: string | null;
  readonly incomplete: boolean;
}

/** Everything of a report but its keys. */
export interface ReportedRun extends Pick<
  Report,
  "tool" | "repository" | "repositories" | "complete" | "coverage"
> {
  readonly shard: ShardRecord | null;
  readonly notices: readonly ReportedNotice[];
}

/** Joins all but the keys. Coverage is summed; the parts of one scan do not overlap. */
export function mergeRuns(runs: readonly ReportedRun[]): ReportedRun {
  const repositories = [...new Set(runs.flatMap(namesOf))];
  const notices = distinctNotices([
    ...runs.flatMap((run) => run.notices.map((notice) => subjectOf(notice, run, repositories))),
    ...missingShards(runs),
    ...mixedTools(runs.map(({ tool }) => tool)),
  ]);
  return {
    tool: newest(runs.map(({ tool }) => tool)),
    repository: repositories[0] ?? null,
    repositories,
    complete:
      runs.every(({ complete }) => complete) && !notices.some(({ incomplete }) => incomplete),
    coverage: summed(runs.map(({ coverage }) => coverage)),
    notices,
    shard: null,
  };
}

/** A part of a scan speaks for all that the parts look at together. */
function namesOf({ repository, repositories, shard }: ReportedRun): readonly string[] {
  if (shard) return shard.repositories;
  if (repositories.length > 0) return repositories;
  return repository === null ? [] : [repository];
}

function subjectOf(
  notice: ReportedNotice,
  { repository }: ReportedRun,
  repositories: readonly string[],
): ReportedNotice {
  const needed = repositories.length > 1 && notice.subject === null;
  return needed ? { ...notice, subject: repository } : notice;
}

function distinctNotices(notices: readonly ReportedNotice[]): ReportedNotice[] {
  return [...new Map(notices.map((notice) => [JSON.stringify(notice), notice])).values()];
}

function missingShards(runs: readonly ReportedRun[]): ReportedNotice[] {
  const works = new Map<string, { readonly count: number; readonly there: Set<number> }>();
  for (const { shard } of runs) {
    if (!shard) continue;
    const work = works.get(shard.work) ?? { count: shard.count, there: new Set() };
    work.there.add(shard.index);
    works.set(shard.work, work);
  }
  return [...works.values()].flatMap(({ count, there }) =>
    Array.from({ length: count }, (_, index) => index + 1)
      .filter((index) => !there.has(index))
      .map((index) => ({
        code: "shard-missing",
        message: `The report of part ${index}/${count} is not among those that were merged: what that part looks at was not looked at. Merge all ${count} reports of the same scan at once.`,
        subject: `${index}/${count}`,
        incomplete: true,
      })),
  );
}

function mixedTools(tools: readonly Tool[]): ReportedNotice[] {
  const rulesets = new Set(tools.map(({ ruleset }) => ruleset));
  if (rulesets.size <= 1) return [];
  return [
    {
      code: "ruleset-mixed",
      message: `The merged reports were made with ${rulesets.size} different sets of rules: one may have missed what another would find. Make them with the same version and configuration.`,
      subject: null,
      incomplete: false,
    },
  ];
}

/** Versions are compared part by part, so that 0.10.0 is newer than 0.9.0. */
function newest(tools: readonly Tool[]): Tool {
  const sorted = [...tools].sort(
    (a, b) =>
      b.version.localeCompare(a.version, "en", { numeric: true }) ||
      compareText(a.ruleset, b.ruleset),
  );
  return sorted[0] ?? { name: "dashleaks", version: "", ruleset: "" };
}

function summed(all: readonly Coverage[]): Coverage {
  const sum = (field: "files" | "objects" | "bytes" | "refs"): number =>
    all.reduce((total, coverage) => total + coverage[field], 0);
  const skipped = new Map<string, Skipped>();
  for (const item of all.flatMap((coverage) => coverage.skipped)) {
    const name = JSON.stringify([item.what, item.reason]);
    skipped.set(name, { ...item, count: item.count + (skipped.get(name)?.count ?? 0) });
  }
  return {
    files: sum("files"),
    objects: sum("objects"),
    bytes: sum("bytes"),
    refs: sum("refs"),
    skipped: [...skipped.values()],
  };
}

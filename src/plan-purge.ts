// A purge plan on one page: a report -> which keys -> the repository's state -> the recipe.
// Scanning is left to scan, the decision to findings (purge-plan).
import { purgePlan } from "./findings/purge-plan.js";
import { UserError, type Finding, type PurgePlan, type Report } from "./model/index.js";
import { redactAll, redactorFor } from "./report/redact.js";
import { repositoryState } from "./sources/repository-state.js";
import { openRepository } from "./sources/repository.js";

export interface PlanPurgeOptions {
  /** A path in the repository that was scanned. Default: the current directory. */
  readonly path?: string;
  /** The keys to take out. Default: all that are not known to be another provider's. */
  readonly fingerprints?: readonly string[];
}

/**
 * Plans how to take keys out of a repository. Nothing is changed.
 * @param report a scan of this one repository
 * @throws UserError when there is no repository, or a key that is asked about was not found
 */
export async function planPurge(
  report: Report,
  options: PlanPurgeOptions = {},
): Promise<PurgePlan> {
  const path = options.path ?? process.cwd();
  const repository = await openRepository(path);
  if (!repository) {
    throw new UserError(
      `${path} is in no git repository`,
      "Stand in the repository that is to be rewritten.",
    );
  }
  const mine = keysToPurge(report, options.fingerprints ?? []);
  const others = report.findings.filter((finding) => !mine.includes(finding));
  const plan = purgePlan(mine, others, await repositoryState(repository));
  // A path, a ref or a name may hold a key.
  return redactAll(plan, redactorFor(report.findings.map(({ secret }) => secret)));
}

/** The findings that a plan is about. @throws UserError for a key that was not found */
export function keysToPurge(report: Report, fingerprints: readonly string[]): readonly Finding[] {
  if (fingerprints.length === 0) {
    return report.findings.filter(({ provider }) => provider !== "other");
  }
  const found = new Map(report.findings.map((finding) => [finding.fingerprint, finding]));
  return fingerprints.map((fingerprint) => {
    const finding = found.get(fingerprint);
    if (finding) return finding;
    throw new UserError(
      `no key with the fingerprint ${fingerprint} was found here`,
      "If it is to be gone, show it by dashleaks prove.",
    );
  });
}

// Lets known keys pass, and says which entries of the baseline did nothing.
// Whether to tell about unused entries is the caller's: a narrow scan does not see every key.
import type { Finding, Notice } from "../model/index.js";
import { baselineOf, isLive, type Baseline, type BaselineEntry } from "./baseline.js";

export interface Applied {
  /** All findings in the same order; those that the baseline lets pass with `suppressed` set. */
  readonly findings: readonly Finding[];
  /** Entries whose key was not found. */
  readonly unused: readonly BaselineEntry[];
  /** Entries whose last day is over; their keys are not let pass. */
  readonly expired: readonly BaselineEntry[];
}

/**
 * Applies a baseline. A live key is never silenced, and a suppression for another reason stays.
 * @param today `YYYY-MM-DD`; an entry holds on its last day
 */
export function applyBaseline(
  findings: readonly Finding[],
  baseline: Baseline,
  today: string,
): Applied {
  const entries = new Map(baseline.entries.map((entry) => [entry.fingerprint, entry]));
  const used = new Set<BaselineEntry>();
  const applied = findings.map((finding): Finding => {
    const entry = entryFor(finding, entries);
    if (!entry) return finding;
    used.add(entry);
    if (isExpired(entry, today) || isLive(finding) || finding.suppressed !== null) return finding;
    return { ...finding, suppressed: { by: "baseline", reason: entry.reason } };
  });
  const expired = baseline.entries.filter((entry) => isExpired(entry, today));
  return {
    findings: applied,
    unused: baseline.entries.filter((entry) => !used.has(entry) && !isExpired(entry, today)),
    expired,
  };
}

/** The baseline without expired entries and without those whose key is not among the findings. */
export function pruneBaseline(
  findings: readonly Finding[],
  baseline: Baseline,
  today: string,
): Baseline {
  const { unused, expired } = applyBaseline(findings, baseline, today);
  const gone = new Set([...unused, ...expired]);
  return baselineOf(baseline.entries.filter((entry) => !gone.has(entry)));
}

/** @param file the baseline's path, for the messages */
export function baselineNotices(
  { unused, expired }: Pick<Applied, "unused" | "expired">,
  file: string,
): Notice[] {
  return [
    ...expired.map(({ fingerprint, expires }): Notice => ({
      kind: "notice",
      code: "baseline-expired",
      message: `${file} let ${shortened(fingerprint)} pass until ${expires}; that day is over. Reset the key, or give the entry a new day and reason.`,
      subject: fingerprint,
      incomplete: false,
    })),
    ...unused.map(({ fingerprint }): Notice => ({
      kind: "notice",
      code: "baseline-unused",
      message: `${file} lets ${shortened(fingerprint)} pass, but no such key was found. Remove the entry with: dashleaks baseline prune`,
      subject: fingerprint,
      incomplete: false,
    })),
  ];
}

/** A keyed run's baseline may have been made by a run without a key, so both names count. */
function entryFor(
  { fingerprint, secret }: Finding,
  entries: ReadonlyMap<string, BaselineEntry>,
): BaselineEntry | undefined {
  return entries.get(fingerprint) ?? entries.get(secret.fingerprint);
}

// ISO dates sort as text.
function isExpired({ expires }: BaselineEntry, today: string): boolean {
  return expires !== null && expires < today;
}

function shortened(fingerprint: string): string {
  return `${fingerprint.slice(0, fingerprint.indexOf(":") + 13)}…`;
}

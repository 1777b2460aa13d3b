// Keys that are known and let pass, by fingerprint: what an entry says, and lists of entries.
// How the file is written is left to format, reading and writing it to file.
import type { Finding } from "../model/index.js";

/** The file's usual name, at the root of the repository. */
export const baselineFileName = ".dashleaks-baseline.json";

/**
 * What lets two branches' additions merge without a conflict, as a line of `.gitattributes`: every
 * entry is a line of its own, so both sides' lines can be kept (gitattributes(5), merge=union).
 */
export const baselineAttribute = `${baselineFileName} merge=union`;

export interface BaselineEntry {
  /** The key's fingerprint, as reports show it. */
  readonly fingerprint: string;
  readonly reason: string;
  /** Last day on which the entry holds, `YYYY-MM-DD`; null when it holds for good. */
  readonly expires: string | null;
}

export interface Baseline {
  /** Sorted by fingerprint, each once. */
  readonly entries: readonly BaselineEntry[];
}

export const emptyBaseline: Baseline = { entries: [] };

/** Why keys are let pass, and until when. */
export interface Grounds {
  readonly reason: string;
  readonly expires: string | null;
}

/** A baseline of these entries: sorted, and of entries for the same key the last one. */
export function baselineOf(entries: readonly BaselineEntry[]): Baseline {
  const byFingerprint = new Map(entries.map((entry) => [entry.fingerprint, entry]));
  return {
    entries: [...byFingerprint.values()].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)),
  };
}

/** Adds keys, or gives those that are there already new grounds. */
export function addToBaseline(
  baseline: Baseline,
  fingerprints: readonly string[],
  { reason, expires }: Grounds,
): Baseline {
  const added = fingerprints.map((fingerprint) => ({ fingerprint, reason, expires }));
  return baselineOf([...baseline.entries, ...added]);
}

/**
 * A baseline of all keys of a run that a baseline may silence: not live ones, not those that pass
 * for another reason, not other providers'.
 */
export function createBaseline(findings: readonly Finding[], grounds: Grounds): Baseline {
  const fingerprints = findings
    .filter((finding) => !isLive(finding))
    .filter(({ provider, suppressed }) => provider !== "other" && suppressed?.by !== "inline")
    .map(({ fingerprint }) => fingerprint);
  return addToBaseline(emptyBaseline, fingerprints, grounds);
}

/** A key that the API accepts is never silenced: somebody else may be using it by now. */
export function isLive({ liveness: { status } }: Finding): boolean {
  return status === "live" || status === "restricted";
}

// The exit status as a pure function of the report. Nothing else decides it.
import {
  confidences,
  isResidue,
  type Confidence,
  type Finding,
  type Place,
  type Report,
} from "../model/index.js";

export type ExitStatus = 0 | 1 | 2;

export interface ExitPolicy {
  /** Keys of this confidence or better fail the run; `none`: no key does. */
  readonly failOn: Confidence | "none";
  readonly allowIncomplete: boolean;
}

/** 0 clean, 1 keys found, 2 the job is incomplete (and no key was found that fails it anyway). */
export function exitStatus(report: Report, policy: ExitPolicy): ExitStatus {
  return exitStatusOf(report.findings, report.complete, policy);
}

/** As much of a key, found or read back from a report, as the status depends on. */
type Judged = Pick<Finding, "provider" | "action" | "confidence" | "liveness" | "suppressed"> & {
  readonly places: readonly Pick<Place, "exposure">[];
};

/** The same for a report that was read back. */
export function exitStatusOf(
  keys: readonly Judged[],
  complete: boolean,
  policy: ExitPolicy,
): ExitStatus {
  if (keys.some((key) => failsRun(key, policy.failOn))) return 1;
  return complete || policy.allowIncomplete ? 0 : 2;
}

/** Does this key make the run fail? */
export function failsRun(finding: Judged, failOn: Confidence | "none"): boolean {
  if (failOn === "none" || finding.provider === "other" || finding.action === "none") return false;
  if (confidences.indexOf(finding.confidence) > confidences.indexOf(failOn)) return false;
  // A live key can be used by whoever has it, wherever it lies and whoever let it pass.
  if (finding.liveness.status === "live" || finding.liveness.status === "restricted") return true;
  // Left over on this machine and nowhere else.
  const isLeftOver = finding.places.every(({ exposure }) => isResidue(exposure));
  return finding.suppressed === null && !isLeftOver;
}

// The exit status as a pure function of the report. Nothing else decides it.
import { confidences, type Confidence, type Finding, type Report } from "../model/index.js";

export type ExitStatus = 0 | 1 | 2;

export interface ExitPolicy {
  /** Keys of this confidence or better fail the run; `none`: no key does. */
  readonly failOn: Confidence | "none";
  readonly allowIncomplete: boolean;
}

/** 0 clean, 1 keys found, 2 the job is incomplete (and no key was found that fails it anyway). */
export function exitStatus(report: Report, policy: ExitPolicy): ExitStatus {
  if (report.findings.some((finding) => failsRun(finding, policy.failOn))) return 1;
  return report.complete || policy.allowIncomplete ? 0 : 2;
}

/** Does this key make the run fail? */
export function failsRun(finding: Finding, failOn: Confidence | "none"): boolean {
  if (failOn === "none" || finding.provider === "other" || finding.action === "none") return false;
  if (confidences.indexOf(finding.confidence) > confidences.indexOf(failOn)) return false;
  // A live key can be used by whoever has it, wherever it lies and whoever let it pass.
  if (finding.liveness.status === "live" || finding.liveness.status === "restricted") return true;
  return finding.suppressed === null && !isResidue(finding);
}

/** Only in a stash, a reflog or no ref at all: on this machine and nowhere else. */
function isResidue({ exposure }: Finding): boolean {
  return exposure === "stashed" || exposure === "reflog" || exposure === "unreachable";
}

// The order in which to work: the worst key first.
// What to do with each is left to advice.
import {
  actions,
  compareText,
  confidences,
  exposures,
  type Finding,
  type LivenessStatus,
} from "../model/index.js";

/** As much of a finding as its rank depends on. */
export type Rankable = Pick<
  Finding,
  "action" | "liveness" | "exposure" | "confidence" | "fingerprint" | "suppressed"
>;

/** A key that nobody has asked about may be live: it comes before one that is known to be dead. */
const livenessRank = {
  live: 0,
  restricted: 1,
  unknown: 2,
  unchecked: 2,
  dead: 3,
} as const satisfies Record<LivenessStatus, number>;

/**
 * Compares two findings: negative when `a` is to be worked on first. What was suppressed comes
 * last, then urgency of action, liveness, exposure and confidence decide, in this order; the
 * fingerprint makes the order total, so that the same findings always give the same report.
 */
function compareFindings(a: Rankable, b: Rankable): number {
  return (
    Number(a.suppressed !== null) - Number(b.suppressed !== null) ||
    actions.indexOf(a.action) - actions.indexOf(b.action) ||
    livenessRank[a.liveness.status] - livenessRank[b.liveness.status] ||
    exposures.indexOf(a.exposure) - exposures.indexOf(b.exposure) ||
    confidences.indexOf(a.confidence) - confidences.indexOf(b.confidence) ||
    compareText(a.fingerprint, b.fingerprint)
  );
}

/** The findings, worst first; the list that was given is left as it is. */
export function rankFindings<T extends Rankable>(findings: readonly T[]): T[] {
  return [...findings].sort(compareFindings);
}

// What asking the API gave. How it is asked is left to verify.

export const livenessStatuses = ["unchecked", "live", "restricted", "dead", "unknown"] as const;
export type LivenessStatus = (typeof livenessStatuses)[number];

/** One question and what came back; never holds anything of the key. */
export interface Evidence {
  readonly host: string;
  readonly region: string;
  /** HTTP status, or null when no answer came. */
  readonly status: number | null;
  /** The documented error code in the body, when one was read. */
  readonly code: string | null;
  /** What it means, in one sentence. */
  readonly meaning: string;
}

export interface Verdict {
  readonly status: LivenessStatus;
  readonly evidence: readonly Evidence[];
}

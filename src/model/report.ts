// The answer of a run: what reports show and libraries get. The published JSON is made from it.
import type { Finding } from "./finding.js";
import type { Notice } from "./notice.js";
import type { Secret } from "./secret.js";
import type { ShardRecord } from "./shard.js";

export interface Skipped {
  readonly what: string;
  readonly reason: string;
  readonly count: number;
}

/** What was looked at. Counts are whole numbers; `bytes` counts document bytes, expanded. */
export interface Coverage {
  readonly files: number;
  readonly objects: number;
  readonly bytes: number;
  readonly refs: number;
  readonly skipped: readonly Skipped[];
}

export interface Tool {
  readonly name: "dashleaks";
  readonly version: string;
  /** A hash over the rules in force. */
  readonly ruleset: string;
  /** Of keyed fingerprints: a check value by which a run tells whether it has the same secret. */
  readonly fingerprintKey?: string;
}

export interface Report {
  readonly tool: Tool;
  /** The scanned repository's (or folder's) path as it was named, or null for standard input. */
  readonly repository: string | null;
  /** All that were scanned, when several. */
  readonly repositories: readonly string[];
  readonly complete: boolean;
  readonly coverage: Coverage;
  readonly findings: readonly Finding[];
  readonly notices: readonly Notice[];
  /** Set when this run looked at one part of the work only. */
  readonly shard?: ShardRecord;
  /** Keys that are no findings here (another part reports them), but may stand in paths and names. */
  readonly alsoFound?: readonly Secret[];
}

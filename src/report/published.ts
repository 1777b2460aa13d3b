// The published shape of a report: what JSON holds and every other format is made from.
// It holds no key, so it may be kept, sent and read back. Making it is left to publish.
import type {
  Action,
  Advice,
  CommitAge,
  CommitStamp,
  Confidence,
  Coverage,
  Exposure,
  Hints,
  KeyKind,
  PlaceKind,
  Provider,
  ShardRecord,
  Suppression,
  Timeline,
  Tool,
  Verdict,
} from "../model/index.js";

/** Raised only when a field changes its meaning or goes away; additions leave it as it is. */
export const schemaVersion = 1;

export interface PublishedPlace extends CommitAge {
  readonly kind: PlaceKind;
  readonly exposure: Exposure;
  /** Relative to the repository's root, with forward slashes. */
  readonly path: string | null;
  /** One-based. */
  readonly line: number | null;
  /** One-based, in Unicode code points. */
  readonly column: number | null;
  readonly commit: string | null;
  /** ISO 8601 with offset. */
  readonly date: string | null;
  readonly author: string | null;
  readonly refs: readonly string[];
  readonly object: string | null;
  /** The commit that took the key out of this place again. */
  readonly removed: CommitStamp | null;
  readonly repository: string | null;
  readonly worktree: string | null;
  readonly encoding: readonly string[];
  readonly trail: readonly string[];
}

export interface PublishedKey {
  readonly fingerprint: string;
  readonly masked: string;
  readonly kind: KeyKind;
  readonly rule: string;
  readonly confidence: Confidence;
  readonly provider: Provider;
  readonly providerName: string | null;
  readonly exposure: Exposure;
  readonly liveness: Verdict;
  readonly action: Action;
  readonly advice: Advice;
  readonly encoding: readonly string[];
  /** Oldest first, at least one. */
  readonly places: readonly [PublishedPlace, ...PublishedPlace[]];
  readonly hints: Hints;
  readonly suppressed: Suppression | null;
  /** Events of the key's life, oldest first; null when they were not asked for. */
  readonly timeline: Timeline | null;
}

export interface PublishedNotice {
  readonly code: string;
  readonly message: string;
  readonly subject: string | null;
  readonly incomplete: boolean;
}

/** Everything but the keys. */
interface PublishedRun {
  readonly schemaVersion: typeof schemaVersion;
  readonly tool: Tool;
  readonly repository: string | null;
  readonly repositories: readonly string[];
  readonly complete: boolean;
  readonly coverage: Coverage;
  /** Set when the run looked at one part of the work only. */
  readonly shard: ShardRecord | null;
}

/** A whole report; `keys` are in the order in which the run ranked them, worst first. */
export interface PublishedReport extends PublishedRun {
  readonly keys: readonly PublishedKey[];
  readonly notices: readonly PublishedNotice[];
}

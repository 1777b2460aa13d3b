// The statement that keys are gone from a repository, or what still holds them.
// How it is decided is left to findings (proof), how it reads to report.
import type { AdviceStep } from "./finding.js";
import type { Place } from "./place.js";
import type { Coverage, Tool } from "./report.js";
import type { Verdict } from "./verdict.js";

/**
 * - `gone`: nothing that was looked at holds the key, and everything was looked at
 * - `held`: something holds it, or (when that was asked) the API accepts it
 * - `not-shown`: nothing was found to hold it, but something could not be looked at or asked
 */
export const proofOutcomes = ["gone", "held", "not-shown"] as const;
export type ProofOutcome = (typeof proofOutcomes)[number];

/** What is asked about a key; the key itself need not be known. */
export interface AskedKey {
  readonly fingerprint: string;
  readonly masked: string | null;
}

export interface ProvenKey extends AskedKey {
  readonly outcome: ProofOutcome;
  /** Everything that holds the key. */
  readonly places: readonly Place[];
  /** What takes it out of there, in the order in which it has to be done. */
  readonly steps: readonly AdviceStep[];
  /** What the API said, or null when it was not asked. */
  readonly liveness: Verdict | null;
  /** One sentence: the outcome and why. */
  readonly reason: string;
}

/** The state of the repository that the statement is about; another state needs another proof. */
export interface RepositoryState {
  readonly repository: string;
  readonly worktrees: readonly string[];
  /** The commit that is checked out, or null before the first one. */
  readonly head: string | null;
  /** The branch that is checked out (full name), or null when HEAD is detached. */
  readonly branch: string | null;
  readonly refs: {
    readonly count: number;
    /** sha256 over `git for-each-ref --format='%(objectname) %(refname)'`, sorted by name. */
    readonly digest: string;
  };
  /** Entries of the stash, newest first, with the commits of which each is made. */
  readonly stashes: readonly { readonly name: string; readonly commits: readonly string[] }[];
  /**
   * The checked-out branch's own commits, newest first: in no remote-tracking ref and no tag, up to
   * the first merge. They can be rewritten without anybody noticing.
   */
  readonly ownCommits: readonly { readonly commit: string; readonly isRoot: boolean }[];
  readonly remotes: readonly string[];
  /** Object directories of other repositories that this one borrows from. */
  readonly alternates: readonly string[];
  /** Packs that git gc leaves alone (`.keep`), by path. */
  readonly keptPacks: readonly string[];
}

export interface Proof {
  readonly schemaVersion: 1;
  readonly statement: ProofOutcome;
  readonly tool: Tool;
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly state: Pick<RepositoryState, "repository" | "worktrees" | "head" | "refs">;
  readonly keys: readonly ProvenKey[];
  readonly coverage: Coverage;
  /** Why something could not be looked at, one sentence each. */
  readonly obstacles: readonly string[];
  /** What the statement does not speak about. */
  readonly limits: readonly string[];
}

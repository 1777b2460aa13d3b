// What sources give and take: the contract between the rooms that read and the page that composes.
// What is done with the bytes is left to engine and findings.
import type { Notice } from "./notice.js";
import type { Chunk, GitObjectType } from "./origin.js";
import type { Place } from "./place.js";
import type { Shard } from "./shard.js";
import type { WitnessSet } from "./witness.js";

/** How much was looked at since the last progress item; the sums are the run's coverage. */
export interface Progress {
  readonly kind: "progress";
  readonly files?: number;
  readonly objects?: number;
  readonly refs?: number;
  /** Files that the filters leave out. */
  readonly leftOut?: number;
  /** Document bytes, expanded. */
  readonly bytes?: number;
  /** Objects or files that this source expects in all, once it knows. */
  readonly total?: number;
}

/** Something deliberately left out, which does not make the run incomplete. */
export interface Skip {
  readonly kind: "skip";
  readonly what: string;
  readonly reason: string;
  readonly count: number;
  /** It is a repository that lies in the one that is scanned. */
  readonly nested?: boolean;
}

export type SourceItem = Chunk | Notice | Progress | Skip;

/** What every source may be told. */
export interface SourceOptions {
  /**
   * A source may leave out documents in which no witness occurs (it still counts them). With null,
   * or with rules that have no witness, it must give every document.
   */
  readonly witnesses: WitnessSet | null;
  /** Threads in all, the main one included. */
  readonly threads: number;
  /**
   * Give and count only this part: objects by `shardHasObject`, files by `shardHasName`. Names of refs
   * and reflogs are given to every part and counted by the first. Notices are given by every part.
   */
  readonly shard?: Shard | null;
  readonly signal?: AbortSignal;
}

/** Facts about a repository, read once. All paths are absolute. */
export interface Repository {
  /** The folder that was named, made absolute. */
  readonly named: string;
  /** Top of the worktree that was named, or null when it is bare. */
  readonly worktree: string | null;
  /** This worktree's git directory. */
  readonly gitDirectory: string;
  /** The git directory that all linked worktrees share. */
  readonly commonDirectory: string;
  readonly objectFormat: "sha1" | "sha256";
  readonly bare: boolean;
  readonly shallow: boolean;
  /** A partial clone: some objects were never fetched. */
  readonly partial: boolean;
  /** Top folders of the linked worktrees (the main one included, bare ones not). */
  readonly worktrees: readonly { readonly path: string; readonly gitDirectory: string }[];
  /** Names of configured remotes. */
  readonly remotes: readonly string[];
  /** What of all this could not be found out. */
  readonly notices?: readonly Notice[];
}

/** A git object in which keys were found, and which ones (by fingerprint). */
export interface HitObject {
  readonly oid: string;
  readonly type: GitObjectType;
  readonly fingerprints: ReadonlySet<string>;
  /** For trees: the entry names that hold a key, so that its paths can be told. */
  readonly names?: ReadonlySet<string>;
  /** For trees: the same by fingerprint. */
  readonly entries?: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A place as git knows it; line, column and encoding come from the match in `object`. */
export interface AttributedPlace extends Omit<
  Place,
  "line" | "column" | "encoding" | "trail" | "repository" | "object"
> {
  readonly object: string;
  readonly fingerprint: string;
}

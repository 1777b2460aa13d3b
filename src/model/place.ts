// Where a key is or was, in the words of a report.
// How a place was found out is left to sources (attribution).

export const placeKinds = [
  "file",
  "index",
  "commit",
  "commit-message",
  "tag-message",
  "note",
  "stash",
  "reflog",
  "unreachable",
  "ref-name",
  "path-name",
  "stdin",
] as const;
export type PlaceKind = (typeof placeKinds)[number];

/** How far a key got; the first that applies is the worst. */
export const exposures = [
  "pushed",
  "tagged",
  "committed",
  "stashed",
  "reflog",
  "unreachable",
  "staged",
  "working-tree",
] as const;
export type Exposure = (typeof exposures)[number];

/** What is left over on this machine, and goes nowhere by itself. */
const residues = ["stashed", "reflog", "unreachable"] as const satisfies readonly Exposure[];
export type Residue = (typeof residues)[number];

export function isResidue(exposure: Exposure): exposure is Residue {
  return residues.some((residue) => residue === exposure);
}

/** When commits were made, among each other. */
export interface CommitAge {
  /** Committer date (ISO 8601 with offset), where it is another time than the author's `date`. */
  readonly committed?: string;
  /** Length of the longest line of commits that ends here: orders commits of the same second. */
  readonly generation?: number;
}

/** A commit as far as a report needs it. */
export interface CommitStamp extends CommitAge {
  readonly commit: string;
  /** Author date, ISO 8601 with offset; null when the commit states none that can be read. */
  readonly date: string | null;
  /** `Name <mail>` as git has it: a report makes it safe to show. */
  readonly author: string | null;
}

/**
 * When a commit was made: the author's date may be that of an earlier version, before a rebase.
 */
export function committedAt(stamp: CommitAge & { readonly date: string | null }): string | null {
  return stamp.committed ?? stamp.date;
}

/**
 * One place. Versions of a file that carry the key on without a gap are one place: `commit` brought
 * it in, `removed` took it out.
 */
export interface Place extends CommitAge {
  readonly kind: PlaceKind;
  /** How far the key got by this place alone. */
  readonly exposure: Exposure;
  readonly path: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly commit: string | null;
  readonly date: string | null;
  readonly author: string | null;
  /** Full ref names from which this place can be reached, sorted; cut at a bound. */
  readonly refs: readonly string[];
  /** The git object that holds the bytes, when there is one. */
  readonly object: string | null;
  /** The commit that took the key out of this place again, if one did. */
  readonly removed: CommitStamp | null;
  /** The repository's folder or name; set when several were scanned. */
  readonly repository: string | null;
  /** The linked worktree's folder for a file or index place outside the main worktree. */
  readonly worktree: string | null;
  readonly encoding: readonly string[];
  readonly trail: readonly string[];
}

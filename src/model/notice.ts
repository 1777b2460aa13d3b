// What could not be looked at, or what the user should know about how the scan went.
// Whether a notice changes the exit status is left to the exit rule; it reads `incomplete`.

/**
 * - `incomplete: true`: something was not looked at, so a clean answer would be a lie.
 * - `incomplete: false`: worth saying, changes nothing.
 */
export interface Notice {
  readonly kind: "notice";
  readonly code: NoticeCode;
  /** One sentence: what, where, what to do. May hold what a repository calls things: a report makes it safe to show. */
  readonly message: string;
  /** The path, ref, pack or object it is about, when it is about one. */
  readonly subject?: string;
  readonly incomplete: boolean;
}

export type NoticeCode =
  | "shallow-clone"
  | "partial-clone"
  | "missing-object"
  | "corrupt-object"
  | "corrupt-pack"
  | "git-failed"
  | "broken-repository"
  | "unreadable-file"
  | "special-file"
  | "nested-repository"
  | "nothing-read"
  | "discovery-limit"
  | "shard-missing"
  | "rule-without-witness"
  | "container-limit"
  | "container-encrypted"
  | "container-unreadable"
  | "container-damaged"
  | "document-truncated"
  | "cache-unusable"
  | "baseline-unused"
  | "baseline-expired"
  | "baseline-changed"
  | "allow-without-reason"
  | "configuration-ignored"
  | "attribution-failed"
  | "verification"
  | "interrupted"
  | "fallback-reader";

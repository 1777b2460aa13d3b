// Since when a key was where: the events of its life as far as git, reflogs and verdicts tell them.
// How they are found out is left to sources (pushes) and findings (timeline).

export const timelineEventKinds = [
  "committed",
  "pushed",
  "removed",
  "returned",
  "refused",
  "accepted",
] as const;
export type TimelineEventKind = (typeof timelineEventKinds)[number];

/**
 * What a date states: the moment itself, a moment before which it did not happen (`not-before`), or
 * one by which it had happened (`not-after`).
 */
export type DateBound = "exact" | "not-before" | "not-after";

/**
 * - `committed`: a commit brought the key into a place (`returned`: again, after it had gone)
 * - `removed`: a commit took it out of a place
 * - `pushed`: the key was on a remote
 * - `refused`, `accepted`: what the API said of the key when it was asked
 */
export interface TimelineEvent {
  readonly kind: TimelineEventKind;
  /** ISO 8601 with offset, or null when no date can be given. */
  readonly date: string | null;
  readonly bound: DateBound;
  readonly commit: string | null;
  readonly author: string | null;
  readonly path: string | null;
  /** The full name of the ref that was pushed, when it is known. */
  readonly ref: string | null;
  readonly repository: string | null;
  /** What the event rests on, in one sentence. */
  readonly evidence: string;
}

/** A key's events, oldest first; those without a date come last. */
export type Timeline = readonly TimelineEvent[];

/** The first time that a commit is known to have been on a remote. */
export interface PushRecord {
  readonly commit: string;
  /** As places name it: set when several were scanned. */
  readonly repository: string | null;
  /** ISO 8601 with offset. */
  readonly date: string;
  /** Exact for a push made from this clone; a fetch or clone shows only that it was there by then. */
  readonly bound: "exact" | "not-after";
  /** The remote-tracking ref whose reflog says so. */
  readonly ref: string;
}

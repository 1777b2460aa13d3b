// The house's terms in words for people. A new kind does not compile until it has its words here.
// Layout is left to the formats.
import type {
  Action,
  Confidence,
  Exposure,
  KeyKind,
  LivenessStatus,
  PlaceKind,
  Suppression,
} from "../model/index.js";

export const kindWords = {
  "payg-legacy": "pay-as-you-go key, legacy form",
  "coding-plan": "Coding Plan key",
  payg: "pay-as-you-go key",
  "token-plan": "Token Plan key",
  partial: "part of a key",
  unknown: "key of unknown form",
} as const satisfies Record<KeyKind, string>;

export const actionWords = {
  "reset-now": "reset now",
  reset: "reset",
  remove: "remove",
  review: "review",
  none: "nothing to do",
} as const satisfies Record<Action, string>;

export const confidenceWords = {
  proven: "proven by its form",
  likely: "very likely",
  possible: "possible",
} as const satisfies Record<Confidence, string>;

export const exposureWords = {
  pushed: "pushed to a remote",
  tagged: "in a tag",
  committed: "committed, not known to be pushed",
  stashed: "only in a stash",
  reflog: "only in a reflog",
  unreachable: "only in unreachable objects",
  staged: "staged, not committed",
  "working-tree": "only in files",
} as const satisfies Record<Exposure, string>;

export const livenessWords = {
  unchecked: "not checked",
  live: "live",
  restricted: "live, restricted",
  dead: "dead",
  unknown: "liveness not known",
} as const satisfies Record<LivenessStatus, string>;

export const placeWords = {
  file: "in the working tree",
  index: "staged",
  commit: "commit",
  "commit-message": "commit message",
  "tag-message": "tag message",
  note: "note",
  stash: "stash",
  reflog: "reflog",
  unreachable: "unreachable",
  "ref-name": "name of a ref",
  "path-name": "name of a path",
  stdin: "standard input",
} as const satisfies Record<PlaceKind, string>;

export const suppressionWords = {
  baseline: "the baseline",
  inline: "a comment beside it",
  head: "being there already",
} as const satisfies Record<Suppression["by"], string>;

/** Local residue: what it is and the command that expires it (git-reflog(1), git-gc(1)). */
export interface Residue {
  readonly meaning: string;
  readonly command: string;
}

/** For the exposures that are local residue; null for those that are not. */
export const residueWords = {
  pushed: null,
  tagged: null,
  committed: null,
  stashed: {
    meaning:
      "A stash in this clone still holds it; nothing that is pushed does. Drop that stash, then remove what is left:",
    command: "git stash list && git stash drop 'stash@{N}' && git gc --prune=now",
  },
  reflog: {
    meaning:
      "Only this clone's reflog still holds it, and git keeps that for 30 to 90 days. To expire it now:",
    command: "git reflog expire --expire=now --expire-unreachable=now --all && git gc --prune=now",
  },
  unreachable: {
    meaning:
      "No ref leads to it any more; the objects stay in this clone until git prunes them. To prune them now:",
    command: "git gc --prune=now",
  },
  staged: null,
  "working-tree": null,
} as const satisfies Record<Exposure, Residue | null>;

/** A whole number with commas at the thousands. `toLocaleString` costs 12 ms at its first call. */
export function numberWords(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/gu, ",");
}

/** `1 key`, `12,000 keys`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${numberWords(count)} ${count === 1 ? one : many}`;
}

/** Bytes in binary units with three significant digits at most: `1.2 GiB`. */
export function byteWords(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"] as const;
  let value = bytes;
  let unit: string = units[0];
  for (const larger of units.slice(1)) {
    if (value < 1024) break;
    value /= 1024;
    unit = larger;
  }
  return `${unit === "B" || value >= 100 ? Math.round(value) : value.toFixed(1)} ${unit}`;
}

/** Milliseconds as a person says them: `240 ms`, `3.4 s`, `2 min 5 s`. */
export function durationWords(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** The day of an ISO date, or null. */
export function dayOf(date: string | null): string | null {
  return date === null ? null : (/^\d{4}-\d{2}-\d{2}/u.exec(date)?.[0] ?? null);
}

/** `Name <mail>` without the mail, and without anything else that looks like one. */
export function nameOf(author: string): string {
  const name = author.replaceAll(/<[^<>]*>/gu, "").trim();
  return name.replaceAll(/\S+@\S+/gu, "").trim() || "unknown author";
}

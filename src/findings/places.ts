// Lists of places: each once, oldest first, and how bad the worst is.
// The order is total, so that the parts of a scan, joined, read like the whole.
import { committedAt, compareText, exposures, type Exposure, type Place } from "../model/index.js";

/** Oldest first, each once; of places that say the same, the one with the worst exposure. */
export function orderedPlaces(places: readonly Place[]): Place[] {
  const seen = new Map<string, Place>();
  for (const place of [...places].sort(comparePlaces)) {
    const name = nameOf(place);
    if (!seen.has(name)) seen.set(name, place);
  }
  return [...seen.values()];
}

function nameOf(place: Place): string {
  const { kind, path, line, column, commit, object, worktree, repository, refs, trail } = place;
  return JSON.stringify([
    kind,
    path,
    line,
    column,
    commit,
    commit === null ? object : null,
    worktree,
    repository,
    trail,
    // Without a commit the refs are what tells two places apart (names of refs).
    commit === null ? refs : [],
  ]);
}

/** The worst exposure of several places. */
export function worstExposure(places: readonly [Place, ...Place[]]): Exposure {
  const ranks = places.map(({ exposure }) => exposures.indexOf(exposure));
  return exposures[Math.min(...ranks)] ?? places[0].exposure;
}

/**
 * Oldest first, of the same second by the line of commits; places without a date (files, the index)
 * last; then by path and line.
 */
function comparePlaces(a: Place, b: Place): number {
  return (
    time(a) - time(b) ||
    (a.generation ?? 0) - (b.generation ?? 0) ||
    exposures.indexOf(a.exposure) - exposures.indexOf(b.exposure) ||
    compareText(a.repository ?? "", b.repository ?? "") ||
    compareText(a.path ?? "", b.path ?? "") ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    compareText(nameOf(a), nameOf(b)) ||
    compareText(remainderOf(a), remainderOf(b))
  );
}

/** What may still tell two places apart that say the same. */
function remainderOf({ object, encoding, author, refs, removed }: Place): string {
  return JSON.stringify([object, encoding, author, refs, removed?.commit ?? null]);
}

// Not Infinity: the difference of two dateless places must be 0, not NaN.
const dateless = Number.MAX_SAFE_INTEGER;

function time(place: Place): number {
  const date = committedAt(place);
  const parsed = date === null ? Number.NaN : Date.parse(date);
  return Number.isNaN(parsed) ? dateless : parsed;
}

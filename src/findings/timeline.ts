// A key's life in order: brought in, pushed, taken out, back again, refused by the API.
// When a commit was on a remote is found out by sources (pushes); showing it is left to report.
import {
  committedAt,
  compareText,
  type CommitAge,
  type Place,
  type PushRecord,
  type Timeline,
  type TimelineEvent,
  type Verdict,
} from "../model/index.js";

export interface TimelineInput {
  readonly places: readonly Place[];
  /** What reflogs say of pushed commits; for the commits of several repositories together. */
  readonly pushes: readonly PushRecord[];
  readonly liveness: Verdict;
  /** When the API was asked (ISO 8601), or null when it was not. */
  readonly askedAt: string | null;
}

/**
 * Puts a key's events in order. Says of every date what it states: a push that no reflog of this
 * clone records is bounded by the commit's own date, before which it cannot have been.
 */
export function timelineOf({ places, pushes, liveness, askedAt }: TimelineInput): Timeline {
  return sortedEvents([
    ...comings(places),
    ...removals(places),
    ...firstPushes(places, pushes),
    ...answers(liveness, askedAt),
  ]).map(({ generation: _generation, ...event }) => event);
}

/** An event, and which of several commits of the same second it is about. */
interface DatedEvent extends TimelineEvent {
  readonly generation?: number;
}

function generationOf({ generation }: CommitAge): CommitAge {
  return generation === undefined ? {} : { generation };
}

const blank = {
  date: null,
  bound: "exact",
  commit: null,
  author: null,
  path: null,
  ref: null,
  repository: null,
} as const satisfies Partial<TimelineEvent>;

/** Each commit that brought the key into a path; a return when it had gone from there before. */
function comings(places: readonly Place[]): DatedEvent[] {
  return places.flatMap((place): DatedEvent[] => {
    const { commit, author, path, repository } = place;
    if (commit === null || place.kind === "path-name") return [];
    const back = places.some((other) => samePath(other, place) && wasGoneBy(other, place));
    return [
      {
        ...blank,
        kind: back ? "returned" : "committed",
        date: committedAt(place),
        ...generationOf(place),
        commit,
        author,
        path,
        repository,
        evidence: back ? "A commit brought it back." : "A commit brought it in.",
      },
    ];
  });
}

function samePath(a: Place, b: Place): boolean {
  return a !== b && a.path !== null && a.path === b.path && a.repository === b.repository;
}

function wasGoneBy(earlier: Place, later: Place): boolean {
  const { removed } = earlier;
  const gone = time(removed && committedAt(removed));
  const back = time(committedAt(later));
  if (gone === null || back === null || earlier.commit === later.commit) return false;
  const order = (removed?.generation ?? 0) - (later.generation ?? 0);
  return gone < back || (gone === back && order <= 0);
}

function removals(places: readonly Place[]): DatedEvent[] {
  return places.flatMap(({ removed, path, repository }): DatedEvent[] =>
    removed === null
      ? []
      : [
          {
            ...blank,
            kind: "removed",
            commit: removed.commit,
            date: committedAt(removed),
            author: removed.author,
            ...generationOf(removed),
            path,
            repository,
            evidence: "A commit took it out of this file; history still holds it.",
          },
        ],
  );
}

/** For each repository the first time that the key was on a remote, as well as it can be told. */
function firstPushes(places: readonly Place[], pushes: readonly PushRecord[]): DatedEvent[] {
  const nameOf = ({ repository, commit }: Place | PushRecord): string =>
    `${commit} ${repository ?? ""}`;
  const records = new Map<string, PushRecord[]>();
  for (const record of pushes) {
    records.set(nameOf(record), [...(records.get(nameOf(record)) ?? []), record]);
  }
  const pushed = places.filter(({ exposure }) => exposure === "pushed");
  const repositories = [...new Set(pushed.map(({ repository }) => repository))];
  return repositories.flatMap((repository): DatedEvent[] => {
    const here = pushed.filter((place) => place.repository === repository);
    const known = here.flatMap((place) =>
      (records.get(nameOf(place)) ?? []).map((record) => recordedPush(place, record)),
    );
    const bounds = here.flatMap((place) =>
      committedAt(place) === null ? [] : [unrecordedPush(place)],
    );
    // A fetch only says that the key had been pushed by then; the oldest commit says since when
    // that was possible at all. An exact record needs no bound from below.
    const first = sortedEvents(known)[0];
    const earliest = sortedEvents(bounds)[0];
    if (first?.bound === "exact") return [first];
    return [...(earliest ? [earliest] : []), ...(first ? [first] : [])];
  });
}

function recordedPush(place: Place, record: PushRecord): DatedEvent {
  return {
    ...blank,
    kind: "pushed",
    date: record.date,
    ...generationOf(place),
    bound: record.bound,
    commit: place.commit,
    path: place.path,
    ref: record.ref,
    repository: place.repository,
    evidence:
      record.bound === "exact"
        ? "The reflog of this clone records the push."
        : "It was on the remote by then: the reflog of this clone records that it was fetched.",
  };
}

function unrecordedPush(place: Place): DatedEvent {
  return {
    ...blank,
    kind: "pushed",
    date: committedAt(place),
    ...generationOf(place),
    bound: "not-before",
    commit: place.commit,
    path: place.path,
    ref: place.refs.find((ref) => ref.startsWith("refs/remotes/")) ?? null,
    repository: place.repository,
    evidence: "No reflog here records the push; it cannot be older than the commit.",
  };
}

function answers({ status, evidence }: Verdict, askedAt: string | null): TimelineEvent[] {
  if (askedAt === null || status === "unchecked" || status === "unknown") return [];
  const hosts = [...new Set(evidence.map(({ host }) => host))].sort(compareText).join(", ");
  return [
    {
      ...blank,
      kind: status === "dead" ? "refused" : "accepted",
      date: askedAt,
      // A refusal says that the key had been reset or deleted by then, not when.
      bound: status === "dead" ? "not-after" : "exact",
      evidence: `${status === "dead" ? "Refused by" : "Accepted by"} ${hosts}.`,
    },
  ];
}

/** Oldest first, each once; events without a date last. */
function sortedEvents(events: readonly DatedEvent[]): DatedEvent[] {
  const distinct = new Map(events.map((event) => [JSON.stringify(event), event]));
  return [...distinct]
    .sort(
      ([nameA, a], [nameB, b]) =>
        (time(a.date) ?? dateless) - (time(b.date) ?? dateless) ||
        (a.generation ?? 0) - (b.generation ?? 0) ||
        order.indexOf(a.kind) - order.indexOf(b.kind) ||
        compareText(nameA, nameB),
    )
    .map(([, event]) => event);
}

/** What comes first at the same second. */
const order: readonly TimelineEvent["kind"][] = [
  "committed",
  "pushed",
  "removed",
  "returned",
  "accepted",
  "refused",
];

const dateless = Number.MAX_SAFE_INTEGER;

function time(date: string | null): number | null {
  const parsed = date === null ? Number.NaN : Date.parse(date);
  return Number.isNaN(parsed) ? null : parsed;
}

/**
 * The push records that an earlier timeline was made from, so that joined reports can be told anew.
 */
export function pushRecordsOf(timeline: Timeline): PushRecord[] {
  return timeline.flatMap(({ kind, date, bound, commit, ref, repository }) =>
    kind === "pushed" && date !== null && commit !== null && ref !== null && bound !== "not-before"
      ? [{ commit, repository, date, bound, ref }]
      : [],
  );
}

/** When the API was asked, as an earlier timeline tells; the latest where there are several. */
export function askedAtOf(timelines: readonly Timeline[]): string | null {
  const dates = timelines
    .flat()
    .flatMap(({ kind, date }) =>
      (kind === "refused" || kind === "accepted") && date !== null ? [date] : [],
    );
  return dates.sort(compareText).at(-1) ?? null;
}

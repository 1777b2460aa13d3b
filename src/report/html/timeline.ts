// A picture of when keys were there: a line of how many at once, and a bar per key, worst first.
// Dates come from places and events alone; the page's end of time is given by the caller.
import { committedAt } from "../../model/index.js";
import { neutral } from "../neutral.js";
import type { PublishedKey } from "../published.js";
import { dayOf } from "../words.js";
import { anchorOf } from "./card.js";
import { markup, type Markup } from "./markup.js";
import { ticksBetween } from "./ticks.js";

/** Bars beyond this many say nothing at a glance; the line above them counts all keys. */
const mostBars = 24;
const width = 960;
const left = 150;
const right = width - 12;
const rowHeight = 20;
const areaHeight = 64;

/** A stretch of time in which a key stood in one place; `to` is null while it still does. */
interface Stretch {
  readonly from: number;
  readonly to: number | null;
}

interface Row {
  readonly key: PublishedKey;
  readonly stretches: readonly Stretch[];
  readonly pushed: number | null;
}

/** The picture, or null when no key has a date. */
export function timelinePicture(keys: readonly PublishedKey[], now: Date | null): Markup | null {
  const rows = keys.map(rowOf).filter(({ stretches }) => stretches.length > 0);
  if (rows.length === 0) return null;
  const moments = rows.flatMap(({ stretches, pushed }) => [
    ...stretches.flatMap(({ from, to }) => (to === null ? [from] : [from, to])),
    ...(pushed === null ? [] : [pushed]),
  ]);
  const start = moments.reduce((a, b) => Math.min(a, b), Infinity);
  const last = moments.reduce((a, b) => Math.max(a, b), -Infinity);
  // A day at least, so that a history of one commit has a width.
  const end = Math.max(last, now?.getTime() ?? 0, start + 86_400_000);
  const at = (time: number) => round(left + ((time - start) / (end - start)) * (right - left));
  const bars = rows.slice(0, mostBars);
  const top = areaHeight + 26;
  const height = top + bars.length * rowHeight + 8;
  const ticks = ticksBetween(start, end);
  const most = `${rows.length} ${rows.length === 1 ? "key" : "keys"}`;
  return markup`<figure class="timeline" tabindex="0" role="group" aria-label="Timeline, scrolls sideways"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${most} with dates, from ${day(start)} to ${day(end)}">
${ticks.map(({ time, label }) => markup`<line class="tick" x1="${at(time)}" x2="${at(time)}" y1="14" y2="${height}"/><text class="label" x="${at(time)}" y="10">${label}</text>`)}
${area(rows, at, end)}
${bars.map((row, index) => bar(row, top + index * rowHeight, at, end))}
</svg></figure><p class="notes">The line counts keys that stood in some place at a time. Bars run from the commit that brought a key in to the one that took it out; an open end still stands. A diamond is the first time it is known to have been on a remote.${rows.length > mostBars ? ` Bars are drawn for the worst ${mostBars} of ${rows.length}.` : ""}</p>`;
}

function rowOf(key: PublishedKey): Row {
  const stretches = key.places.flatMap((place) => {
    const { removed } = place;
    const from = timeOf(committedAt(place));
    if (from === null) return [];
    const to = timeOf(removed && committedAt(removed));
    // A clock that was wrong can date the removal before the arrival.
    return [{ from, to: to === null ? null : Math.max(from, to) }];
  });
  const push = key.timeline?.find(({ kind, date }) => kind === "pushed" && timeOf(date) !== null);
  return { key, stretches: merged(stretches), pushed: timeOf(push?.date ?? null) };
}

/** Joins stretches that overlap, so that a key in many files at once counts once. */
function merged(stretches: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const next of [...stretches].sort((a, b) => a.from - b.from)) {
    const before = result.at(-1);
    if (before === undefined || (before.to !== null && before.to < next.from)) result.push(next);
    else {
      const to = before.to === null || next.to === null ? null : Math.max(before.to, next.to);
      result[result.length - 1] = { from: before.from, to };
    }
  }
  return result;
}

function area(rows: readonly Row[], at: (time: number) => number, end: number): Markup {
  const changes = new Map<number, number>();
  const add = (time: number, by: number) => changes.set(time, (changes.get(time) ?? 0) + by);
  for (const { stretches } of rows) {
    for (const { from, to } of stretches) {
      add(from, 1);
      if (to !== null) add(to, -1);
    }
  }
  const steps = [...changes].sort(([a], [b]) => a - b);
  const base = areaHeight + 14;
  let count = 0;
  // One at least: a key can come and go in the same second.
  let most = 1;
  const counts = steps.map(([time, change]) => {
    count += change;
    most = Math.max(most, count);
    return { x: at(time), count };
  });
  const y = (value: number) => round(base - (value / most) * (areaHeight - 8));
  const line = counts.map(({ x, count: value }) => `H${x}V${y(value)}`).join("");
  return markup`<text class="name" x="${left - 10}" y="${y(most) + 4}">${most} at most</text><path class="area" d="M${left} ${base}${line}H${at(end)}V${base}Z"/><line class="base" x1="${left}" x2="${right}" y1="${base}" y2="${base}"/>`;
}

function bar(
  { key, stretches, pushed }: Row,
  y: number,
  at: (time: number) => number,
  end: number,
): Markup {
  const middle = y + rowHeight / 2;
  const style = key.suppressed !== null || key.provider === "other" ? "quiet" : `a-${key.action}`;
  const first = stretches[0]?.from ?? end;
  return markup`<a class="${style}" href="#${anchorOf(key)}"><title>${key.masked}, since ${day(first)}</title><text class="name" x="${left - 10}" y="${middle + 4}">${neutral(key.masked)}</text>${stretches.map(
    ({ from, to }) => {
      const x = at(from);
      const length = Math.max(2, round(at(to ?? end) - x));
      return markup`<rect x="${x}" y="${middle - 4}" width="${length}" height="8" rx="${to === null ? 0 : 2}"/>${to === null ? markup`<path class="open" d="M${right} ${middle - 4}l6 4l-6 4z"/>` : null}`;
    },
  )}${pushed === null ? null : markup`<path class="pushed" d="M${at(pushed)} ${middle - 6}l6 6l-6 6l-6 -6z"/>`}</a>`;
}

function timeOf(date: string | null): number | null {
  const time = date === null ? Number.NaN : Date.parse(date);
  return Number.isNaN(time) ? null : time;
}

function day(time: number): string {
  return dayOf(new Date(time).toISOString()) ?? "";
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

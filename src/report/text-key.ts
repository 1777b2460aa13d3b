// One key as lines of text: what it is, where it is, what to do.
// What stands between and after the keys is left to text.
import type { Advice, AdviceStep, ConsolePage, Timeline } from "../model/index.js";
import { neutral } from "./neutral.js";
import type { Palette } from "./colour.js";
import type { ReportOptions } from "./options.js";
import { locationOf, originOf, settingOf } from "./places.js";
import type { PublishedKey, PublishedPlace } from "./published.js";
import {
  actionWords,
  confidenceWords,
  counted,
  dayOf,
  exposureWords,
  kindWords,
  livenessWords,
  residueWords,
  numberWords,
} from "./words.js";
import { indented, padded, widthOf, wrapped } from "./wrap.js";

/** Locations longer than this get a line of their own. */
const widestLocation = 44;

/**
 * @param told advice that was printed already -> the masked key it was printed for: many keys of one
 *   kind need the same steps, and the tenth copy hides the tenth key
 */
export function keyLines(
  key: PublishedKey,
  options: ReportOptions,
  paint: Palette,
  told: Map<string, string>,
): string[] {
  return [
    `${paint.action[key.action](actionWords[key.action].toUpperCase())}  ${paint.key(key.masked)}  ${kindWords[key.kind]}`,
    ...factLines(key, options, paint),
    ...placeLines(key, options, paint),
    ...adviceLines(key, options, paint, told),
  ];
}

function factLines(key: PublishedKey, { columns }: ReportOptions, paint: Palette): string[] {
  const { liveness, exposure, confidence, provider, hints, advice } = key;
  const checked = liveness.status !== "unchecked";
  const status = livenessWords[liveness.status];
  const asked = [...new Set(liveness.evidence.map(({ host }) => host))].join(", ");
  const facts = [
    checked ? `${status}${asked ? ` (${neutral(asked)})` : ""}` : null,
    exposureWords[exposure],
    confidenceWords[confidence],
    provider === "ambiguous" ? "provider not known" : null,
    hints.variable === null ? null : neutral(hints.variable),
    windowWords(advice.exposureWindow),
    pushWords(key.timeline),
  ].filter((fact) => fact !== null);
  const [first = "", ...rest] = indented(facts.join(" · "), columns, 2);
  const marked = checked ? first.replace(status, paint.liveness[liveness.status](status)) : first;
  return [marked, ...rest];
}

function windowWords({ from, to }: Advice["exposureWindow"]): string | null {
  if (from === null) return null;
  if (to === null) return `since ${from}`;
  return from === to ? `on ${from}` : `${from} to ${to}`;
}

/** When it was first known to be on a remote, as exactly as that can be said. */
function pushWords(timeline: Timeline | null): string | null {
  const push = timeline?.find(({ kind, date }) => kind === "pushed" && date !== null);
  const day = dayOf(push?.date ?? null);
  if (push === undefined || day === null) return null;
  const bounds = { exact: "on", "not-before": "not before", "not-after": "by" } as const;
  return `pushed ${bounds[push.bound]} ${day}`;
}

function placeLines(
  { places }: PublishedKey,
  { columns, placesShown }: ReportOptions,
  paint: Palette,
): string[] {
  // The oldest places and the last one: since when, and where it is now.
  const shown =
    places.length <= placesShown
      ? places
      : [...places.slice(0, Math.max(1, placesShown - 1)), ...places.slice(-1)];
  const widest = Math.min(
    widestLocation,
    Math.max(...shown.map((place) => widthOf(locationOf(place)))),
  );
  const lines = shown.flatMap((place) => onePlace(place, widest, columns, paint));
  const more = places.length - shown.length;
  return more > 0
    ? [...lines, paint.faint(`  and ${counted(more, "more place")}; the JSON format lists all`)]
    : lines;
}

function onePlace(
  place: PublishedPlace,
  widest: number,
  columns: number | null,
  paint: Palette,
): string[] {
  const location = locationOf(place);
  const [commit, ...who] = place.commit === null ? ["", ...originOf(place)] : originOf(place);
  const removed = place.removed === null ? null : `removed ${originOf(place.removed).join(" ")}`;
  const about = [who.join(" "), settingOf(place), removed].filter((part) => part).join(", ");
  const tail = [commit, about].filter((part) => part).join(" ");
  const indentation = widest + 4;
  const fits = widthOf(location) <= widest;
  const room = columns === null ? null : Math.max(24, columns - indentation);
  const [first = "", ...rest] = wrapped(tail, room).map((line, index) =>
    index === 0 && commit && line.startsWith(commit)
      ? paint.commit(commit) + paint.faint(line.slice(commit.length))
      : paint.faint(line),
  );
  const head = fits
    ? [`  ${paint.path(location)}${first && " ".repeat(widest - widthOf(location) + 2)}${first}`]
    : [`  ${paint.path(location)}`, ...(first ? [padded("", indentation) + first] : [])];
  return [...head, ...rest.map((line) => padded("", indentation) + line)];
}

function adviceLines(
  key: PublishedKey,
  { columns, placesShown }: ReportOptions,
  paint: Palette,
  told: Map<string, string>,
): string[] {
  const { advice } = key;
  const summary = indented(neutral(advice.summary), columns, 4);
  const lines = [`  ${paint.action[key.action]("→")} ${summary.join("\n").trimStart()}`];
  const consumers = advice.consumers
    .slice(0, placesShown)
    .map(({ path, line, variable, what }) => `${path}:${line} ${variable} (${what})`);
  if (consumers.length > 0) {
    const more = advice.consumers.length - consumers.length;
    const rest = more > 0 ? `; and ${numberWords(more)} more` : "";
    lines.push(...indented(neutral(`used by ${consumers.join("; ")}`) + rest, columns, 4));
  }
  lines.push(...residueLines(key, columns, paint));
  const shown = shownAdvice(key);
  const identity = JSON.stringify(shown);
  const before = told.get(identity);
  if (before !== undefined) return [...lines, paint.faint(`    as for ${before} above`)];
  if (shown.pages.length + shown.steps.length > 0) told.set(identity, key.masked);
  for (const { title, url } of shown.pages) {
    lines.push(...indented(neutral(title), columns, 4), `      ${paint.link(neutral(url))}`);
  }
  for (const { text: words, command } of shown.steps) {
    lines.push(...indented(neutral(words), columns, 4));
    lines.push(`      ${paint.command(neutral(command ?? ""))}`);
  }
  return lines;
}

/**
 * What a terminal has room for: for a key to reset the pages to do it on, for others the commands
 * that get rid of it. Every step, with the facts behind it, is in the markdown and HTML formats.
 */
function shownAdvice({ action, exposure, advice }: PublishedKey): {
  readonly pages: readonly ConsolePage[];
  readonly steps: readonly AdviceStep[];
} {
  const local = residueWords[exposure] !== null || action === "remove";
  return {
    pages: action === "reset-now" || action === "reset" ? advice.consolePages : [],
    steps: local ? advice.steps.filter(({ command }) => command?.startsWith("git ")) : [],
  };
}

/** Explains local residue, unless the steps do so already. */
function residueLines(
  { exposure, advice }: PublishedKey,
  columns: number | null,
  paint: Palette,
): string[] {
  const residue = residueWords[exposure];
  const explained = advice.steps.some(({ command }) =>
    /^git (?:gc|reflog|stash)/u.test(command ?? ""),
  );
  if (residue === null || explained) return [];
  return [...indented(residue.meaning, columns, 4), `       ${paint.command(residue.command)}`];
}

// One key as a card: what it is, what to do (as a check-list), where it is and was.
// Which cards are shown is left to filters and the script.
import { createHash } from "node:crypto";
import type { AdviceStep, Exposure, TimelineEvent } from "../../model/index.js";
import { locationOf, originOf, settingOf } from "../places.js";
import type { PublishedKey, PublishedPlace } from "../published.js";
import {
  actionWords,
  confidenceWords,
  counted,
  dayOf,
  exposureWords,
  kindWords,
  livenessWords,
  residueWords,
  suppressionWords,
} from "../words.js";
import { markup, type Markup } from "./markup.js";

/** Places that a card shows at once, and those that it holds folded away. */
const placesShown = 6;
const placesFolded = 200;
const consumersShown = 20;

/** What a key's state filter is: why it needs nothing, else what the API said of it. */
export function stateOf({ suppressed, provider, liveness }: PublishedKey): string {
  if (suppressed !== null) return "let-pass";
  return provider === "other" ? "other-provider" : liveness.status;
}

/** The card's anchor; fingerprints are long, and 64 bits tell any number of keys apart. */
export function anchorOf({ fingerprint }: PublishedKey): string {
  return `key-${fingerprint.slice(fingerprint.indexOf(":") + 1).slice(0, 16)}`;
}

export function card(key: PublishedKey): Markup {
  const { action, advice, exposure, fingerprint, kind, masked } = key;
  const quiet = key.suppressed !== null || key.provider === "other";
  return markup`
<article class="key ${quiet ? "quiet" : `a-${action}`}" id="${anchorOf(key)}" data-kind="${kind}" data-exposure="${exposure}" data-state="${stateOf(key)}" data-fingerprint="${fingerprint}">
<header><h3><code>${masked}</code> <span>${kindWords[kind]}</span></h3><p class="action">${quiet ? quietWords(key) : actionWords[action]}</p></header>
<p class="lead">${advice.summary}</p>
${facts(key)}${quiet ? null : toDo(key)}${places(key)}${consumers(key)}${events(key.timeline)}
</article>`;
}

function quietWords({ suppressed, providerName }: PublishedKey): string {
  return suppressed === null
    ? (providerName ?? "another provider")
    : `let pass by ${suppressionWords[suppressed.by]}`;
}

function facts(key: PublishedKey): Markup {
  const { advice, confidence, exposure, fingerprint, hints, liveness, provider, suppressed } = key;
  const { from, to } = advice.exposureWindow;
  const window = from === null ? null : to === null ? `since ${from}` : `${from} to ${to}`;
  const rows: readonly (readonly [string, string | null])[] = [
    ["Exposure", exposureWords[exposure]],
    ["Liveness", livenessWords[liveness.status]],
    ["Confidence", confidenceWords[confidence]],
    ["Provider", provider === "ambiguous" ? "not known" : null],
    ["Exposed", window],
    ["Variable", hints.variable],
    ["Reason", suppressed?.reason ?? null],
  ];
  const evidence = liveness.evidence.map(
    ({ host, region, status, code, meaning }) =>
      markup`<li>${host} (${region}): ${status === null ? "no answer" : String(status)}${code === null ? "" : ` ${code}`}. ${meaning}</li>`,
  );
  return markup`<dl class="facts">${rows
    .filter(([, value]) => value !== null)
    .map(([name, value]) => markup`<div><dt>${name}</dt><dd><bdi>${value}</bdi></dd></div>`)}
<div class="wide"><dt>Fingerprint</dt><dd><code>${fingerprint}</code>${copyButton("fingerprint")}</dd></div>${
    evidence.length === 0
      ? null
      : markup`<div class="wide"><dt>Asked</dt><dd><ul>${evidence}</ul></dd></div>`
  }</dl>`;
}

function toDo({ advice, exposure }: PublishedKey): Markup | null {
  const residue = residueStep(exposure, advice.steps);
  const steps = residue === null ? advice.steps : [...advice.steps, residue];
  const linked = new Set(steps.map(({ url }) => url));
  const pages = advice.consolePages.filter(({ url }) => !linked.has(url));
  if (steps.length + pages.length === 0) return null;
  return markup`<h4>What to do</h4><ol class="steps">${steps.map(oneStep)}</ol>${
    pages.length === 0
      ? null
      : markup`<p class="pages">Console: ${pages.map(({ title, url }, index) => markup`${index === 0 ? "" : " · "}${link(url, title)}`)}</p>`
  }`;
}

/** Local residue needs a step of its own where the advice has none. */
function residueStep(exposure: Exposure, steps: readonly AdviceStep[]): AdviceStep | null {
  const residue = residueWords[exposure];
  const explained = steps.some(({ command }) => /^git (?:gc|reflog|stash)/u.test(command ?? ""));
  return residue === null || explained ? null : { text: residue.meaning, command: residue.command };
}

function oneStep({ text, command, url }: AdviceStep): Markup {
  // Named by what it says: a later report with other steps ticks nothing by accident.
  const name = createHash("sha256")
    .update(`${text}\n${command ?? ""}`)
    .digest("hex")
    .slice(0, 12);
  return markup`<li><label><input type="checkbox" data-step="${name}"><span>${text}</span></label>${
    command === undefined
      ? null
      : markup`<div class="command"><code>${command}</code>${copyButton("command")}</div>`
  }${url === undefined ? null : markup`<div class="page">${link(url, url)}</div>`}</li>`;
}

function places({ places: all }: PublishedKey): Markup {
  const folded = all.slice(placesShown, placesShown + placesFolded);
  const left = all.length - placesShown - folded.length;
  return markup`<h4>Where</h4><ul class="places">${all.slice(0, placesShown).map(onePlace)}</ul>${
    folded.length === 0
      ? null
      : markup`<details><summary>${counted(all.length - placesShown, "more place")}</summary><ul class="places">${folded.map(onePlace)}</ul>${
          left > 0
            ? markup`<p class="notes">And ${counted(left, "more place")}; the JSON format lists all.</p>`
            : null
        }</details>`
  }`;
}

function onePlace(place: PublishedPlace): Markup {
  const about = [originOf(place).join(" "), settingOf(place) ?? ""].filter((part) => part !== "");
  const removed = place.removed && `removed ${originOf(place.removed).join(" ")}`;
  return markup`<li><code>${locationOf(place)}</code> <span><bdi>${about.join(", ")}</bdi>${
    removed === null ? null : markup`; <bdi>${removed}</bdi>`
  }</span></li>`;
}

function consumers({ advice: { consumers: all } }: PublishedKey): Markup | null {
  if (all.length === 0) return null;
  const left = all.length - consumersShown;
  return markup`<h4>Used by</h4><ul class="places">${all
    .slice(0, consumersShown)
    .map(
      ({ path, line, variable, what }) =>
        markup`<li><code>${path}:${line}</code> <span><bdi>${variable}</bdi>, ${what}</span></li>`,
    )}${left > 0 ? markup`<li>and ${left} more</li>` : null}</ul>`;
}

const eventWords = {
  committed: "came in",
  returned: "came back",
  removed: "was taken out",
  pushed: "was on a remote",
  refused: "was refused by the API",
  accepted: "was accepted by the API",
} as const satisfies Record<TimelineEvent["kind"], string>;

const boundWords = {
  exact: "",
  "not-before": "not before ",
  "not-after": "by ",
} as const satisfies Record<TimelineEvent["bound"], string>;

const eventsShown = 100;

function events(timeline: PublishedKey["timeline"]): Markup | null {
  if (timeline === null || timeline.length === 0) return null;
  const lines = timeline
    .slice(0, eventsShown)
    .map(
      ({ kind, date, bound, commit, path, ref, evidence }) =>
        markup`<li><time>${boundWords[bound]}${dayOf(date) ?? "day not known"}</time> <span>${eventWords[kind]}${
          path === null ? null : markup` in <code>${path}</code>`
        }${ref === null ? null : markup` as <code>${ref}</code>`}${commit === null ? "" : ` (${commit.slice(0, 8)})`}. ${evidence}</span></li>`,
    );
  const left = timeline.length - lines.length;
  return markup`<details class="events"><summary>${counted(timeline.length, "event")} of its life</summary><ul class="places">${lines}${
    left > 0 ? markup`<li>and ${left} more</li>` : null
  }</ul></details>`;
}

/** Shown by the script, which does the copying of the `<code>` before it. */
function copyButton(what: string): Markup {
  return markup`<button type="button" class="copy" aria-label="Copy the ${what}">Copy</button>`;
}

/** Only web addresses become links: a report read back from a file could hold anything. */
function link(url: string, text: string): Markup {
  return url.startsWith("https://")
    ? markup`<a href="${url}" rel="noopener noreferrer" target="_blank">${text}</a>`
    : markup`${text}`;
}

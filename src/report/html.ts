// One self-contained page to show: asks no network, runs only its own script, escapes everything.
// Cards, timeline, filters, style and script are left to the files in html/.
import { createHash } from "node:crypto";
import { actions, exposures } from "../model/index.js";
import { card } from "./html/card.js";
import { coverageTable, noticeList } from "./html/coverage.js";
import { filterBar } from "./html/filters.js";
import { markup, trusted, type Markup } from "./html/markup.js";
import { script } from "./html/script.js";
import { style } from "./html/style.js";
import { timelinePicture } from "./html/timeline.js";
import type { ReportOptions } from "./options.js";
import type { PublishedKey, PublishedReport } from "./published.js";
import { sorted } from "./sorted.js";
import { actionWords, counted, durationWords, exposureWords, numberWords } from "./words.js";

// Nothing may be loaded from anywhere; style and script are allowed by what they say, and script may
// not make HTML out of text (Content Security Policy Level 3; Trusted Types).
const policy = [
  "default-src 'none'",
  `style-src '${digest(style)}'`,
  `script-src '${digest(script)}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** The report as a page. `finishedAt` is shown as the day of the scan and ends the timeline. */
export function html(report: PublishedReport, options: ReportOptions): string {
  const { shown, suppressed, others } = sorted(report.keys);
  const keys = [...shown, ...suppressed, ...others];
  const name = nameOf(report);
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex, nofollow">
<title>Leaked keys in ${name}</title>
<style>${trusted(style)}</style>
</head>
<body>
<a class="skip" href="#keys">Skip to the keys</a>
<main>
<h1>Leaked keys in <bdi>${name}</bdi></h1>
<p class="about">${about(report, options)}</p>
${verdict(report, shown)}
${numbers(shown)}
${section("Timeline", "timeline", timelinePicture(keys, options.finishedAt))}
${section("Keys", "keys", keyList(keys))}
${section("Good to know", "facts", factList(shown))}
${section("Coverage", "coverage", coverageTable(report))}
${section("Notices", "notices", noticeList(report))}
</main>
<footer>${report.tool.name} ${report.tool.version}, rules ${report.tool.ruleset.slice(0, 12)}. This page holds no key, only masks and fingerprints; it does hold paths and names. Ticks stay in this browser.</footer>
<p class="unseen" id="said" role="status"></p>
<script>${trusted(script)}</script>
</body>
</html>
`;
  return page.html;
}

function nameOf({ repository, repositories }: PublishedReport): string {
  if (repositories.length > 1) return counted(repositories.length, "repository", "repositories");
  if (repository === null) return "standard input";
  if (/^\.*[/\\]?$/u.test(repository)) return "the current folder";
  return repository.split(/[/\\]/u).findLast((part) => part !== "") ?? repository;
}

function digest(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function section(title: string, id: string, content: Markup | null): Markup | null {
  return content && markup`<section id="${id}"><h2>${title}</h2>${content}</section>`;
}

/** From this many keys on, the browser lays a card out only when it comes into view. */
const many = 60;

function keyList(keys: readonly PublishedKey[]): Markup | null {
  if (keys.length === 0) return null;
  const bar = keys.length > 1 ? filterBar(keys) : null;
  return markup`${bar}<div class="${keys.length < many ? "few" : "many"}">${keys.map(card)}</div>`;
}

/** Facts about kinds of keys: each once, as keys of one kind share them. */
function factList(shown: readonly PublishedKey[]): Markup | null {
  const facts = [...new Set(shown.flatMap(({ advice }) => advice.facts))];
  if (facts.length === 0) return null;
  return markup`<ul class="list">${facts.map((fact) => markup`<li>${fact}</li>`)}</ul>`;
}

function about({ repository }: PublishedReport, { startedAt, finishedAt }: ReportOptions): string {
  const parts = [
    repository === null || repository === "." ? null : repository,
    finishedAt ? `Scanned on ${finishedAt.toISOString().slice(0, 16).replace("T", " ")} UTC` : null,
    startedAt && finishedAt
      ? `in ${durationWords(finishedAt.getTime() - startedAt.getTime())}`
      : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "DashScope, Model Studio and Qwen Cloud keys" : parts.join(", ");
}

function verdict({ complete }: PublishedReport, shown: readonly PublishedKey[]): Markup {
  const gap = complete ? null : " Not everything could be looked at; see the notices.";
  if (shown.length === 0) {
    return markup`<p class="verdict ${complete ? "good" : "gap"}"><strong>No keys found${complete ? "" : " in what could be looked at"}.</strong>${gap}</p>`;
  }
  const worst = exposures.find((exposure) => shown.some((key) => key.exposure === exposure));
  const live = shown.filter(
    ({ liveness: { status } }) => status === "live" || status === "restricted",
  ).length;
  const works = live === 0 ? "" : ` ${numberWords(live)} of them ${live === 1 ? "works" : "work"}.`;
  return markup`<p class="verdict bad"><strong>${counted(shown.length, "key")}.</strong>${works}${worst === undefined ? "" : ` Worst exposure: ${exposureWords[worst]}.`}${gap}</p>`;
}

function numbers(shown: readonly PublishedKey[]): Markup | null {
  if (shown.length === 0) return null;
  const tiles = actions.map((action) => {
    const count = shown.filter((key) => key.action === action).length;
    const words = actionWords[action];
    return markup`<div class="${count > 0 ? `a-${action}` : ""}"><dt>${words.charAt(0).toUpperCase()}${words.slice(1)}</dt><dd>${numberWords(count)}</dd></div>`;
  });
  return markup`<dl class="numbers">${tiles}</dl>`;
}

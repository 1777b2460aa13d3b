// The reset plan as a check-list that can be pasted into an issue: a box per key, worst first.
// What to do was decided by findings; escaping is left to markdown-text.
import { code, link, prose } from "./markdown-text.js";
import type { ReportOptions } from "./options.js";
import { locationOf, originOf, settingOf } from "./places.js";
import type { PublishedKey, PublishedPlace, PublishedReport } from "./published.js";
import {
  actionWords,
  byteWords,
  counted,
  exposureWords,
  kindWords,
  livenessWords,
  suppressionWords,
  numberWords,
} from "./words.js";

/** The report as GitHub-flavoured Markdown, which GitLab, Gitea and others read as well. */
export function markdown(report: PublishedReport, options: ReportOptions): string {
  const work = report.keys.filter(
    ({ suppressed, provider }) => suppressed === null && provider !== "other",
  );
  const told = new Map<string, string>();
  const blocks = [
    headline(report, work),
    ...work.map((key) => keyItem(key, options, told)),
    section("Good to know", [...new Set(work.flatMap(({ advice }) => advice.facts))].map(prose)),
    section("Not looked at", noticeItems(report, true)),
    section("Notes", [...otherItems(report), ...noticeItems(report, false)]),
    section("Let pass", suppressedItems(report)),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function headline(report: PublishedReport, work: readonly PublishedKey[]): string {
  const { coverage, complete, repository, tool } = report;
  const title =
    work.length > 0
      ? `## Leaked API keys: ${numberWords(work.length)}${liveWords(work)}`
      : `## No leaked API keys found${complete ? "" : " in what could be looked at"}`;
  const where = repository === null ? "standard input" : code(repository);
  const scanned = [
    coverage.files > 0 ? counted(coverage.files, "file") : null,
    coverage.objects > 0 ? counted(coverage.objects, "git object") : null,
    byteWords(coverage.bytes),
  ].filter((part) => part !== null);
  const completeness = complete ? "" : "; **incomplete**, see below";
  return `${title}\n\ndashleaks ${prose(tool.version)} looked at ${where}: ${scanned.join(", ")}${completeness}.`;
}

function liveWords(work: readonly PublishedKey[]): string {
  const live = work.filter(
    ({ liveness: { status } }) => status === "live" || status === "restricted",
  );
  return live.length === 0 ? "" : `, ${numberWords(live.length)} of them live`;
}

/** One key: a box, what to do, where it is. Everything below the first line belongs to the box. */
function keyItem(
  key: PublishedKey,
  { placesShown }: ReportOptions,
  told: Map<string, string>,
): string {
  const { action, masked, kind, liveness, exposure, hints, advice } = key;
  const traits = [
    kindWords[kind],
    livenessWords[liveness.status],
    exposureWords[exposure],
    ...(hints.variable === null ? [] : [code(hints.variable)]),
    ...windowWords(key),
  ];
  const parts = [
    `**${capital(actionWords[action])}** ${code(masked)}: ${traits.join(", ")}`,
    prose(advice.summary),
    stepsOf(key, told),
    pagesOf(key),
    evidenceOf(key),
    consumersOf(key, placesShown),
    placeTable(key, placesShown),
  ];
  const [first = "", ...rest] = parts.filter((part) => part !== "");
  return [`- [ ] ${first}`, ...rest.map(indented)].join("\n\n");
}

function windowWords({ advice }: PublishedKey): string[] {
  const { from, to } = advice.exposureWindow;
  if (from === null) return [];
  return [to === null ? `exposed since ${prose(from)}` : `exposed ${prose(from)} to ${prose(to)}`];
}

/** Many keys of one kind need the same steps: they are written once. */
function stepsOf({ advice, masked }: PublishedKey, told: Map<string, string>): string {
  if (advice.steps.length === 0) return "";
  const identity = JSON.stringify(advice.steps);
  const before = told.get(identity);
  if (before !== undefined) return `Steps: as for ${code(before)} above.`;
  told.set(identity, masked);
  return advice.steps
    .map(({ text, command, url }, at) => {
      const address = url === undefined ? "" : ` (${link("page", url)})`;
      return `${at + 1}. ${prose(text)}${address}${command === undefined ? "" : ` ${code(command)}`}`;
    })
    .join("\n");
}

function pagesOf({ advice }: PublishedKey): string {
  const pages = advice.consolePages.map(({ title, url }) => link(title, url));
  return pages.length === 0 ? "" : `Pages: ${pages.join(" · ")}`;
}

function evidenceOf({ liveness }: PublishedKey): string {
  if (liveness.evidence.length === 0) return "";
  const items = liveness.evidence.map(({ host, status, code: vendorCode, meaning }) => {
    const answer = [status, vendorCode].filter((part) => part !== null).join(" ");
    return `- ${code(host)}${answer === "" ? "" : ` (${prose(answer)})`}: ${prose(meaning)}`;
  });
  return ["Asked:", "", ...items].join("\n");
}

function consumersOf({ action, advice: { consumers } }: PublishedKey, shown: number): string {
  if (consumers.length === 0 || action === "none") return "";
  const items = consumers
    .slice(0, shown)
    .map(
      ({ path, line, variable, what }) =>
        `- [ ] ${code(`${path}:${line}`)} uses ${code(variable)} (${prose(what)})`,
    );
  const more = consumers.length - items.length;
  const rest = more > 0 ? [`- and ${counted(more, "more place")}`] : [];
  return ["Give the new key to:", "", ...items, ...rest].join("\n");
}

function placeTable({ places }: PublishedKey, shown: number): string {
  const rows = places.slice(0, shown).map(placeRow);
  const more = places.length - rows.length;
  const table = ["| Where | Since | Gone |", "|---|---|---|", ...rows].join("\n");
  return more > 0 ? `${table}\n\nand ${counted(more, "more place")}` : table;
}

function placeRow(place: PublishedPlace): string {
  const setting = settingOf(place);
  const where = `${code(locationOf(place))}${setting === null ? "" : ` ${prose(setting)}`}`;
  const since = originOf(place).map(code).join(" ");
  const gone = place.removed === null ? "" : originOf(place.removed).map(code).join(" ");
  return `| ${where} | ${since} | ${gone} |`;
}

function noticeItems({ notices }: PublishedReport, incomplete: boolean): string[] {
  return notices
    .filter((notice) => notice.incomplete === incomplete)
    .map(({ message }) => code(message));
}

function otherItems({ keys }: PublishedReport): string[] {
  const others = keys.filter(
    ({ provider, suppressed }) => provider === "other" && suppressed === null,
  );
  if (others.length === 0) return [];
  const names = [...new Set(others.map(({ providerName }) => providerName ?? "not named"))];
  return [`${counted(others.length, "key")} of other providers (${names.map(prose).join(", ")})`];
}

function suppressedItems({ keys }: PublishedReport): string[] {
  return keys.flatMap(({ masked, suppressed }) => {
    if (suppressed === null) return [];
    const reason = suppressed.reason === null ? "" : `: ${code(suppressed.reason)}`;
    return [`${code(masked)} by ${suppressionWords[suppressed.by]}${reason}`];
  });
}

function section(title: string, items: readonly string[]): string {
  return items.length === 0
    ? ""
    : [`### ${title}`, "", ...items.map((item) => `- ${item}`)].join("\n");
}

function indented(block: string): string {
  return block.replaceAll(/^(?=.)/gmu, "  ");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// The report for people at a terminal: worst key first, then what was passed over, then one line.
// Codes for colour are left to colour, the words to words, one key's lines to text-key.
import { exposures } from "../model/index.js";
import { palette, type Palette } from "./colour.js";
import { neutral } from "./neutral.js";
import type { ReportOptions } from "./options.js";
import type { PublishedKey, PublishedReport } from "./published.js";
import { sorted } from "./sorted.js";
import { keyLines } from "./text-key.js";
import {
  byteWords,
  counted,
  durationWords,
  exposureWords,
  suppressionWords,
  numberWords,
} from "./words.js";
import { indented, wrapped } from "./wrap.js";

/** The report as text, with a line end; without control characters other than those of colour. */
export function text(report: PublishedReport, options: ReportOptions): string {
  const paint = palette(options.colour);
  const { shown, suppressed, others } = sorted(report.keys);
  const told = new Map<string, string>();
  const blocks = [
    ...shown.map((key) => keyLines(key, options, paint, told)),
    planLines(shown, options, paint),
    suppressedLines(suppressed, paint, options),
    otherLines(others, paint, options),
    noticeLines(report, paint, options),
    [summaryLine(report, shown, options, paint)],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** Where to read more, once, when there is something to reset. */
function planLines(
  keys: readonly PublishedKey[],
  { columns }: ReportOptions,
  paint: Palette,
): string[] {
  if (!keys.some(({ action }) => action === "reset" || action === "reset-now")) return [];
  const sentence =
    "Taking a key out of files or history does not end it: only a reset does. Every step, and who may do it: --format markdown.";
  return indented(sentence, columns, 0).map(paint.faint);
}

function suppressedLines(
  keys: readonly PublishedKey[],
  paint: Palette,
  { columns, placesShown }: ReportOptions,
): string[] {
  if (keys.length === 0) return [];
  const lines = keys.slice(0, placesShown).map(({ masked, suppressed }) => {
    const by = suppressed === null ? "" : suppressionWords[suppressed.by];
    const reason = suppressed?.reason ? `: ${neutral(suppressed.reason)}` : "";
    return `${masked} by ${by}${reason}`;
  });
  const more = keys.length - lines.length;
  if (more > 0) lines.push(`and ${numberWords(more)} more`);
  return [
    `${counted(keys.length, "key was", "keys were")} let pass:`,
    ...lines.flatMap((line) => indented(line, columns, 2)),
  ].map(paint.faint);
}

function otherLines(
  keys: readonly PublishedKey[],
  paint: Palette,
  { columns }: ReportOptions,
): string[] {
  if (keys.length === 0) return [];
  const byName = new Map<string, number>();
  for (const { providerName } of keys) {
    const name = neutral(providerName ?? "not named");
    byName.set(name, (byName.get(name) ?? 0) + 1);
  }
  const names = [...byName].map(([name, count]) => `${name} ${numberWords(count)}`);
  const sentence = `${counted(keys.length, "key")} of other providers (${names.join(", ")}): found, not judged. The JSON format lists them.`;
  return indented(sentence, columns, 0).map(paint.faint);
}

function noticeLines(
  { notices }: PublishedReport,
  paint: Palette,
  { columns }: ReportOptions,
): string[] {
  const ordered = [
    ...notices.filter(({ incomplete }) => incomplete),
    ...notices.filter(({ incomplete }) => !incomplete),
  ];
  return ordered.flatMap(({ message, incomplete }) => {
    const label = incomplete ? "not looked at" : "note";
    const style = incomplete ? paint.warning : paint.faint;
    const [first = "", ...rest] = indented(neutral(message), columns, label.length + 2);
    return [`${style(`${label}:`)} ${first.trimStart()}`, ...rest];
  });
}

function summaryLine(
  { coverage, complete }: PublishedReport,
  shown: readonly PublishedKey[],
  { startedAt, finishedAt, columns }: ReportOptions,
  paint: Palette,
): string {
  const looked = [
    coverage.files > 0 ? counted(coverage.files, "file") : null,
    coverage.objects > 0 ? counted(coverage.objects, "git object") : null,
    byteWords(coverage.bytes),
  ].filter((part) => part !== null);
  const time =
    startedAt && finishedAt
      ? ` in ${durationWords(finishedAt.getTime() - startedAt.getTime())}`
      : "";
  const scanned = `${looked.join(", ")}${time}${complete ? "" : ", incomplete"}`;
  const [verdict, style] = verdictOf(shown, complete, paint);
  const lines = wrapped(`${verdict} · ${scanned}`, columns);
  return lines
    .map((line, index) =>
      index === 0 && line.startsWith(verdict)
        ? `${style(verdict)}${paint.faint(line.slice(verdict.length))}`
        : paint.faint(line),
    )
    .join("\n");
}

function verdictOf(
  shown: readonly PublishedKey[],
  complete: boolean,
  paint: Palette,
): readonly [string, (text: string) => string] {
  const worst = exposures.find((exposure) => shown.some((key) => key.exposure === exposure));
  if (worst === undefined) {
    return complete
      ? ["No keys found", paint.good]
      : ["No keys found in what could be looked at", paint.warning];
  }
  const live = shown.filter(
    ({ liveness: { status } }) => status === "live" || status === "restricted",
  );
  const parts = [
    counted(shown.length, "key"),
    ...(live.length > 0 ? [`${numberWords(live.length)} live`] : []),
    `worst: ${exposureWords[worst]}`,
  ];
  return [parts.join(", "), paint.bad];
}

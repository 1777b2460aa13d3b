// What was looked at and what was not: a table and the notices.
import type { PublishedReport } from "../published.js";
import { byteWords, numberWords } from "../words.js";
import { markup, type Markup } from "./markup.js";

export function coverageTable({ coverage }: PublishedReport): Markup {
  const rows: readonly (readonly [string, string])[] = [
    ["Files", numberWords(coverage.files)],
    ["Git objects", numberWords(coverage.objects)],
    ["Refs", numberWords(coverage.refs)],
    ["Data, expanded", byteWords(coverage.bytes)],
    ...coverage.skipped.map(
      ({ what, reason, count }) => [`Left out: ${what} (${reason})`, numberWords(count)] as const,
    ),
  ];
  return markup`<table><thead><tr><th scope="col">What was looked at</th><th scope="col" class="number">How much</th></tr></thead><tbody>${rows.map(
    ([what, amount]) =>
      markup`<tr><th scope="row">${what}</th><td class="number">${amount}</td></tr>`,
  )}</tbody></table>`;
}

/** What was not looked at first. */
export function noticeList({ notices }: PublishedReport): Markup | null {
  if (notices.length === 0) return null;
  const ordered = [
    ...notices.filter(({ incomplete }) => incomplete),
    ...notices.filter(({ incomplete }) => !incomplete),
  ];
  return markup`<ul class="notices">${ordered.map(
    ({ incomplete, message }) =>
      markup`<li class="${incomplete ? "gap" : "note"}"><strong>${incomplete ? "Not looked at" : "Note"}</strong> <span>${message}</span></li>`,
  )}</ul>`;
}

// What was looked at and what was not: a table and the notices.
import type { PublishedReport } from "../published.js";
import { byteWords } from "../words.js";
import { markup, type Markup } from "./markup.js";

export function coverageTable({ coverage }: PublishedReport): Markup {
  const rows: readonly (readonly [string, string])[] = [
    ["Files", coverage.files.toLocaleString("en-US")],
    ["Git objects", coverage.objects.toLocaleString("en-US")],
    ["Refs", coverage.refs.toLocaleString("en-US")],
    ["Data, expanded", byteWords(coverage.bytes)],
    ...coverage.skipped.map(
      ({ what, reason, count }) =>
        [`Left out: ${what} (${reason})`, count.toLocaleString("en-US")] as const,
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

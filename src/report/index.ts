// The registry of formats: what a report can be written as.
// Choosing a format and writing files is left to cli.
import type { Report } from "../model/index.js";
import { csv } from "./csv.js";
import { github } from "./github.js";
import { gitlab } from "./gitlab.js";
import { html } from "./html.js";
import { json, jsonl } from "./json.js";
import { junit } from "./junit.js";
import { markdown } from "./markdown.js";
import type { ReportOptions } from "./options.js";
import { publish } from "./publish.js";
import type { PublishedReport } from "./published.js";
import { sarif } from "./sarif.js";
import { text } from "./text.js";

export { githubSummary } from "./github.js";
export { plainOptions, type ReportOptions } from "./options.js";
export { parseReport } from "./parse.js";
export { publish } from "./publish.js";
export type {
  PublishedKey,
  PublishedNotice,
  PublishedPlace,
  PublishedReport,
} from "./published.js";

/** Writes a published report down. Pure: no clock, no environment, no files. */
export type Reporter = (report: PublishedReport, options: ReportOptions) => string;

export interface FormatEntry {
  readonly name: Format;
  readonly title: string;
  /** The usual file name extension, without the dot. */
  readonly extension: string;
}

const titles = {
  text: { title: "for people at a terminal", extension: "txt" },
  json: { title: "the whole report, with a published schema", extension: "json" },
  jsonl: { title: "one key a line, then a summary", extension: "jsonl" },
  sarif: { title: "SARIF 2.1.0, for GitHub code scanning", extension: "sarif" },
  gitlab: { title: "GitLab secret detection report 15.2.1", extension: "json" },
  github: { title: "annotations of GitHub Actions", extension: "txt" },
  junit: { title: "JUnit XML, for Jenkins and others", extension: "xml" },
  markdown: { title: "the reset plan as a check-list for an issue", extension: "md" },
  csv: { title: "one row per key and place, for spreadsheets", extension: "csv" },
  html: { title: "one page to show, which needs no network", extension: "html" },
} as const satisfies Record<string, Omit<FormatEntry, "name">>;

export type Format = keyof typeof titles;

/** Every format with its reporter. */
export const reporters = {
  text,
  json,
  jsonl,
  sarif,
  gitlab,
  github,
  junit,
  markdown,
  csv,
  html,
} as const satisfies Record<Format, Reporter>;

/** Every format, in the order in which help lists them. */
export const formats: readonly FormatEntry[] = (Object.keys(titles) as Format[]).map((name) => ({
  name,
  ...titles[name],
}));

/** Publishes a run's report and writes it down in one step. */
export function render(report: Report, format: Format, options: ReportOptions): string {
  return reporters[format](publish(report), options);
}

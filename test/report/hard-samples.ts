// Reports that are hard on a format: hostile names, places without a path, nothing at all.
import * as fc from "fast-check";
import type { Place, Report } from "../../src/model/index.js";
import { plainOptions } from "../../src/report/index.js";
import { finding, place, report, richReport } from "./sample.js";

export const options = { ...plainOptions, startedAt: new Date(0), finishedAt: new Date(3400) };

/** A report whose paths, authors and refs try to break out of every format. */
export const hostile = (path: string, author: string): Report =>
  report([finding({ places: [place({ path, author, refs: [`refs/heads/${author}`] })] })], {
    notices: [{ kind: "notice", code: "unreadable-file", message: path || "-", incomplete: true }],
  });

export const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "a\n::error::owned",
    "x,line=9::y%0A",
    '"><script>alert(1)</script>&]]>',
    "=HYPERLINK(1)",
    "a|b`c`<img src=x onerror=alert(1)>",
    "\u202egnp.exe\ufffe\u0000\ud800",
    "%2e%2e/ä ö/百炼.env",
  ),
);

export const historyOnly: Partial<Place>[] = [
  { kind: "commit-message", path: null },
  { kind: "tag-message", path: null, refs: ["refs/tags/v1"] },
  { kind: "note", path: null },
  { kind: "ref-name", path: null, commit: null, object: null, line: null, column: null },
  { kind: "stdin", path: null, commit: null, object: null },
  { kind: "unreachable", exposure: "unreachable", path: "old.env" },
];

export function everyPlace(): Report {
  return report(historyOnly.map((fields) => finding({ places: [place(fields)] })));
}

export const samples = (): Report[] => [
  report([]),
  richReport(),
  everyPlace(),
  hostile("a b%:#?.env", "A <a@b.example>"),
];

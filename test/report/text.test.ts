// What a person reads at a terminal.
import { stripVTControlCharacters } from "node:util";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Report } from "../../src/model/index.js";
import { plainOptions, render, type ReportOptions } from "../../src/report/index.js";
import { widthOf } from "../../src/report/wrap.js";
import { finding, place, report, resetAdvice, richReport } from "./sample.js";

function shown(sample: Report, options: Partial<ReportOptions> = {}): string {
  return render(sample, "text", { ...plainOptions, ...options });
}

describe("the text format", () => {
  it("says for each key what it is, how far it got, where it is and what to do on which page", () => {
    const sample = finding();
    const output = shown(report([sample]));
    expect(output).toContain(`RESET  ${sample.secret.masked}  pay-as-you-go key, legacy form`);
    expect(output).toContain("pushed to a remote · proven by its form · DASHSCOPE_API_KEY");
    expect(output).toContain("config/prod.env:12:20  3f2a91c0 2024-03-01 Ada Author");
    expect(output).toContain("→ Reset this key");
    expect(output).toContain("https://modelstudio.console.alibabacloud.com/model/settings/api-key");
    expect(output).toContain("Every step, and who may do it: --format markdown.");
  });

  it("gives the commands that take out a key that is not committed yet", () => {
    const output = shown(report([finding({ action: "remove", exposure: "staged" })]));
    expect(output).toContain("git rm --cached config/prod.env");
    expect(output).not.toContain("https://");
  });

  it("shows a few places, the oldest and the newest, and counts the rest", () => {
    const places = Array.from({ length: 14 }, (_, index) => place({ path: `file-${index}` }));
    const [first = place(), ...rest] = places;
    const output = shown(report([finding({ places: [first, ...rest] })]), { placesShown: 3 });
    expect(output.match(/file-\d+/gu)).toEqual(["file-0", "file-1", "file-13"]);
    expect(output).toContain("and 11 more places");
  });

  it("prints pages that many keys share once", () => {
    const keys = Array.from({ length: 5 }, () => finding());
    const output = shown(report(keys));
    expect(output.match(/settings\/api-key/gu)).toHaveLength(1);
    expect(output.match(/as for sk-/gu)).toHaveLength(4);
  });

  it("explains local residue with the command that expires it", () => {
    const quiet = { ...resetAdvice, steps: [] };
    const of = (exposure: "stashed" | "reflog" | "unreachable") =>
      shown(report([finding({ exposure, advice: quiet })]));
    expect(of("stashed")).toContain("git stash drop");
    expect(of("reflog")).toContain("git reflog expire --expire=now");
    expect(of("unreachable")).toContain("git gc --prune=now");
  });

  it("names an object that no path leads to, so that it can be looked at", () => {
    const lost = place({
      kind: "unreachable",
      exposure: "unreachable",
      path: null,
      commit: null,
      date: null,
      author: null,
      refs: [],
    });
    expect(shown(report([finding({ exposure: "unreachable", places: [lost] })]))).toContain(
      "object 9ab12cd3:12:20  unreachable",
    );
  });

  it("sums up keys of other providers in a line and lists none of them", () => {
    const others = ["DeepSeek", "DeepSeek", "Moonshot"].map((providerName) =>
      finding({ provider: "other", providerName }),
    );
    const output = shown(report(others));
    expect(output).toContain("3 keys of other providers (DeepSeek 2, Moonshot 1)");
    expect(output).toContain("No keys found");
    for (const { secret } of others) expect(output).not.toContain(secret.masked);
  });

  it("says who let a key pass and why", () => {
    const output = shown(
      report([finding({ suppressed: { by: "inline", reason: "a test server" } })]),
    );
    expect(output).toMatch(
      /1 key was let pass:\n {2}sk-\*{4}\S+ by a comment beside it: a test server/u,
    );
  });

  it("ends with one line that sums up the run", () => {
    const options = { startedAt: new Date(0), finishedAt: new Date(3400) };
    expect(shown(richReport(), options).trimEnd().split("\n").at(-1)).toBe(
      "5 keys, 1 live, worst: pushed to a remote · 1,204 files, 48,112 git objects, 1.2 GiB in 3.4 s, incomplete",
    );
  });

  it("does not call a run clean that could not look at everything", () => {
    expect(shown(report([], { complete: false }))).toContain(
      "No keys found in what could be looked at",
    );
  });

  it("holds no escape code when colour is off, and the same text when it is on", () => {
    const sample = richReport();
    const plain = shown(sample, { columns: 90 });
    const coloured = shown(sample, { columns: 90, colour: true });
    expect(plain).not.toContain("\u001b");
    expect(coloured).toContain("\u001b[");
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });

  it("neutralises terminal escapes in paths and authors and keeps other alphabets", () => {
    const hostile = place({
      path: "配置/\u001b]0;owned\u0007\u009b2J\r.env",
      author: "M\u202eallory \u001b[2K <m@example.com>",
    });
    const output = shown(report([finding({ places: [hostile] })]));
    // oxlint-disable-next-line no-control-regex
    expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
    expect(output).toContain("配置/\\x1b]0;owned\\x07\\x9b2J\\x0d.env");
    expect(output).toContain("M\\u{202e}allory");
  });

  it("fits the width that it is given, but for words that cannot be broken", () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 140 }), (columns) => {
        const tooLong = shown(richReport(), { columns })
          .split("\n")
          .filter((line) => widthOf(line) > columns && !/https?:|git /u.test(line));
        expect(tooLong).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});

// The picture of time: its axis and its bars.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainOptions, render } from "../../src/report/index.js";
import { ticksBetween } from "../../src/report/html/ticks.js";
import { finding, place, report } from "./sample.js";

const options = { ...plainOptions, finishedAt: new Date("2026-06-15T10:00:00Z") };

function pictureOf(places: readonly [string, string | null][]): string {
  const [first = place(), ...rest] = places.map(([date, removed]) =>
    place({
      date,
      removed: removed === null ? null : { commit: "a".repeat(40), date: removed, author: null },
    }),
  );
  const page = render(report([finding({ places: [first, ...rest] })]), "html", options);
  return /<svg[^]*<\/svg>/u.exec(page)?.[0] ?? "";
}

describe("the time axis", () => {
  it("has few marks, in order, each within the time that is shown, for any time at all", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 86_400_000, max: 4e12 }),
        (start, span) => {
          const ticks = ticksBetween(start, start + span);
          const times = ticks.map(({ time }) => time);
          expect(ticks.length).toBeLessThanOrEqual(9);
          expect(times).toEqual([...times].sort((a, b) => a - b));
          expect(times.every((time) => time >= start && time <= start + span)).toBe(true);
          expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length);
        },
      ),
    );
  });

  it("marks years for a long history and days for a short one", () => {
    const labels = (from: string, to: string) =>
      ticksBetween(Date.parse(from), Date.parse(to)).map(({ label }) => label);
    expect(labels("2019-05-01", "2025-02-01")).toEqual([
      "2020",
      "2021",
      "2022",
      "2023",
      "2024",
      "2025",
    ]);
    expect(labels("2024-03-01", "2024-03-04")).toEqual(["1 Mar", "2 Mar", "3 Mar", "4 Mar"]);
  });
});

describe("a key's bar", () => {
  it("is one when the key was in two files at overlapping times, two when it came back later", () => {
    expect(
      pictureOf([
        ["2024-01-01", "2024-03-01"],
        ["2024-02-01", "2024-04-01"],
      ]).match(/<rect/gu),
    ).toHaveLength(1);
    expect(
      pictureOf([
        ["2024-01-01", "2024-02-01"],
        ["2024-03-01", "2024-04-01"],
      ]).match(/<rect/gu),
    ).toHaveLength(2);
  });

  it("has an open end only where the key still stands", () => {
    expect(pictureOf([["2024-01-01", null]])).toContain('class="open"');
    expect(pictureOf([["2024-01-01", "2024-02-01"]])).not.toContain('class="open"');
  });

  it("is drawn within the picture whatever the clocks said", () => {
    const dates = fc.oneof(
      fc
        .date({ noInvalidDate: true, min: new Date(0), max: new Date("2100-01-01") })
        .map((date) => date.toISOString()),
      fc.constant("not a date"),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(dates, fc.option(dates)), { minLength: 1 }), (places) => {
        const picture = pictureOf(places);
        expect(picture).not.toMatch(/NaN|Infinity|="-/u);
        for (const [, x, length] of picture.matchAll(
          /<rect x="([\d.]+)"[^>]* width="([\d.]+)"/gu,
        )) {
          expect(Number(x) + Number(length)).toBeLessThanOrEqual(951);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("is not drawn at all when nothing is dated", () => {
    expect(pictureOf([["not a date", null]])).toBe("");
  });
});

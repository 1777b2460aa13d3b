// Letting known keys pass: so that it lasts, never hides a live key, and merges.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addToBaseline,
  applyBaseline,
  baselineAttribute,
  baselineFileName,
  baselineNotices,
  createBaseline,
  emptyBaseline,
  formatBaseline,
  parseBaseline,
  pruneBaseline,
  readBaseline,
  writeBaseline,
} from "../../src/baseline/index.js";
import { UserError } from "../../src/model/index.js";
import { finding } from "../report/sample.js";
import { freshRepository, temporaryFolder } from "../support/repository.js";

const today = "2026-06-15";
const reason = "revoked in March";
const forGood = { reason, expires: null };

function fingerprint(index: number): string {
  return `sha256:${index.toString(16).padStart(2, "0").repeat(32)}`;
}

describe("applying a baseline", () => {
  it("lets a known key pass with the reason that was given, and no other key", () => {
    const known = finding();
    const fresh = finding();
    const { findings, unused, expired } = applyBaseline(
      [known, fresh],
      addToBaseline(emptyBaseline, [known.fingerprint], forGood),
      today,
    );
    expect(findings.map(({ suppressed }) => suppressed)).toEqual([
      { by: "baseline", reason },
      null,
    ]);
    expect([...unused, ...expired]).toEqual([]);
  });

  it.each(["live", "restricted"] as const)("never silences a key that is %s", (status) => {
    const known = finding({ liveness: { status, evidence: [] } });
    const baseline = addToBaseline(emptyBaseline, [known.fingerprint], forGood);
    const applied = applyBaseline([known], baseline, today);
    expect(applied.findings[0]?.suppressed).toBeNull();
    expect(applied.unused).toEqual([]);
    expect(createBaseline([known], forGood).entries).toEqual([]);
  });

  it("honours an entry on its last day, and tells about it from the next day on", () => {
    const known = finding();
    const baseline = addToBaseline(emptyBaseline, [known.fingerprint], { reason, expires: today });
    expect(applyBaseline([known], baseline, today).findings[0]?.suppressed).not.toBeNull();
    const later = applyBaseline([known], baseline, "2026-06-16");
    expect(later.findings[0]?.suppressed).toBeNull();
    expect(baselineNotices(later, baselineFileName).map(({ code }) => code)).toEqual([
      "baseline-expired",
    ]);
  });

  it("tells about entries whose key is gone, and prunes them", () => {
    const known = finding();
    const baseline = addToBaseline(emptyBaseline, [known.fingerprint, fingerprint(1)], forGood);
    const applied = applyBaseline([known], baseline, today);
    expect(applied.unused.map((entry) => entry.fingerprint)).toEqual([fingerprint(1)]);
    expect(baselineNotices(applied, baselineFileName)[0]).toMatchObject({
      code: "baseline-unused",
      subject: fingerprint(1),
      incomplete: false,
    });
    expect(pruneBaseline([known], baseline, today)).toEqual(
      addToBaseline(emptyBaseline, [known.fingerprint], forGood),
    );
  });

  it("knows a key by its plain fingerprint in a run whose fingerprints are keyed", () => {
    const known = finding();
    const baseline = addToBaseline(emptyBaseline, [known.fingerprint], forGood);
    const keyed = { ...known, fingerprint: `hmac-sha256:${"a".repeat(64)}` };
    expect(applyBaseline([keyed], baseline, today).findings[0]?.suppressed?.by).toBe("baseline");
  });

  it("leaves a comment's reason in place", () => {
    const known = finding({ suppressed: { by: "inline", reason: "a test server" } });
    const baseline = addToBaseline(emptyBaseline, [known.fingerprint], forGood);
    expect(applyBaseline([known], baseline, today).findings[0]?.suppressed?.by).toBe("inline");
  });
});

describe("the baseline's file", () => {
  it("is the same text whatever the order in which keys were added, and holds no time", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(255), { minLength: 1 }), (indexes) => {
        const add = (order: readonly number[]) =>
          formatBaseline(addToBaseline(emptyBaseline, order.map(fingerprint), forGood));
        expect(add(indexes)).toBe(add([...indexes].reverse()));
      }),
    );
  });

  it("reads back what was written, whatever the reason says", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.option(
          fc.date({
            noInvalidDate: true,
            min: new Date("2000-01-01"),
            max: new Date("2100-01-01"),
          }),
        ),
        (words, day) => {
          const grounds = { reason: `r${words}`, expires: day?.toISOString().slice(0, 10) ?? null };
          const baseline = addToBaseline(emptyBaseline, [fingerprint(1), fingerprint(2)], grounds);
          expect(parseBaseline(formatBaseline(baseline), "b")).toEqual(baseline);
        },
      ),
    );
  });

  it("is written whole, and is null where there is none", async () => {
    const path = join(temporaryFolder(), baselineFileName);
    expect(await readBaseline(path)).toBeNull();
    const baseline = addToBaseline(emptyBaseline, [fingerprint(7)], forGood);
    await writeBaseline(path, baseline);
    expect(await readBaseline(path)).toEqual(baseline);
    await expect(writeBaseline(join(path, "below"), baseline)).rejects.toThrow(UserError);
    await expect(readBaseline(join(path, ".."))).rejects.toThrow(/cannot be read \(EISDIR\)/u);
  });

  const name = fingerprint(3);
  it.each([
    ["no JSON", '{\n  "version": 1,\n}\n', /b\.json:3: this is not JSON/u],
    ["a text that was cut off", '{\n  "version"', /b\.json:2: this is not JSON/u],
    ["a list", "[]", /b\.json:1: the file must hold a JSON object/u],
    ["no version", "{}", /"version" must be 1/u],
    ["a later version", '{\n  "version": 2\n}', /b\.json:2: "version" must be 1/u],
    [
      "an entry without a reason",
      `{\n\n"${name}": {},\n"version": 1}`,
      /b\.json:3: "reason" must say/u,
    ],
    [
      "a blank reason",
      `{"${name}": {"reason": " "}, "version": 1}`,
      /b\.json:1: "reason" must say/u,
    ],
    [
      "a day that is none",
      `{"${name}": {"reason": "x", "expires": "2026-02-30"}, "version": 1}`,
      /must be a day/u,
    ],
    [
      "a field that is none",
      `{"${name}": {"reason": "x", "author": "me"}, "version": 1}`,
      /no fields but/u,
    ],
  ])("refuses %s and names file and line", (_what, content, message) => {
    expect(() => parseBaseline(content, "b.json")).toThrow(message);
    expect(() => parseBaseline(content, "b.json")).toThrow(UserError);
  });

  it("does not repeat a key that somebody put where its fingerprint belongs", () => {
    const { secret } = finding();
    const content = `{\n  "${secret.reveal()}": { "reason": "x" },\n  "version": 1\n}`;
    expect(() => parseBaseline(content, "b.json")).toThrow(/b\.json:2: an entry must be named by/u);
    expect(() => parseBaseline(content, "b.json")).not.toThrow(secret.reveal());
  });
});

describe("merging two branches' baselines with git", () => {
  function mergedAdditions(
    before: readonly number[],
    ours: number,
    theirs: number,
    attribute: boolean,
  ) {
    const repository = freshRepository();
    const write = (indexes: readonly number[]) =>
      formatBaseline(addToBaseline(emptyBaseline, indexes.map(fingerprint), forGood));
    repository.commit({
      [baselineFileName]: write(before),
      ...(attribute ? { ".gitattributes": `${baselineAttribute}\n` } : {}),
    });
    repository.git("branch", "theirs");
    repository.commit({ [baselineFileName]: write([...before, ours]) });
    repository.git("checkout", "-q", "theirs");
    repository.commit({ [baselineFileName]: write([...before, theirs]) });
    repository.git("merge", "-q", "--no-edit", "main");
    const merged = readFileSync(join(repository.path, baselineFileName), "utf8");
    return parseBaseline(merged, baselineFileName).entries.map((entry) => entry.fingerprint);
  }

  it("does not conflict when the additions are not neighbours", () => {
    expect(mergedAdditions([10, 20, 30], 15, 25, false)).toEqual(
      [10, 15, 20, 25, 30].map(fingerprint),
    );
    expect(mergedAdditions([10], 1, 99, false)).toEqual([1, 10, 99].map(fingerprint));
  });

  it("does not conflict at all with the attribute that is recommended", () => {
    expect(mergedAdditions([], 2, 1, true)).toEqual([1, 2].map(fingerprint));
    expect(mergedAdditions([10, 20], 12, 11, true)).toEqual([10, 11, 12, 20].map(fingerprint));
  });

  it("says what to do about a conflict that was left in the file", () => {
    const path = join(temporaryFolder(), baselineFileName);
    writeFileSync(path, '{\n<<<<<<< HEAD\n  "version": 1\n=======\n>>>>>>> x\n}\n');
    expect(() => parseBaseline(readFileSync(path, "utf8"), "b.json")).toThrow(
      /b\.json:2: an unresolved merge/u,
    );
  });
});

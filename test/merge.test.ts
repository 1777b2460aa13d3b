// Reports of several runs, joined: what the parts say together is what one run says.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adviseFinding } from "../src/findings/advice.js";
import { groupByKey } from "../src/findings/group.js";
import type { Located } from "../src/findings/locate.js";
import { mergeReports, type ReportedFindings, type ReportedKey } from "../src/findings/merge.js";
import { rankFindings } from "../src/findings/rank.js";
import { timelineOf } from "../src/findings/timeline.js";
import {
  confidences,
  exposures,
  fingerprintOf,
  placeKinds,
  providers,
  Secret,
  UserError,
  type Verdict,
} from "../src/model/index.js";
import { mint } from "./support/mint.js";

const secrets = Array.from({ length: 4 }, () => new Secret(mint("payg-legacy")));
const unchecked: Verdict = { status: "unchecked", evidence: [] };

const tool = { name: "dashleaks", version: "1.2.3", ruleset: "r" } as const;
const run: Omit<ReportedFindings, "keys"> = {
  tool,
  repository: "app",
  repositories: ["app"],
  complete: true,
  coverage: { files: 1, objects: 2, bytes: 3, refs: 4, skipped: [] },
  notices: [],
  shard: null,
};

/** What a run reports of hits, as scan composes it. */
function reportedKeys(located: readonly Located[]): ReportedKey[] {
  const keys = groupByKey(located).map(({ secret, ...key }) => ({
    ...key,
    masked: secret.masked,
    liveness: unchecked,
    timeline: timelineOf({ places: key.places, pushes: [], liveness: unchecked, askedAt: null }),
    ...adviseFinding({ ...key, liveness: unchecked }),
  }));
  return rankFindings(keys);
}

const hex = (digits: number) => fc.nat(9).map((digit) => String(digit).repeat(digits));
const day = fc
  .integer({ min: 1, max: 28 })
  .map((n) => `2024-05-${String(n).padStart(2, "0")}T00:00:00Z`);
const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

const hit: fc.Arbitrary<Located> = fc.record({
  match: fc.record({
    origin: fc.constant({ kind: "stdin" } as const),
    rule: fc.constantFrom("a", "b"),
    kind: fc.constant("payg-legacy" as const),
    secret: fc.constantFrom(...secrets),
    confidence: fc.constantFrom(...confidences),
    provider: fc.constantFrom(...providers),
    providerName: fc.constantFrom(null, "DeepSeek"),
    offset: fc.constant(0),
    line: fc.constant(1),
    column: fc.constant(1),
    encoding: fc.constantFrom([], ["base64"], ["zip", "base64"]),
    trail: fc.constant([]),
    hints: fc.record({
      hosts: fc.shuffledSubarray(["a.example.com", "b.example.com", "c.example.com"]),
      workspaces: fc.shuffledSubarray([
        { id: "ws-1", region: null },
        { id: "ws-1", region: "eu-central-1" },
      ]),
      variable: fc.constantFrom(null, "A", "B"),
      usedAsName: fc.boolean(),
    }),
    // Inline comments are judged per run; see below.
    allowed: fc.constant(null),
    allowedWithoutReason: fc.constant(false),
  }),
  places: fc.array(
    fc.record({
      kind: fc.constantFrom(...placeKinds),
      exposure: fc.constantFrom(...exposures),
      path: nullable(fc.constantFrom("a", "b")),
      line: nullable(fc.integer({ min: 1, max: 3 })),
      column: fc.constant(1),
      commit: nullable(hex(40)),
      date: nullable(day),
      author: fc.constant(null),
      refs: fc.constantFrom([], ["refs/heads/main"], ["refs/remotes/origin/main"]),
      object: nullable(hex(40)),
      removed: nullable(fc.record({ commit: hex(40), date: day, author: fc.constant(null) })),
      repository: fc.constant(null),
      worktree: fc.constant(null),
      encoding: fc.constant([]),
      trail: fc.constant([]),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

/** Places that say the same may carry other removals; what is compared is what tells them apart. */
function told(keys: readonly ReportedKey[]) {
  return keys.map(({ advice: _advice, timeline: _timeline, places, ...key }) => ({
    ...key,
    places: places.map(({ removed: _removed, refs: _refs, ...place }) => place),
  }));
}

describe("merge", () => {
  it("says of split work what one run says of the whole", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(hit, fc.nat(3)), { maxLength: 12 }), (hits) => {
        const parts = [0, 1, 2, 3].map((part) => ({
          ...run,
          keys: reportedKeys(
            hits.filter(([, owner]) => owner === part).map(([located]) => located),
          ),
          coverage: { ...run.coverage, files: part },
        }));
        const whole = reportedKeys(hits.map(([located]) => located));
        expect(told(mergeReports(parts).keys)).toEqual(told(whole));
      }),
      { numRuns: 100 },
    );
  });

  it("says the same whatever the order of the reports", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(hit, { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
        (parts) => {
          const reports = parts.map((hits) => ({ ...run, keys: reportedKeys(hits) }));
          expect(told(mergeReports([...reports].reverse()).keys)).toEqual(
            told(mergeReports(reports).keys),
          );
        },
      ),
    );
  });

  it("joins one key of several repositories and names each place's repository", () => {
    const [first] = sampleKeys();
    const merged = mergeReports([
      { ...run, repository: "app", repositories: ["app"], keys: [first] },
      { ...run, repository: "fork", repositories: ["fork"], keys: [first] },
    ]);
    expect(merged.keys).toHaveLength(1);
    expect(merged.keys[0]?.places.map(({ repository }) => repository)).toEqual(["app", "fork"]);
    expect(merged.repositories).toEqual(["app", "fork"]);
    expect(merged.coverage).toMatchObject({ files: 2, objects: 4, bytes: 6, refs: 8 });
  });

  it("counts a report that is given twice once", () => {
    const report = { ...run, keys: sampleKeys() };
    expect(mergeReports([report, structuredClone(report)])).toEqual(mergeReports([report]));
  });

  it.each([
    [["live", "dead"], "live"],
    [["unknown", "dead"], "unknown"],
    [["unchecked", "dead"], "dead"],
    [["restricted", "live"], "live"],
  ] as const)("believes the worse of %j", (statuses, expected) => {
    const reports = statuses.map((status, index) => ({
      ...run,
      repository: String(index),
      keys: sampleKeys().map((key) => ({
        ...key,
        liveness: {
          status,
          evidence: [
            { host: `${status}.example.com`, region: "", status: 401, code: null, meaning: "" },
          ],
        },
      })),
    }));
    const [key] = mergeReports(reports).keys;
    expect(key?.liveness.status).toBe(expected);
    expect(key?.liveness.evidence).toHaveLength(2);
    expect(key?.action).toBe(expected === "live" ? "reset-now" : key?.action);
  });

  it("lets a key pass only when every report does", () => {
    const [key] = sampleKeys();
    const passed = { ...key, suppressed: { by: "baseline", reason: "known" } } as const;
    const merge = (...keys: ReportedKey[]) =>
      mergeReports(keys.map((each, index) => ({ ...run, repository: `${index}`, keys: [each] })))
        .keys[0]?.suppressed;
    expect(merge(passed, key)).toBeNull();
    expect(merge(passed, passed)).toEqual({ by: "baseline", reason: "known" });
  });

  it("lets an inline comment at the current place speak for history in another part", () => {
    const [key] = sampleKeys();
    const [place] = key.places;
    const current: ReportedKey = {
      ...key,
      places: [{ ...place, kind: "file", exposure: "working-tree" }],
      suppressed: { by: "inline", reason: null },
    };
    const merged = mergeReports([
      { ...run, keys: [current] },
      { ...run, keys: [key] },
    ]);
    expect(merged.keys[0]?.suppressed).toEqual({ by: "inline", reason: null });
  });

  it("refuses to compare keyed with plain fingerprints", () => {
    const [key] = sampleKeys();
    const keyed = { ...key, fingerprint: fingerprintOf("x", "secret") };
    expect(() =>
      mergeReports([
        { ...run, keys: [key] },
        { ...run, keys: [keyed] },
      ]),
    ).toThrow(UserError);
  });

  it("is incomplete when a report is, or when a part is missing", () => {
    const part = (index: number): ReportedFindings => ({
      ...run,
      coverage: { ...run.coverage, files: index },
      keys: [],
      shard: { index, count: 3, work: "w", repositories: ["app"] },
    });
    expect(mergeReports([part(1), part(2), part(3)])).toMatchObject({
      complete: true,
      notices: [],
      shard: null,
    });
    expect(mergeReports([part(1), part(3)])).toMatchObject({
      complete: false,
      notices: [{ code: "shard-missing", subject: "2/3", incomplete: true }],
    });
    expect(mergeReports([{ ...run, keys: [], complete: false }]).complete).toBe(false);
  });

  it("knows the clones of one scan's jobs for one repository", () => {
    const [key] = sampleKeys();
    const part = (index: number, folder: string): ReportedFindings => ({
      ...run,
      repository: folder,
      repositories: [folder],
      coverage: { ...run.coverage, files: index },
      keys: [key],
      shard: { index, count: 2, work: "w", repositories: [folder] },
    });
    const merged = mergeReports([part(1, "/builds/1/app"), part(2, "/builds/2/app")]);
    expect(merged.repositories).toEqual(["/builds/1/app"]);
    expect(merged.keys[0]?.places).toHaveLength(1);
  });

  it("says so when the reports were made with different rules", () => {
    const other = { ...run, tool: { ...tool, version: "1.10.0", ruleset: "s" }, keys: [] };
    const merged = mergeReports([{ ...run, keys: [] }, other]);
    expect(merged.notices).toMatchObject([{ code: "ruleset-mixed", incomplete: false }]);
    expect(merged.tool.version).toBe("1.10.0");
  });
});

function sampleKeys(): readonly [ReportedKey] {
  const [sample] = fc.sample(hit, { numRuns: 1, seed: 7 });
  if (!sample) throw new Error("no sample");
  const [place] = sample.places;
  if (!place) throw new Error("no place");
  const [key] = reportedKeys([
    {
      match: { ...sample.match, provider: "dashscope", confidence: "proven" },
      places: [{ ...place, kind: "commit", exposure: "pushed" }],
    },
  ]);
  if (!key) throw new Error("no key");
  return [key];
}

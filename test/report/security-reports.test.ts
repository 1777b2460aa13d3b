// SARIF and GitLab's report, each against its published schema.
import publishedSchema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import { Ajv } from "ajv";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Place, Report } from "../../src/model/index.js";
import { render } from "../../src/report/index.js";
import { anyText, everyPlace, historyOnly, hostile, options, samples } from "./hard-samples.js";
import { finding, place, report, richReport } from "./sample.js";
import { gitlabSchema } from "./gitlab-schema.js";

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly message: { readonly text: string };
  readonly locations: readonly [
    {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string };
        readonly region: object;
      };
    },
  ];
  readonly partialFingerprints: { readonly primaryLocationLineHash: string };
}
interface SarifRun {
  readonly results: readonly SarifResult[];
  readonly tool: {
    readonly driver: {
      readonly rules: readonly {
        readonly id: string;
        readonly properties: Record<string, unknown>;
      }[];
    };
  };
}

function sarifRun(sample: Report): SarifRun {
  const { runs } = JSON.parse(render(sample, "sarif", options)) as { runs: [SarifRun] };
  return runs[0];
}

describe("SARIF for code scanning", () => {
  const ajv = new Ajv({
    strict: false,
    validateFormats: false,
    unicodeRegExp: false,
    allErrors: true,
  });
  // Draft 4; what it uses of that draft means the same in draft 7, but for the name of `$id`.
  const { $schema: _draft, id: _id, ...schema } = publishedSchema as Record<string, unknown>;
  const valid = ajv.compile(schema);

  it("fits the published schema of SARIF 2.1.0", () => {
    for (const sample of samples()) {
      valid(JSON.parse(render(sample, "sarif", options)));
      expect(valid.errors).toBeNull();
    }
    const broken = render(richReport(), "sarif", options).replace('"error"', '"loud"');
    expect(valid(JSON.parse(broken))).toBe(false);
  });

  it("has all that GitHub needs: a rule with a severity for each result, and a location with a line", () => {
    for (const sample of samples()) {
      const { results, tool } = sarifRun(sample);
      for (const result of results) {
        const rule = tool.driver.rules[result.ruleIndex];
        expect(rule?.id).toBe(result.ruleId);
        expect(Number(rule?.properties["security-severity"])).toBeGreaterThan(0);
        expect(result.locations[0].physicalLocation.region).toHaveProperty("startLine");
      }
    }
  });

  it("reports keys that are in history only", () => {
    expect(sarifRun(everyPlace()).results).toHaveLength(historyOnly.length);
  });

  it("keeps an alert open under the same name when lines move and commits are rewritten", () => {
    const key = finding();
    const hashes = (fields: Partial<Place>) =>
      sarifRun(report([{ ...key, places: [place(fields)] }])).results.map(
        (result) => result.partialFingerprints.primaryLocationLineHash,
      );
    const before = hashes({ line: 3 });
    expect(hashes({ line: 90, column: 1, commit: "a".repeat(40) })).toEqual(before);
    expect(hashes({ path: "elsewhere.env" })).not.toEqual(before);
    expect(sarifRun(report([finding()])).results[0]?.partialFingerprints).not.toEqual(before);
  });

  it("opens one alert for a key in many versions of one file, at the place where it is now", () => {
    const now = place({ kind: "file", path: ".env", line: 7, commit: null, date: null });
    const old = place({ path: ".env", line: 3 });
    const { results } = sarifRun(report([finding({ places: [old, old, now, old] })]));
    expect(results.map(({ locations }) => locations[0].physicalLocation.region)).toEqual([
      { startLine: 7, startColumn: 20 },
    ]);
  });

  it("encodes paths so that they come back as they were", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (name) => {
        fc.pre(!name.startsWith("/") && name !== "." && name !== "..");
        const [result] = sarifRun(
          report([finding({ places: [place({ path: `dir/${name}` })] })]),
        ).results;
        const uri = result?.locations[0].physicalLocation.artifactLocation.uri ?? "";
        expect(uri).toMatch(/^[\w!'()*.~%/-]+$/u);
        expect(decodeURIComponent(uri)).toBe(`dir/${name}`);
      }),
    );
  });

  it("names no person, no mail address, and nothing that was let pass or is another provider's", () => {
    const output = render(richReport(), "sarif", options);
    expect(output).not.toMatch(/ada@|Ada Author|carl@|Carl/u);
    const quiet = report([
      finding({ suppressed: { by: "baseline", reason: "r" } }),
      finding({ provider: "other", providerName: "DeepSeek" }),
    ]);
    expect(sarifRun(quiet).results).toEqual([]);
  });
});

describe("GitLab's secret detection report", () => {
  const valid = new Ajv({ allErrors: true }).compile(gitlabSchema);

  it("fits what schema 15.2.1 asks for", () => {
    for (const sample of samples()) {
      valid(JSON.parse(render(sample, "gitlab", options)));
      expect(valid.errors).toBeNull();
    }
    fc.assert(
      fc.property(anyText, anyText, (path, author) => {
        expect(valid(JSON.parse(render(hostile(path, author), "gitlab", options)))).toBe(true);
      }),
    );
  });

  it("says failure when something was not looked at", () => {
    const read = (complete: boolean) =>
      JSON.parse(render(report([], { complete }), "gitlab", options)) as {
        scan: { status: string };
      };
    expect(read(true).scan.status).toBe("success");
    expect(read(false).scan.status).toBe("failure");
  });

  it("gives each vulnerability a UUID that lasts, and no mail address", () => {
    const sample = richReport();
    const output = render(sample, "gitlab", options);
    const { vulnerabilities } = JSON.parse(output) as { vulnerabilities: { id: string }[] };
    for (const { id } of vulnerabilities) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
    }
    expect(new Set(vulnerabilities.map(({ id }) => id)).size).toBe(vulnerabilities.length);
    expect(render(sample, "gitlab", options)).toBe(output);
    expect(output).not.toContain("@example.com");
  });
});

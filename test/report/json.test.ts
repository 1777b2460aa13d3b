// The JSON formats against their published schema, and the reader against the writer.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../../src/model/index.js";
import { parseReport, plainOptions, publish, render } from "../../src/report/index.js";
import { finding, place, report, richReport } from "./sample.js";

const schemaPath = join(import.meta.dirname, "../../src/report/report.schema.json");
const schema = JSON.parse(readFileSync(schemaPath, "utf8")) as object;

/** The schema as it is read by consumers is open; our own output may hold nothing undeclared. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).map(([name, value]) => [name, closed(value)]);
  const copy = Object.fromEntries(entries) as Record<string, unknown>;
  return "properties" in copy && "type" in copy ? { ...copy, additionalProperties: false } : copy;
}

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
const valid = ajv.compile(closed({ ...schema, $id: "urn:dashleaks:closed" }) as object);

/** Any UTF-16 at all, lone surrogates too. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0xffff }))
  .map((units) => String.fromCharCode(...units));

describe("the JSON format", () => {
  it("fits its published schema, with nothing in it that the schema does not declare", () => {
    for (const sample of [report([]), richReport()]) {
      valid(JSON.parse(render(sample, "json", plainOptions)));
      expect(valid.errors).toBeNull();
    }
  });

  it("has a schema that notices a missing field", () => {
    const { complete: _complete, ...rest } = publish(report([]));
    expect(valid(rest)).toBe(false);
  });

  it("uses the field names that users were promised", () => {
    const [key] = publish(report([finding()])).keys;
    expect(Object.keys(key ?? {})).toEqual(
      expect.arrayContaining([
        "fingerprint",
        "masked",
        "kind",
        "rule",
        "confidence",
        "provider",
        "exposure",
        "liveness",
        "action",
        "advice",
        "encoding",
        "places",
      ]),
    );
    expect(Object.keys(key?.places[0] ?? {})).toEqual(
      expect.arrayContaining([
        "kind",
        "path",
        "line",
        "column",
        "commit",
        "date",
        "author",
        "refs",
      ]),
    );
  });

  it("keeps the keys in the order in which the run ranked them", () => {
    const sample = richReport();
    expect(publish(sample).keys.map(({ fingerprint }) => fingerprint)).toEqual(
      sample.findings.map(({ fingerprint }) => fingerprint),
    );
  });

  it("can be shown in a terminal: no control, direction or invisible character is left raw", () => {
    const path = "a\u001b[31m\u009b31m\u202egnp.exe\u200b\u2028/.env";
    const output = render(report([finding({ places: [place({ path })] })]), "json", plainOptions);
    // oxlint-disable-next-line no-control-regex
    expect(output).not.toMatch(/[\u001b\u009b\u202e\u200b\u2028]/u);
    expect(
      (JSON.parse(output) as { keys: [{ places: [{ path: string }] }] }).keys[0].places[0].path,
    ).toBe(path);
  });
});

describe("the JSON Lines format", () => {
  it("gives one line per key and ends with a summary that counts them", () => {
    const sample = richReport();
    const lines = render(sample, "jsonl", plainOptions).trimEnd().split("\n");
    const read = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(read.map(({ type }) => type)).toEqual([...sample.findings.map(() => "key"), "summary"]);
    expect(read.at(-1)).toMatchObject({ keyCount: sample.findings.length, complete: false });
  });
});

describe("reading a report back", () => {
  it("gives what was written", () => {
    const sample = richReport();
    expect(parseReport(render(sample, "json", plainOptions), "report.json")).toEqual(
      publish(sample),
    );
  });

  it("gives what was written, whatever the paths, authors and refs are called", () => {
    fc.assert(
      fc.property(anyText, fc.string(), fc.array(fc.string()), (path, author, refs) => {
        const sample = report([finding({ places: [place({ path, author, refs })] })]);
        expect(parseReport(render(sample, "json", plainOptions), "r")).toEqual(publish(sample));
      }),
      { numRuns: 40 },
    );
  });

  it("passes over fields of a later version with the same schemaVersion", () => {
    const written = { ...publish(richReport()), invented: { later: 1 } };
    expect(parseReport(JSON.stringify(written), "r")).toEqual(publishedWithout(written));
  });

  it("names the file and the place of what is wrong, and never quotes it", () => {
    const written = JSON.parse(render(richReport(), "json", plainOptions)) as {
      keys: { kind: string }[];
    };
    const second = written.keys[1];
    if (second) second.kind = "quoted-by-nobody";
    const read = () => parseReport(JSON.stringify(written), "reports/old.json");
    expect(read).toThrow(UserError);
    expect(read).toThrow(/reports\/old\.json.*\/keys\/1\/kind/u);
    expect(read).not.toThrow(/quoted-by-nobody/u);
  });

  it.each([
    ["no JSON", "{", /is not JSON/u],
    ["an empty file", "", /is not JSON/u],
    ["another tool's JSON", "[]", /states no schemaVersion/u],
    ["a later schema", '{"schemaVersion":2}', /schemaVersion 2; this dashleaks reads up to 1/u],
    ["a report without keys", '{"schemaVersion":1}', /expected at \/tool/u],
  ])("refuses %s in one sentence", (_what, content, message) => {
    expect(() => parseReport(content, "x.json")).toThrow(message);
  });

  it("refuses a report in which somebody put a whole key where its mask belongs", () => {
    const sample = finding();
    const written = render(report([sample]), "json", plainOptions).replace(
      sample.secret.masked,
      sample.secret.reveal(),
    );
    expect(() => parseReport(written, "x.json")).toThrow(
      /a masked key is expected at \/keys\/0\/masked/u,
    );
  });
});

function publishedWithout({
  invented: _invented,
  ...rest
}: ReturnType<typeof publish> & { invented: unknown }) {
  return rest;
}

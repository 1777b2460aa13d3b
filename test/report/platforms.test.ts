// Reports that platforms read, each against its published schema or an independent reader.
import publishedSchema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import { Ajv } from "ajv";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Place, Report } from "../../src/model/index.js";
import { githubSummary, plainOptions, publish, render } from "../../src/report/index.js";
import { finding, place, report, richReport } from "./sample.js";
import { gitlabSchema } from "./gitlab-schema.js";
import { parseXml, type XmlElement } from "./strict-xml.js";

const options = { ...plainOptions, startedAt: new Date(0), finishedAt: new Date(3400) };

/** A report whose paths, authors and refs try to break out of every format. */
const hostile = (path: string, author: string): Report =>
  report([finding({ places: [place({ path, author, refs: [`refs/heads/${author}`] })] })], {
    notices: [{ kind: "notice", code: "unreadable-file", message: path || "-", incomplete: true }],
  });

const anyText = fc.oneof(
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

const historyOnly: Partial<Place>[] = [
  { kind: "commit-message", path: null },
  { kind: "tag-message", path: null, refs: ["refs/tags/v1"] },
  { kind: "note", path: null },
  { kind: "ref-name", path: null, commit: null, object: null, line: null, column: null },
  { kind: "stdin", path: null, commit: null, object: null },
  { kind: "unreachable", exposure: "unreachable", path: "old.env" },
];

function everyPlace(): Report {
  return report(historyOnly.map((fields) => finding({ places: [place(fields)] })));
}

const samples = (): Report[] => [
  report([]),
  richReport(),
  everyPlace(),
  hostile("a b%:#?.env", "A <a@b.example>"),
];

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

describe("GitHub annotations", () => {
  /** The runner's reading of a workflow command (actions/runner, ActionCommand.cs), written anew. */
  function commandsIn(output: string) {
    return output
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const [, name = "", list = "", message = ""] = /^::(\w+) (.*?)::(.*)$/u.exec(line) ?? [];
        const plain = (text: string) =>
          text
            .replaceAll("%3A", ":")
            .replaceAll("%2C", ",")
            .replaceAll("%0D", "\r")
            .replaceAll("%0A", "\n")
            .replaceAll("%25", "%");
        const properties = Object.fromEntries(
          list.split(",").map((pair) => {
            const at = pair.indexOf("=");
            return [pair.slice(0, at), plain(pair.slice(at + 1))];
          }),
        );
        return { name, properties, message };
      });
  }

  it("points at the file and line of each key, worst first, as an error", () => {
    const [first] = commandsIn(render(richReport(), "github", options));
    expect(first).toMatchObject({
      name: "error",
      properties: {
        file: ".env",
        line: "3",
        col: "19",
        title: "Leaked pay-as-you-go key, legacy form",
      },
    });
    expect(first?.message).toContain("Reset this key now");
  });

  it("cannot be talked into other commands by a path or a message", () => {
    fc.assert(
      fc.property(anyText, anyText, (path, author) => {
        fc.pre(path !== "" && !path.startsWith("/"));
        const commands = commandsIn(render(hostile(path, author), "github", options));
        expect(commands.map(({ name }) => name)).toEqual(["error", "warning"]);
        expect(Object.keys(commands[0]?.properties ?? {})).toEqual([
          "file",
          "line",
          "col",
          "title",
        ]);
      }),
    );
    const [command] = commandsIn(render(hostile("a,b:c%d.env", "x"), "github", options));
    expect(command?.properties["file"]).toBe("a,b:c%d.env");
  });

  it("writes a job summary in which nothing from the repository is Markdown or HTML", () => {
    fc.assert(
      fc.property(anyText, (path) => {
        const summary = githubSummary(publish(hostile(path, "x")));
        const table = summary.split("\n").filter((line) => line.startsWith("|"));
        expect(table).toHaveLength(3);
        expect(table[2]?.split("|")).toHaveLength(8);
        expect(summary.replaceAll(/<\/?code>/gu, "")).not.toMatch(/[<>]/u);
      }),
    );
    expect(githubSummary(publish(report([])))).toBe("### dashleaks: no keys found\n");
  });
});

describe("JUnit XML", () => {
  /** The elements and attributes of the schema that Jenkins's xUnit plugin publishes. */
  const allowed: Readonly<
    Record<string, { attributes: readonly string[]; children: readonly string[] }>
  > = {
    testsuites: {
      attributes: ["name", "time", "tests", "failures", "errors"],
      children: ["testsuite"],
    },
    testsuite: {
      attributes: ["name", "tests", "failures", "errors", "skipped", "time", "timestamp"],
      children: ["testcase"],
    },
    testcase: {
      attributes: ["name", "classname", "time"],
      children: ["skipped", "error", "failure"],
    },
    skipped: { attributes: [], children: [] },
    error: { attributes: ["type", "message"], children: [] },
    failure: { attributes: ["type", "message"], children: [] },
  };

  /** What of a document the schema does not know. */
  function unknownIn({ name, attributes, children }: XmlElement): string[] {
    const rule = allowed[name];
    return [
      ...Object.keys(attributes)
        .filter((attribute) => !rule?.attributes.includes(attribute))
        .map((attribute) => `${name}@${attribute}`),
      ...children
        .filter((child) => !rule?.children.includes(child.name))
        .map((child) => `${name}/${child.name}`),
      ...children.flatMap(unknownIn),
    ];
  }

  it("is well-formed and of the published shape, whatever things are called", () => {
    for (const sample of samples()) {
      const root = parseXml(render(sample, "junit", options));
      expect([root.name, ...unknownIn(root)]).toEqual(["testsuites"]);
    }
    fc.assert(
      fc.property(anyText, anyText, (path, author) => {
        expect(unknownIn(parseXml(render(hostile(path, author), "junit", options)))).toEqual([]);
      }),
    );
  });

  it("counts a key as a failure, one that was let pass as skipped, a gap as an error", () => {
    const suite = parseXml(render(richReport(), "junit", options)).children[0];
    expect(suite?.attributes).toMatchObject({
      tests: "7",
      failures: "5",
      skipped: "1",
      errors: "1",
      time: "3.400",
    });
    const outcomes =
      suite?.children.flatMap(({ children }) => children.map(({ name }) => name)) ?? [];
    expect(outcomes.filter((name) => name === "failure")).toHaveLength(5);
    expect(outcomes.filter((name) => name === "skipped")).toHaveLength(1);
    expect(outcomes.filter((name) => name === "error")).toHaveLength(1);
  });

  it("is a passed test when nothing was found", () => {
    const suite = parseXml(render(report([]), "junit", options)).children[0];
    expect(suite?.children.map(({ children }) => children)).toEqual([[]]);
  });
});

describe("CSV", () => {
  /** RFC 4180, written anew. */
  function rowsIn(output: string): string[][] {
    const rows: string[][] = [];
    let row: string[] = [];
    for (const [, quoted, bare, end] of output.matchAll(
      /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gu,
    )) {
      row.push(quoted?.replaceAll('""', '"') ?? bare ?? "");
      if (end === "\r\n") {
        rows.push(row);
        row = [];
      }
    }
    return rows;
  }

  it("has one row per key and place, each with all columns", () => {
    const sample = richReport();
    const [head = [], ...rows] = rowsIn(render(sample, "csv", options));
    expect(rows).toHaveLength(sample.findings.flatMap(({ places }) => places).length);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([head.length]));
  });

  it("gives a spreadsheet no formula to run, and no row too many", () => {
    fc.assert(
      fc.property(
        fc.oneof(anyText, fc.constantFrom("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1")),
        (path) => {
          const [head = [], ...rows] = rowsIn(render(hostile(path, path), "csv", options));
          expect(rows).toHaveLength(1);
          expect(rows[0]).toHaveLength(head.length);
          for (const cell of rows[0] ?? []) expect(cell).not.toMatch(/^[\s]*[=+\-@]/u);
        },
      ),
    );
  });
});

// Annotations, JUnit XML and CSV, each read by an independent reader of its format.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { githubSummary, publish, render } from "../../src/report/index.js";
import { anyText, hostile, options, samples } from "./hard-samples.js";
import { report, richReport } from "./sample.js";
import { parseXml, type XmlElement } from "./strict-xml.js";

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

import { describe, expect, it } from "vitest";
import { commands } from "../src/cli/commands.js";
import { commandNames, flags } from "../src/cli/flags.js";
import { commandHelp, overviewHelp } from "../src/cli/help-command.js";
import { destinations } from "../src/cli/output.js";
import { parse } from "../src/cli/parse.js";
import { wantsColour } from "../src/cli/terminal.js";

describe("what a user types", () => {
  it("is a scan when no command is named", () => {
    expect(parse(["src", "--tree"])).toEqual({
      command: "scan",
      operands: ["src"],
      flags: new Map([["tree", []]]),
    });
  });

  it("names a command by its first word only", () => {
    expect(parse(["rules", "check"]).operands).toEqual(["check"]);
    expect(parse(["./rules"]).operands).toEqual(["./rules"]);
    expect(parse(["scan", "scan"]).operands).toEqual(["scan"]);
    expect(parse(["--tree", "rules"])).toMatchObject({ command: "scan", operands: ["rules"] });
  });

  it("takes a single dash as standard input and everything after -- as paths", () => {
    expect(parse(["scan", "-"]).operands).toEqual(["-"]);
    expect(parse(["scan", "--", "--tree"]).operands).toEqual(["--tree"]);
  });

  it("collects the values of a flag that may be repeated", () => {
    const typed = parse(["--exclude", "a", "--exclude=b", "-f", "json"]);
    expect(typed.flags.get("exclude")).toEqual(["a", "b"]);
    expect(typed.flags.get("format")).toEqual(["json"]);
  });

  it.each([
    [["--formt", "json"], /no flag --formt/u],
    [["--format", "yaml"], /--format does not know "yaml"/u],
    [["--format"], /--format needs a value/u],
    [["--tree=yes"], /--tree takes no value/u],
    [["rules", "--staged"], /dashleaks rules has no --staged/u],
    [["--range", "a..b", "--range", "c..d"], /--range was given more than once/u],
  ])("refuses %j with a sentence", (argv, message) => {
    expect(() => parse(argv)).toThrow(message);
  });

  it("suggests the flag that was meant", () => {
    expect(() => parse(["--stagd"])).toThrow(
      expect.objectContaining({ remedy: "Did you mean --staged?" }),
    );
  });
});

describe("help", () => {
  it("shows every command and every flag of scan in the overview", () => {
    const help = overviewHelp();
    for (const name of commandNames) expect(help).toContain(`  ${name} `);
    for (const flag of flags.filter(({ commands: mine }) => mine.includes("scan"))) {
      expect(help).toContain(`--${flag.name}`);
    }
  });

  it.each(commandNames)("has examples for %s that the parser accepts", (name) => {
    expect(commands[name].examples.length).toBeGreaterThan(0);
    expect(commandHelp(name)).toContain("Usage: dashleaks");
    for (const { line } of commands[name].examples) {
      const argv = line
        .replace(/^.*?dashleaks ?/u, "")
        .replace(/\)$/u, "")
        .match(/"[^"]*"|\S+/gu);
      expect(() => parse(argv ?? [])).not.toThrow();
    }
  });
});

describe("where reports go", () => {
  it("prints the text report when nothing is asked for", () => {
    expect(destinations([], [])).toEqual([{ format: "text", file: null }]);
  });

  it("pairs formats and files in order", () => {
    expect(destinations(["json", "sarif"], ["a", "b"])).toEqual([
      { format: "text", file: null },
      { format: "json", file: "a" },
      { format: "sarif", file: "b" },
    ]);
  });

  it("tells a file's format by its name otherwise", () => {
    expect(destinations(["json"], ["x.sarif", "gl-secret-detection-report.json"])).toEqual([
      { format: "json", file: null },
      { format: "sarif", file: "x.sarif" },
      { format: "gitlab", file: "gl-secret-detection-report.json" },
    ]);
  });

  it("says what is wrong when a format cannot be told", () => {
    expect(() => destinations([], ["report"])).toThrow(/report does not tell a format/u);
    expect(() => destinations(["json", "csv"], ["x.json"])).toThrow(/2 formats were given/u);
  });
});

describe("colours", () => {
  it.each([
    ["auto", {}, true, true],
    ["auto", {}, false, false],
    ["auto", { NO_COLOR: "1" }, true, false],
    ["auto", { NO_COLOR: "" }, true, true],
    ["auto", { FORCE_COLOR: "1" }, false, true],
    ["auto", { FORCE_COLOR: "0" }, true, false],
    ["auto", { NO_COLOR: "1", FORCE_COLOR: "1" }, true, false],
    ["auto", { TERM: "dumb" }, true, false],
    ["always", { NO_COLOR: "1" }, false, true],
    ["never", { FORCE_COLOR: "1" }, true, false],
  ])("with --color=%s, %j and terminal %s are %s", (when, environment, isTerminal, wanted) => {
    expect(wantsColour(when, environment, isTerminal)).toBe(wanted);
  });
});

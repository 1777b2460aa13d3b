import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readConfig } from "../src/config/config.js";
import { locateConfigs } from "../src/config/locate-config.js";
import { temporaryFolder } from "./support/repository.js";

describe("a configuration file", () => {
  it("gives its settings", () => {
    const text = 'exclude = ["docs/**"]\nfail-on = "possible"\nallow-words = ["gitleaks:allow"]\n';
    expect(readConfig(".dashleaks.toml", text, "repository")).toMatchObject({
      exclude: ["docs/**"],
      failOn: "possible",
      allowWords: ["gitleaks:allow"],
    });
  });

  it.each([
    ["exclude = []\nexlude = []\n", '.dashleaks.toml:2: unknown field "exlude"'],
    ["\n\n[surprise]\na = 1\n", '.dashleaks.toml:3: unknown field "surprise"'],
    ['fail-on = "always"\n', '.dashleaks.toml:1: "fail-on" is one of'],
    ['exclude = "docs"\n', '.dashleaks.toml:1: "exclude" must be a list of strings'],
    ["exclude = [\n", ".dashleaks.toml:"],
  ])("that holds %j is refused with file and line", (text, message) => {
    expect(() => readConfig(".dashleaks.toml", text, "repository")).toThrow(message);
  });

  it("of a repository cannot say where keys are sent", () => {
    const text = 'endpoints = ["https://collector.example"]\n';
    expect(() => readConfig(".dashleaks.toml", text, "repository")).toThrow(
      /"endpoints" is not read from a repository's configuration/u,
    );
    expect(readConfig("config.toml", text, "user").endpoints).toHaveLength(1);
  });
});

describe("which configuration holds", () => {
  const request = (folder: string, changes: object = {}) => ({
    named: null,
    none: false,
    currentDirectory: folder,
    currentRoot: folder,
    environment: { HOME: join(folder, "home") },
    ...changes,
  });

  it("is the one of the repository that one stands in, and the user's own", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, ".dashleaks.toml"), 'exclude = ["a"]\n');
    mkdirSync(join(folder, "home/.config/dashleaks"), { recursive: true });
    writeFileSync(join(folder, "home/.config/dashleaks/config.toml"), 'exclude = ["b"]\n');
    const { project, own } = await locateConfigs(request(folder));
    expect([project.exclude, own.exclude]).toEqual([["a"], ["b"]]);
  });

  it("is none with --no-config", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, ".dashleaks.toml"), "nonsense");
    const { project } = await locateConfigs(request(folder, { none: true }));
    expect(project.path).toBeNull();
  });

  it("is an error when --config names a file that is not there", async () => {
    const folder = temporaryFolder();
    await expect(locateConfigs(request(folder, { named: "mine.toml" }))).rejects.toThrow(
      "there is no configuration file mine.toml",
    );
  });
});

// The house's import table as data: which room may import which, and who alone may use what.
import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { describe, expect, it } from "vitest";

const source = join(import.meta.dirname, "../src");

/** Room -> rooms it may import at run time and by type. Every room may import itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  model: [],
  package: [],
  ruleset: ["model", "engine", "package"],
  engine: ["model"],
  findings: ["model"],
  sources: ["model", "package"],
  verify: ["model"],
  report: ["model"],
  baseline: ["model"],
  cache: ["model"],
  config: ["model"],
  hooks: ["model", "sources"],
};

/** Package or built-in module -> the only places that may use it. */
const aloneMayUse: Readonly<Record<string, readonly string[]>> = {
  "smol-toml": ["ruleset", "config"],
  "fast-glob": ["sources"],
  "simple-git": ["sources"],
  "node:child_process": ["sources/git.ts"],
  undici: ["verify"],
  picocolors: ["report"],
  "cli-progress": ["cli"],
  "ci-info": ["hooks", "cli"],
};

const files = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  .map((entry) => relative(source, join(entry.parentPath, entry.name)).split(sep).join("/"))
  .filter((file) => !file.startsWith("sources/kernel/assembly/"));

function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/gu)].map((hit) => hit[1] ?? "");
}

describe("the house", () => {
  it("lets a room import only the rooms that the table grants it", () => {
    const wrong = files.flatMap((file) => {
      const room = file.split("/")[0] ?? "";
      const granted = mayImport[room];
      if (!file.includes("/") || granted === undefined) return [];
      return importsOf(file)
        .filter((target) => target.startsWith("."))
        .map((target) => posix.normalize(posix.join(posix.dirname(file), target)))
        .filter((target) => {
          const other = target.split("/")[0] ?? "";
          return other !== room && !granted.includes(other);
        })
        .map((target) => `${file} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it("keeps each outside thing behind its one door", () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => aloneMayUse[target] !== undefined)
        .filter(
          (target) =>
            !aloneMayUse[target]?.some((door) => file === door || file.startsWith(`${door}/`)),
        )
        .map((target) => `${file} uses ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it("lets only the edge know the process and the console", () => {
    const wrong = files
      .filter((file) => !file.startsWith("cli/"))
      .filter((file) =>
        /(?<![.\w])console\.|\bprocess\.(?:argv|exit|stdout|stderr|stdin)\b/u.test(
          readFileSync(join(source, file), "utf8"),
        ),
      );
    expect(wrong).toEqual([]);
  });

  it("has a room for everything and no room called util", () => {
    const rooms = new Set(
      files.filter((file) => file.includes("/")).map((file) => file.split("/")[0] ?? ""),
    );
    expect([...rooms].filter((room) => room !== "cli" && mayImport[room] === undefined)).toEqual(
      [],
    );
  });
});

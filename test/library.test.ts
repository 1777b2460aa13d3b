// The library: the steps of the command line as functions, and their types.
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, expectTypeOf, it } from "vitest";
import { manPage } from "../src/cli/man.js";
import { commands } from "../src/cli/commands.js";
import { commandNames, flags } from "../src/cli/flags.js";
import * as dashleaks from "../src/index.js";
import type {
  Finding,
  Notice,
  Place,
  Proof,
  PublishedReport,
  PurgePlan,
  Report,
  Scope,
  Secret,
} from "../src/index.js";
import { mint } from "./support/mint.js";
import { freshRepository, temporaryFolder } from "./support/repository.js";

describe("the library", () => {
  it("scans, renders, reads back, joins, plans and proves", async () => {
    const key = mint("payg-compact");
    const repository = freshRepository();
    repository.commit({ ".env": `DASHSCOPE_API_KEY=${key}\n` });
    const progress: number[] = [];
    const report = await dashleaks.scan({
      paths: [repository.path],
      threads: 1,
      onProgress: ({ objects }) => progress.push(objects),
    });
    expect(report.findings.map(({ secret }) => String(secret))).toEqual([dashleaks.maskKey(key)]);
    expect(progress.length).toBeGreaterThan(0);

    const json = dashleaks.render(report, "json", dashleaks.plainOptions);
    expect(json).not.toContain(key);
    const read = dashleaks.parseReport(json, "report.json");
    expect(read).toEqual(dashleaks.publish(report));
    const merged = dashleaks.mergeReports([read, read]);
    expect({ schemaVersion: 1, ...merged }).toEqual(read);

    const plan = await dashleaks.planPurge(report, { path: repository.path });
    expect(plan.recipe).toBe("amend");
    const proof = await dashleaks.prove({
      path: repository.path,
      threads: 1,
      keys: read.keys.map(({ fingerprint, masked, rule }) => ({ fingerprint, masked, rule })),
    });
    expect(proof.statement).toBe("held");
    const { repositories } = await dashleaks.discoverRepositories(repository.path);
    expect(repositories).toEqual([repository.path]);
  });

  it("ends when it is told to", async () => {
    const repository = freshRepository();
    repository.commit({ "a.txt": "a\n" });
    const signal = AbortSignal.abort();
    await expect(dashleaks.prove({ path: repository.path, keys: [], signal })).rejects.toThrow(
      /abort/iu,
    );
  });

  it("has the types that its documentation promises", () => {
    expectTypeOf(dashleaks.scan).returns.resolves.toEqualTypeOf<Report>();
    expectTypeOf<dashleaks.ScanOptions>().toHaveProperty("verify");
    expectTypeOf<Report["findings"]>().toEqualTypeOf<readonly Finding[]>();
    expectTypeOf<Finding["places"]>().toEqualTypeOf<readonly [Place, ...Place[]]>();
    expectTypeOf<Finding["secret"]>().toEqualTypeOf<Secret>();
    expectTypeOf<Secret>().toHaveProperty("reveal");
    expectTypeOf<PublishedReport["keys"][number]>().not.toHaveProperty("secret");
    expectTypeOf<Notice["incomplete"]>().toEqualTypeOf<boolean>();
    expectTypeOf<Scope["kind"]>().extract<"audit">().toEqualTypeOf<"audit">();
    expectTypeOf(dashleaks.prove).returns.resolves.toEqualTypeOf<Proof>();
    expectTypeOf<Proof["statement"]>().toEqualTypeOf<"gone" | "held" | "not-shown">();
    expectTypeOf(dashleaks.planPurge).parameter(0).toEqualTypeOf<Report>();
    expectTypeOf(dashleaks.planPurge).returns.resolves.toEqualTypeOf<PurgePlan>();
    expectTypeOf(dashleaks.mergeReports).parameter(0).toExtend<readonly object[]>();
    expectTypeOf<PublishedReport>().toExtend<dashleaks.ReportedFindings>();
    expectTypeOf(dashleaks.parseReport).returns.toEqualTypeOf<PublishedReport>();
    // @ts-expect-error a typo in an option is told by the compiler
    void ((): unknown => dashleaks.scan({ path: "." }));
  });
});

describe("the package's declarations", () => {
  it("compile where nothing else is installed, the types of Node included", () => {
    const folder = temporaryFolder();
    const root = join(import.meta.dirname, "..");
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules/dashleaks"));
    const use = 'import { scan, type Report } from "dashleaks";\n';
    writeFileSync(
      join(folder, "use.mts"),
      `${use}export const report: Promise<Report> = scan({ paths: ["."] });\n`,
    );
    const compiler = join(root, "node_modules/.bin/tsc");
    const flagged = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022"];
    const alone = ["--types", "", "--preserveSymlinks", "use.mts"];
    const ran = spawnSync(compiler, [...flagged, ...alone], { cwd: folder, encoding: "utf8" });
    expect(ran).toMatchObject({ stdout: "", status: 0 });
  });
});

describe("the manual page", () => {
  it("tells of every command, example and flag", () => {
    const page = manPage("1.2.3");
    const text = page.replaceAll(String.raw`\-`, "-").replaceAll(String.raw`\e`, "\\");
    for (const name of commandNames) {
      expect(text).toContain(`.B ${name}`);
      expect(commands[name].examples.length).toBeGreaterThan(0);
      for (const { line } of commands[name].examples) {
        expect(text).toContain(line.replaceAll("…", "..."));
      }
    }
    for (const { name } of flags) expect(text).toContain(`--${name}`);
  });
});

// Many repositories, and one scan split over processes: the CI examples are run as they stand.
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { compareText } from "../../src/model/index.js";
import { sharedRecord } from "../../src/cache/shared-record.js";
import { dashleaks, type PublishedJson } from "../support/dashleaks.js";
import { mint, mintedKinds } from "../support/mint.js";
import { readFast } from "../support/oracle.js";
import { freshRepository, openRepository, temporaryFolder } from "../support/repository.js";

const bin = join(import.meta.dirname, "../../bin/dashleaks.js");
const examples = join(import.meta.dirname, "../../.github/examples");
const parts = [1, 2, 3, 4];

/** The lines of an example that run dashleaks. */
function commandsOf(example: string): { readonly scan: string; readonly merge: string } {
  const text = readFileSync(join(examples, example), "utf8");
  const commands = [...text.matchAll(/^\s*- (?:run: )?npx (dashleaks .+)$/gmu)].map(
    (hit) => hit[1] ?? "",
  );
  const [scan = "", merge = ""] = commands;
  expect([scan.slice(0, 14), merge.slice(0, 15)]).toEqual(["dashleaks scan", "dashleaks merge"]);
  return { scan, merge };
}

/** Runs a line as a CI system does: in a shell, with its variables, in a folder. */
async function job(line: string, cwd: string, variables: Readonly<Record<string, string>> = {}) {
  const script = `dashleaks() { "$NODE" "$BIN" "$@"; }; ${line}`;
  const { NODE_EXTRA_CA_CERTS: _ca, ...inherited } = process.env;
  const env = { ...inherited, HOME: cwd, NODE: process.execPath, BIN: bin, ...variables };
  const run = promisify(execFile)("sh", ["-c", script], { cwd, env });
  return run.then(
    () => 0,
    (error: { code: number }) => error.code,
  );
}

function readJson(path: string): PublishedJson {
  return JSON.parse(readFileSync(path, "utf8")) as PublishedJson;
}

/** A repository with keys of every kind in every sort of place. */
function spoilt() {
  const repository = freshRepository();
  for (let index = 0; index < 12; index++) {
    const kind = mintedKinds[index % mintedKinds.length] ?? "payg-legacy";
    repository.commit({
      [`config/${index}.env`]: `DASHSCOPE_API_KEY=${mint(kind)}\n`,
      [`src/${index}.txt`]: `nothing in file ${index}\n`.repeat(index + 1),
    });
  }
  const again = readFileSync(join(repository.path, "config/3.env"));
  repository.commit({ "config/3.env": "gone\n", "copy.env": again });
  repository.commit({ "config/3.env": again }, "back");
  repository.commit({}, `a message with ${mint("token-plan-v2")} for dashscope`);
  repository.git("tag", "-a", "v1", "-m", `dashscope ${mint("payg-v2")}`, "HEAD~4");
  repository.write("config/4.env", `QWEN_API_KEY=${mint("payg-legacy")}\n`);
  repository.git("stash", "-q");
  repository.write("untracked.env", again);
  repository.git("gc", "-q");
  return repository;
}

describe("one scan as four processes", () => {
  it.each([
    [
      "shards.github.yml",
      (line: string, part: number) => line.replaceAll("${{ matrix.part }}", `${part}`),
    ],
    ["shards.gitlab-ci.yml", (line: string) => line],
  ] as const)("says exactly what one run says, by the example %s", async (example, fill) => {
    const { path } = spoilt();
    const reportsFolder = temporaryFolder();
    const { scan, merge } = commandsOf(example);
    const ended = await Promise.all(
      parts.map((part) =>
        job(fill(scan, part).replaceAll("--output ", `--output ${reportsFolder}/`), path, {
          CI_NODE_INDEX: `${part}`,
          CI_NODE_TOTAL: "4",
        }),
      ),
    );
    expect(ended).toEqual([0, 0, 0, 0]);
    expect(await job(merge, reportsFolder)).toBe(1);
    const one = await dashleaks(["--format", "json"], { cwd: path });
    expect(one.status).toBe(1);
    const single = JSON.parse(one.stdout) as PublishedJson;
    const merged = readJson(join(reportsFolder, "report.json"));
    expect(merged).toEqual(single);
    expect(merged.keys).toHaveLength(15);
    // Every part did some of the work, and none did all of it.
    for (const part of parts) {
      const { coverage } = readJson(join(reportsFolder, `part-${part}.json`));
      expect(coverage.objects).toBeGreaterThan(0);
      expect(coverage.objects).toBeLessThan(single.coverage.objects);
    }
    // A part that is missing is told.
    expect(await job(merge.replace("part-*.json", "part-[123].json"), reportsFolder)).toBe(1);
    expect(readJson(join(reportsFolder, "report.json"))).toMatchObject({
      complete: false,
      notices: [{ code: "shard-missing" }],
    });
  });
});

describe("many repositories", () => {
  const shared = mint("payg-compact");
  const own = mint("token-plan-compact");

  /** Five repositories below a folder: an origin, its fork, one that borrows objects, two others. */
  function family(packed = false): string {
    const folder = temporaryFolder();
    const make = (name: string) => {
      mkdirSync(join(folder, name));
      const repository = openRepository(join(folder, name));
      repository.git("init", "-q", "-b", "main");
      return repository;
    };
    const origin = make("origin");
    origin.commit({ ".env": `DASHSCOPE_API_KEY=${shared}\n` });
    origin.commit({ ".env": "\n" });
    if (packed) origin.git("gc", "-q");
    origin.git("clone", "-q", "--no-local", origin.path, join(folder, "fork"));
    origin.git("clone", "-q", "--shared", origin.path, join(folder, "borrower"));
    make("other").commit({ "a.env": `DASHSCOPE_API_KEY=${own}\n`, "b.env": shared });
    make("clean").commit({ "readme.md": "nothing\n" });
    return folder;
  }

  it("joins one key of four repositories, however they are named", async () => {
    const folder = family();
    writeFileSync(join(folder, "list.txt"), "# ours\nborrower\nclean\nfork\norigin\nother\n");
    const json = async (...args: string[]): Promise<PublishedJson> => {
      const ran = await dashleaks(["scan", ...args, "--no-cache", "--format", "json"], {
        cwd: folder,
      });
      expect([ran.status, ran.stderr]).toEqual([1, ""]);
      return JSON.parse(ran.stdout) as PublishedJson;
    };
    const [named, listed, discovered] = await Promise.all([
      json("borrower", "clean", "fork", "origin", "other"),
      json("--repos-from", "list.txt"),
      json("--discover"),
    ]);
    expect(named.keys).toHaveLength(2);
    const places = named.keys.map(
      (key) => new Set(key.places.map(({ repository }) => repository?.split("/").at(-1) ?? "")),
    );
    const sorted = places.map((found) => [...found].sort(compareText));
    expect(sorted.sort((a, b) => b.length - a.length)).toEqual([
      ["borrower", "fork", "origin", "other"],
      ["other"],
    ]);
    expect(listed).toEqual(named);
    expect(discovered).toEqual(named);
  });

  it("reads an object that several repositories share once, and counts it for each", async () => {
    const folder = family();
    const coverage = async (...names: string[]) => {
      const args = ["scan", ...names, "--no-cache", "--format", "json"];
      const { stdout } = await dashleaks(args, { cwd: folder });
      return (JSON.parse(stdout) as PublishedJson).coverage;
    };
    const [origin, both] = await Promise.all([coverage("origin"), coverage("origin", "borrower")]);
    expect([origin.objects, both.objects]).toEqual([6, 12]);
    const share = sharedRecord();
    const read = async (name: string, worthALook: (oid: string) => boolean): Promise<number> => {
      const part = share.forRepository(null, "sha1");
      const repository = openRepository(join(folder, name));
      const { objects } = await readFast(repository, { record: part.record });
      part.done(worthALook);
      return objects;
    };
    expect(await read("origin", () => false)).toBe(6);
    expect(await read("borrower", () => false)).toBe(0);
  });

  it.each([
    ["more repositories than parts", 2, ["borrower", "clean", "fork", "origin", "other"], false],
    ["fewer repositories than parts", 3, ["origin", "other"], false],
    [
      "fewer repositories than parts, which share objects",
      5,
      ["origin", "borrower", "fork"],
      false,
    ],
    ["more repositories than parts, which share packs", 2, ["origin", "borrower", "fork"], true],
  ])("gives by parts what one run gives, with %s", async (_, count, names, packed) => {
    const folder = family(packed);
    const out = temporaryFolder();
    const run = (...args: string[]) => dashleaks([...args, "--format", "json"], { cwd: folder });
    const files = await Promise.all(
      Array.from({ length: count }, async (_empty, index) => {
        const ran = await run("scan", ...names, "--no-cache", "--shard", `${index + 1}/${count}`);
        const file = join(out, `${index}.json`);
        writeFileSync(file, ran.stdout);
        return file;
      }),
    );
    const [one, merged] = await Promise.all([
      run("scan", ...names, "--no-cache"),
      run("merge", ...files),
    ]);
    expect(JSON.parse(merged.stdout)).toEqual(JSON.parse(one.stdout));
    expect(merged.status).toBe(one.status);
  });
});

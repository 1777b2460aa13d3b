// Every place where git can hide a key, through the command line and its JSON.
import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  truncateSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dashleaks, dashleaksJson, type PublishedJson, type Ran } from "./support/dashleaks.js";
import { mint } from "./support/mint.js";
import { plantEveryPlace, type Planted, type PlantedPlace } from "./support/places.js";
import { freshRepository, temporaryFolder } from "./support/repository.js";

type Key = PublishedJson["keys"][number];

const schemaFile = join(import.meta.dirname, "../src/report/report.schema.json");
const fitsSchema = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(schemaFile, "utf8")) as object,
);

let folder: string;
let planted: Planted;
let ran: Ran;
let report: PublishedJson;

beforeAll(async () => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), "dashleaks-test-"));
  planted = plantEveryPlace(folder);
  ({ ran, report } = await dashleaksJson([], { cwd: planted.repository.path }));
});

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

function keyIn({ keys }: PublishedJson, key: string): Key | undefined {
  const digest = createHash("sha256").update(key).digest("hex");
  return keys.find(({ fingerprint }) => fingerprint === `sha256:${digest}`);
}

/** As a report may show a text that holds a key of the oldest kind. */
function masked(text: string): string {
  return text.replaceAll(/sk-[0-9a-f]{28}([0-9a-f]{4})/gu, "sk-****$1");
}

/** What must be said of a planted key, and what is, so that a failure reads well. */
function wanted({ name, kind, exposure, path, removed, ref }: PlantedPlace): object {
  return {
    name,
    exposure,
    kind,
    path: path === undefined ? "not asked" : masked(path),
    removed: removed ?? false,
    ref: ref === undefined ? "not asked" : masked(ref),
  };
}

function told({ name, key, kind, path, removed, ref }: PlantedPlace): object {
  const found = keyIn(report, key);
  const places = found?.places.filter((place) => place.kind === kind) ?? [];
  const place =
    places.find((each) => path === undefined || each.path === masked(path)) ?? places[0];
  const refs = places.flatMap((each) => each.refs);
  return {
    name,
    exposure: found?.exposure,
    kind: place?.kind ?? found?.places.map((each) => each.kind),
    path: path === undefined ? "not asked" : place?.path,
    removed: removed === true ? place?.removed !== null && place !== undefined : false,
    ref: ref === undefined ? "not asked" : (refs.find((each) => each === masked(ref)) ?? refs),
  };
}

describe("the audit of a repository with a key in every place git has", () => {
  it("finds each, with the right kind of place, exposure, path and ref", () => {
    expect(planted.places.map(told)).toEqual(planted.places.map(wanted));
  });

  it("lists each key once, and nothing else", () => {
    expect(report.keys).toHaveLength(planted.places.length);
    expect(new Set(report.keys.map(({ fingerprint }) => fingerprint)).size).toBe(
      planted.places.length,
    );
  });

  it("fails, is complete, fits the schema, and names the commit, author and date", () => {
    expect(ran).toMatchObject({ status: 1, stderr: "" });
    expect(report.complete).toBe(true);
    fitsSchema(report);
    expect(fitsSchema.errors).toBeNull();
    const gone = planted.places.find(({ name }) => name === "removed file");
    expect(keyIn(report, gone?.key ?? "")?.places[0]).toMatchObject({
      line: 1,
      column: 19,
      commit: expect.stringMatching(/^[0-9a-f]{40}$/u) as string,
      author: expect.stringContaining("Ada Author") as string,
      date: expect.stringMatching(/^2023-11-14T/u) as string,
    });
  });

  it("prints no key in full", () => {
    const leaked = planted.places.filter(({ key }) => ran.stdout.includes(key.slice(3, 27)));
    expect(leaked.map(({ name }) => name)).toEqual([]);
  });

  it("is the same from within a linked worktree", async () => {
    const linked = await dashleaksJson([], { cwd: planted.linked });
    const missed = planted.places.filter(
      ({ key, exposure }) =>
        // Files are those of the worktree one stands in.
        exposure !== "working-tree" && keyIn(linked.report, key) === undefined,
    );
    expect(missed.map(({ name }) => name)).toEqual([]);
  });

  it("fails not for what only this machine still holds, and says how to expire it", async () => {
    const { git, commit, path } = freshRepository();
    commit({ "a.txt": "clean\n" });
    const key = mint("payg-legacy");
    commit({ "a.txt": `DASHSCOPE_API_KEY=${key}\n` });
    git("reset", "-q", "--hard", "HEAD~1");
    const local = await dashleaksJson([], { cwd: path });
    expect(local.ran.status).toBe(0);
    const found = keyIn(local.report, key);
    expect(found).toMatchObject({ exposure: "reflog", action: "review" });
    expect(JSON.stringify(found)).toContain("git reflog expire");
  });
});

describe("the audit of other kinds of repository", () => {
  const env = (key: string): string => `DASHSCOPE_API_KEY=${key}\n`;

  it("reads one with SHA-256 object names, loose and packed", async () => {
    const { git, commit, write, path } = freshRepository("--object-format=sha256");
    const [packed, loose, staged] = [mint("payg-legacy"), mint("payg-v2"), mint("coding-plan")];
    commit({ "packed.env": env(packed) });
    git("rm", "-q", "packed.env");
    git("commit", "-q", "-m", "remove");
    git("repack", "-adq");
    commit({ "loose.env": env(loose) });
    write("staged.env", env(staged));
    git("add", "staged.env");
    const found = await dashleaksJson([], { cwd: path });
    const exposureOf = (key: string): unknown => keyIn(found.report, key)?.exposure;
    expect([packed, loose, staged].map(exposureOf)).toEqual(["committed", "committed", "staged"]);
    expect(keyIn(found.report, packed)?.places[0]?.commit).toHaveLength(64);
    fitsSchema(found.report);
    expect(fitsSchema.errors).toBeNull();
  });

  it("reads what alternates lend, and what they lend each other", async () => {
    const lender = freshRepository();
    const key = mint("payg-legacy");
    lender.commit({ "a.env": env(key) });
    const between = join(temporaryFolder(), "between");
    lender.git("clone", "-q", "--shared", lender.path, between);
    const last = join(temporaryFolder(), "last");
    lender.git("clone", "-q", "--shared", "--no-checkout", between, last);
    const found = await dashleaksJson(["--history"], { cwd: last });
    expect(found.ran.status).toBe(1);
    expect(keyIn(found.report, key)?.exposure).toBe("pushed");
  });

  it("reads a bare one, from within and by name, and a .git folder", async () => {
    const origin = freshRepository();
    const key = mint("payg-legacy");
    origin.commit({ "a.env": env(key) });
    origin.git("rm", "-q", "a.env");
    origin.git("commit", "-q", "-m", "remove");
    const bare = join(temporaryFolder(), "bare.git");
    origin.git("clone", "-q", "--bare", origin.path, bare);
    const elsewhere = temporaryFolder();
    const runs = await Promise.all([
      dashleaksJson([], { cwd: bare }),
      dashleaksJson(["scan", bare], { cwd: elsewhere }),
      dashleaksJson(["scan", join(origin.path, ".git")], { cwd: elsewhere }),
    ]);
    for (const run of runs) {
      expect(run.ran.status).toBe(1);
      expect(keyIn(run.report, key)?.places[0]).toMatchObject({ kind: "commit", path: "a.env" });
    }
  });

  it("reads a submodule by itself, as a repository of its own", async () => {
    const inner = freshRepository();
    const key = mint("payg-legacy");
    inner.commit({ "a.env": env(key) });
    inner.git("rm", "-q", "a.env");
    inner.git("commit", "-q", "-m", "remove");
    const outer = freshRepository();
    outer.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", inner.path, "sub");
    outer.commit({ "README.md": "hello\n" });
    const found = await dashleaksJson(["scan", "sub"], { cwd: outer.path });
    expect(keyIn(found.report, key)?.places[0]).toMatchObject({ kind: "commit", path: "a.env" });

    const above = await dashleaks(["scan"], { cwd: outer.path });
    expect(above.stdout).toMatch(/note: sub is a git repository of its own .*--discover/u);
    const both = await dashleaks(["scan", "--discover", "."], { cwd: outer.path });
    expect(both.stdout).not.toMatch(/of its own/u);
    expect(both.status).toBe(1);
  });

  it("tells a missing object, a cut pack and a partial clone from a clean repository", async () => {
    const missing = freshRepository();
    missing.commit({ "a.txt": "some text\n" });
    const oid = missing.git("rev-parse", "HEAD:a.txt");
    rmSync(join(missing.path, ".git/objects", oid.slice(0, 2), oid.slice(2)));

    const cut = freshRepository();
    cut.commit({ "a.txt": "some text\n" });
    cut.git("repack", "-adq");
    const packs = join(cut.path, ".git/objects/pack");
    for (const name of readdirSync(packs).filter((each) => each.endsWith(".pack"))) {
      chmodSync(join(packs, name), 0o600);
      truncateSync(join(packs, name), 40);
    }

    const server = freshRepository();
    server.commit({ "a.txt": "some text\n" });
    server.git("config", "uploadpack.allowFilter", "true");
    const partial = join(temporaryFolder(), "partial");
    const url = `file://${server.path}`;
    server.git("clone", "-q", "--filter=blob:none", "--no-checkout", url, partial);

    for (const path of [missing.path, cut.path, partial]) {
      const found = await dashleaksJson(["--history"], { cwd: path });
      expect(found.ran.status).toBe(2);
      expect(found.report.complete).toBe(false);
    }
  });

  it("names only the object of another provider's key, and every path of ours beside it", async () => {
    const repository = freshRepository();
    const { commit, git } = repository;
    const theirs = `sk-ant-api03-${randomBytes(70).toString("base64url").slice(0, 93)}AA`;
    const ours = mint("payg-legacy");
    commit({ "theirs.py": `ANTHROPIC_API_KEY = "${theirs}"\n` });
    commit({ "ours.py": `DASHSCOPE_API_KEY = "${ours}"\n` });
    const object = git("rev-parse", "HEAD:theirs.py");
    const found = await dashleaksJson(["--history"], { cwd: repository.path });
    expect(keyIn(found.report, theirs)?.places).toMatchObject([
      { kind: "commit", exposure: "committed", path: null, commit: null, object },
    ]);
    expect(keyIn(found.report, ours)?.places).toMatchObject([{ kind: "commit", path: "ours.py" }]);
  });
});

// SQLite databases as the program itself writes them, whole, deleted from, cut off and in history.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createEngine } from "../../src/engine/engine.js";
import { fingerprintOf } from "../../src/model/index.js";
import { loadRuleset } from "../../src/ruleset/load.js";
import { preparedWitnesses } from "../../src/ruleset/prepared-witnesses.js";
import { kernelSearchFor } from "../../src/sources/kernel/kernel-search.js";
import { dashleaksJson } from "../support/dashleaks.js";
import { mint, type MintedKind, mintedKinds } from "../support/mint.js";
import { freshRepository } from "../support/repository.js";
import { sqliteOf } from "../support/sqlite.js";

const folder = mkdtempSync(join(tmpdir(), "sqlite-"));
afterAll(() => rmSync(folder, { recursive: true }));

const ruleset = loadRuleset();
const engine = createEngine(ruleset, {
  quickLook: () => kernelSearchFor(preparedWitnesses(ruleset, true)),
});

let databases = 0;

function freshPath(): string {
  return join(folder, `${++databases}.db`);
}

function sqlite(path: string, sql: string): string {
  return execFileSync("sqlite3", [path], { input: sql, encoding: "utf8" });
}

function databaseOf(sql: string): Buffer {
  const path = freshPath();
  sqlite(path, sql);
  return readFileSync(path);
}

/** The trails under which a key is found. */
function trailsOf(bytes: Uint8Array, key: string): readonly string[] {
  const { matches, notices } = engine.scan({ kind: "stdin" }, bytes);
  expect(notices).toEqual([]);
  return matches
    .filter(({ secret }) => secret.reveal() === key)
    .map(({ trail }) => trail.join(" "));
}

const filler = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)";

/** Statements that store a key in the table `settings`, and how often it is then in the database. */
const layouts: readonly (readonly [
  name: string,
  layout: { readonly sql: (key: string) => string; readonly times?: number },
])[] = [
  [
    "a name and a value",
    {
      sql: (key) =>
        `CREATE TABLE settings(id INTEGER PRIMARY KEY, name TEXT, value TEXT);
       INSERT INTO settings(name, value) VALUES('dashscope_api_key', '${key}');`,
    },
  ],
  [
    "a value and a name",
    {
      sql: (key) =>
        `CREATE TABLE settings(value TEXT, name TEXT);
       INSERT INTO settings VALUES('${key}', 'dashscope_api_key');`,
    },
  ],
  [
    "nothing but a value",
    {
      sql: (key) => `CREATE TABLE settings(dashscope TEXT); INSERT INTO settings VALUES('${key}');`,
    },
  ],
  [
    "a table without row ids, with an index",
    {
      sql: (key) =>
        `CREATE TABLE settings(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
       CREATE INDEX by_value ON settings(value);
       INSERT INTO settings VALUES('dashscope', '${key}');`,
      times: 2,
    },
  ],
  [
    "UTF-16",
    {
      sql: (key) =>
        `PRAGMA encoding = 'UTF-16le'; CREATE TABLE settings(name TEXT, value TEXT);
       INSERT INTO settings VALUES('dashscope', '${key}');`,
    },
  ],
  [
    "UTF-16, the high byte first",
    {
      sql: (key) =>
        `PRAGMA encoding = 'UTF-16be'; CREATE TABLE settings(name TEXT, value TEXT);
       INSERT INTO settings VALUES('dashscope', '${key}');`,
    },
  ],
  [
    "one of thousands of rows, in small pages",
    {
      sql: (key) =>
        `PRAGMA page_size = 512; CREATE TABLE settings(name TEXT, value TEXT);
       ${filler} INSERT INTO settings SELECT 'name' || i, 'value' || i FROM n;
       INSERT INTO settings VALUES('dashscope', '${key}');
       ${filler} INSERT INTO settings SELECT 'more' || i, 'value' || i FROM n;`,
    },
  ],
  [
    "large pages",
    {
      sql: (key) =>
        `PRAGMA page_size = 65536; CREATE TABLE settings(name TEXT, value TEXT);
       INSERT INTO settings VALUES('dashscope', '${key}');`,
    },
  ],
];

describe.each(mintedKinds)("a %s key in a database", (kind) => {
  it.each(layouts)("is found in %s", (_, { sql, times = 1 }) => {
    const key = mint(kind);
    const trails = Array.from({ length: times }, () => "sqlite:settings");
    expect(trailsOf(databaseOf(sql(key)), key)).toEqual(trails);
  });

  it("is found wherever a value that overflows its page is cut", () => {
    for (let before = 380; before < 560; before += 7) {
      const key = mint(kind);
      const database = databaseOf(
        `PRAGMA page_size = 512; CREATE TABLE settings(name TEXT, value TEXT);
         INSERT INTO settings
         VALUES('dashscope', '${"x".repeat(before)} ${key} ${"y".repeat(900)}');`,
      );
      expect(trailsOf(database, key), `after ${before}`).toEqual(["sqlite:settings"]);
    }
  });
});

it("a key is found on pages that were freed", () => {
  const key = mint("payg-legacy");
  const database = databaseOf(
    `PRAGMA secure_delete = off; CREATE TABLE settings(name TEXT, value TEXT);
     CREATE TABLE gone(name TEXT, value TEXT);
     ${filler} INSERT INTO gone SELECT 'name' || i, 'value' || i FROM n;
     INSERT INTO gone VALUES('dashscope', '${key}');
     ${filler} INSERT INTO gone SELECT 'more' || i, 'value' || i FROM n;
     DROP TABLE gone;`,
  );
  expect(trailsOf(database, key)).toEqual(["sqlite"]);
});

it("a database that was cut off is read as far as it goes", () => {
  const key = mint("payg-legacy");
  const database = databaseOf(
    `CREATE TABLE settings(name TEXT, value TEXT);
     INSERT INTO settings VALUES('dashscope', '${key}');
     ${filler} INSERT INTO settings SELECT 'name' || i, 'value' || i FROM n;`,
  );
  const cut = database.subarray(0, database.length - 5000);
  const { matches, notices } = engine.scan({ kind: "stdin" }, cut);
  expect(matches.map(({ trail, secret }) => [trail, secret.reveal()])).toEqual([
    [["sqlite:settings"], key],
  ]);
  expect(notices).toMatchObject([{ code: "container-damaged", incomplete: true }]);
});

it("a database grown by a commit is found in history", async () => {
  const repository = freshRepository();
  const kinds: readonly MintedKind[] = ["payg-legacy", "coding-plan"];
  const path = freshPath();
  sqlite(
    path,
    `CREATE TABLE settings(name TEXT, value TEXT);
     ${filler} INSERT INTO settings SELECT 'dashscope' || i, hex(randomblob(30)) FROM n;`,
  );
  repository.commit({ "app.db": readFileSync(path) });
  const keys = kinds.map((kind) => {
    const key = mint(kind);
    sqlite(path, `INSERT INTO settings VALUES('dashscope_api_key', '${key}');`);
    repository.commit({ "app.db": readFileSync(path) });
    return key;
  });
  sqlite(path, "PRAGMA secure_delete = on; DELETE FROM settings WHERE name LIKE '%key'; VACUUM;");
  repository.commit({ "app.db": readFileSync(path) });
  repository.git("gc", "-q", "--aggressive", "--prune=now");
  const { report } = await dashleaksJson(["scan", "--history"], { cwd: repository.path });
  expect(report.keys.map(({ fingerprint }) => fingerprint).sort()).toEqual(
    keys.map((key) => fingerprintOf(key)).sort(),
  );
});

it("what the tests write by themselves is a sound database", () => {
  const path = freshPath();
  writeFileSync(
    path,
    sqliteOf([
      {
        name: "settings",
        columns: ["a", "b"],
        rows: [
          ["x".repeat(90), null],
          [7, "y"],
        ],
      },
    ]),
  );
  expect(sqlite(path, "PRAGMA integrity_check; SELECT length(a), b FROM settings;")).toBe(
    "ok\n90|\n1|y\n",
  );
});

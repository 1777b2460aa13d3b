// Every hidden form of every kind of key, as a user meets it: through the engine with its rules, and
// through the command line in a repository's history.
import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createEngine } from "../src/engine/engine.js";
import { fingerprintOf } from "../src/model/index.js";
import { loadRuleset } from "../src/ruleset/load.js";
import { preparedWitnesses } from "../src/ruleset/prepared-witnesses.js";
import { kernelSearchFor } from "../src/sources/kernel/kernel-search.js";
import { tarOf, zipOf } from "./support/archives.js";
import { dashleaksJson } from "./support/dashleaks.js";
import { textForms } from "./support/forms.js";
import { mint, type MintedKind, mintedKinds, reportedKind } from "./support/mint.js";
import { freshRepository } from "./support/repository.js";
import { sqliteOf, type SqliteValue } from "./support/sqlite.js";

const ruleset = loadRuleset();
// As the command line has it: what holds no witness is not looked at, views included.
const search = kernelSearchFor(preparedWitnesses(ruleset, true));
const engine = createEngine(ruleset, { quickLook: () => search });

interface Carried {
  readonly name: string;
  readonly encoding: readonly string[];
  /** Line that a report must name. */
  readonly line: number;
  readonly trail: readonly string[];
  readonly document: (key: string) => Uint8Array;
}

function settings(key: string): string {
  return `# dashscope settings\nDASHSCOPE_API_KEY=${key}\n`;
}

function base64(plain: string): string {
  return Buffer.from(plain).toString("base64");
}

function text(
  name: string,
  encoding: readonly string[],
  line: number,
  write: (key: string) => string,
): Carried {
  return { name, encoding, line, trail: [], document: (key) => Buffer.from(write(key)) };
}

/** A key in two, where a line or a literal may end. */
function halves(key: string): readonly [string, string] {
  return [key.slice(0, 18), key.slice(18)];
}

/** Literals whose first piece has a prefix, as languages with several kinds of strings write them. */
const literalPairs: readonly (readonly [before: string, between: string, after: string])[] = [
  // Python, C, C++, SQL, C#, Scala, Rust, JavaScript, shell
  ...[
    "b",
    "f",
    "r",
    "u",
    "F",
    "Rb",
    "bR",
    "L",
    "u8",
    "U",
    "N",
    "e",
    "x",
    "s",
    "raw",
    "c",
    "String.raw",
  ].map((prefix) => [`${prefix}"`, `" + ${prefix}"`, '"'] as const),
  ["b'", "'\n    b'", "'"],
  ["(f'", "'\n     '", "')"],
  ['b"""', '""" + b"""', '"""'],
  ['@"', '" + @"', '"'],
  ['$"', '" + $"', '"'],
  ['$@"', '" + @"', '"'],
  ["$'", "'$'", "'"],
  ['R"(', ')" R"(', ')"'],
  ['LR"(', ')"\n    LR"(', ')"'],
  ['concat!(r"', '", r"', '")'],
  ['[r#"', '"#, r#"', '"#].concat()'],
  ['[br##"', '"##, br##"', '"##].concat()'],
  ['os.environ.setdefault("DASHSCOPE_API_KEY", "', '" "', '")'],
  ["gql`", "` + `", "`"],
];

/** Values abut in a page: what stands before a key is a letter, a name, or the type `S` or `Y`. */
const sqliteLayouts: readonly (readonly [
  columns: readonly string[],
  row: (key: string) => readonly SqliteValue[],
])[] = [
  [["value"], (key) => [key]],
  [["name", "value"], (key) => ["dashscope_api_key", key]],
  [["value", "name"], (key) => [key, "dashscope_api_key"]],
  [["id", "value", "name", "more"], (key) => [null, key, "dashscope", 7]],
  [["id", "value", "next"], (key) => [1, Buffer.from(key), Buffer.from("and more")]],
];

const carried: readonly Carried[] = [
  ...textForms.map(({ name, encoding, write }) =>
    text(name, encoding, 2, (key) => `# dashscope\nlet key = "${write(key)}"\nother = 1\n`),
  ),
  ...[">-", "|-", ">", "|", ">+", "|+", ">2-", "|-2", ">- # from the console", "&key |-"].map(
    (header) =>
      text(`a YAML block after ${header}`, ["folded"], 3, (key) =>
        [
          "dashscope:",
          `  api_key: ${header}`,
          ...halves(key).map((half) => `    ${half}`),
          "",
        ].join("\n"),
      ),
  ),
  text("a line of its own, folded, below a word", ["folded"], 2, (key) =>
    ["the key for dashscope is", ...halves(key), ""].join("\n"),
  ),
  ...literalPairs.map(([before, between, after]) =>
    text(`two literals, ${before}…${between}…${after}`, ["split"], 2, (key) => {
      return `# dashscope\nk = ${before}${halves(key).join(between)}${after}\n`;
    }),
  ),
  text(
    "base64 of the key",
    ["base64"],
    3,
    (key) => `kind: Secret\ndata:\n  dashscope: ${base64(key)}\n`,
  ),
  text("base64 of a file", ["base64"], 2, (key) => `data:\n  env: ${base64(settings(key))}\n`),
  text(
    "base64 without padding",
    ["base64"],
    1,
    (key) => `dashscope=${Buffer.from(settings(key)).toString("base64url")}\n`,
  ),
  text(
    "base64 of UTF-16",
    ["base64", "utf-16"],
    1,
    (key) =>
      `powershell -EncodedCommand ${Buffer.from(`$env:DASHSCOPE_API_KEY = "${key}"`, "utf16le").toString("base64")}\n`,
  ),
  text(
    "base64 twice",
    ["base64", "base64"],
    1,
    (key) => `dashscope: ${base64(base64(settings(key)))}\n`,
  ),
  text(
    "basic authorisation",
    ["base64"],
    2,
    (key) => `GET / HTTP/1.1\r\nAuthorization: Basic ${base64(`dashscope:${key}`)}\r\n`,
  ),
  text("hex", ["hex"], 1, (key) => `dashscope = "${Buffer.from(settings(key)).toString("hex")}"\n`),
  text(
    "a list of bytes",
    ["byte-list"],
    1,
    (key) => `dashscope = [${[...Buffer.from(settings(key))].join(", ")}]\n`,
  ),
  text(
    "a list of bytes with 0x",
    ["byte-list"],
    1,
    (key) =>
      `dashscope = {${[...Buffer.from(settings(key))].map((byte) => `0x${byte.toString(16).padStart(2, "0")}`).join(", ")}};\n`,
  ),
  {
    name: "UTF-16 of base64",
    encoding: ["utf-16", "base64"],
    line: 2,
    trail: [],
    document: (key) => Buffer.from(`\ufeffdashscope:\r\n  data: ${base64(key)}\r\n`, "utf16le"),
  },
  {
    name: "a zip",
    encoding: ["zip"],
    line: 2,
    trail: ["zip:app/.env"],
    document: (key) => zipOf([{ name: "app/.env", content: settings(key) }]),
  },
  {
    name: "a stored zip",
    encoding: ["zip"],
    line: 2,
    trail: ["zip:app/.env"],
    document: (key) => zipOf([{ name: "app/.env", content: settings(key), method: 0 }]),
  },
  {
    name: "a tar",
    encoding: ["tar"],
    line: 2,
    trail: ["tar:app/.env"],
    document: (key) => tarOf([{ name: "app/.env", content: settings(key) }]),
  },
  ...sqliteLayouts.map(([columns, row]): Carried => ({
    name: `a table of ${columns.join(", ")}`,
    encoding: ["sqlite"],
    line: 2,
    trail: ["sqlite:settings"],
    document: (key) =>
      sqliteOf([
        { name: "other", columns: ["a"], rows: [["dashscope"]] },
        { name: "settings", columns, rows: [row("other"), row(key)] },
      ]),
  })),
  {
    name: "base64 in gzip in a table",
    encoding: ["sqlite", "gzip", "base64"],
    line: 2,
    trail: ["sqlite:cache", "gzip"],
    document: (key) => {
      const body = gzipSync(`# dashscope\n${base64(settings(key))}\n`);
      return sqliteOf([{ name: "cache", columns: ["url", "body"], rows: [["a", body]] }]);
    },
  },
  {
    name: "a tar in gzip",
    encoding: ["gzip", "tar"],
    line: 2,
    trail: ["gzip", "tar:app/.env"],
    document: (key) => gzipSync(tarOf([{ name: "app/.env", content: settings(key) }])),
  },
  {
    name: "base64 in JSON in a zip in a zip",
    encoding: ["zip", "zip", "base64"],
    line: 1,
    trail: ["zip:a.zip", "zip:b.json"],
    document: (key) => {
      const json = JSON.stringify({ dashscope: base64(settings(key)) });
      return zipOf([{ name: "a.zip", content: zipOf([{ name: "b.json", content: json }]) }]);
    },
  },
];

describe.each(mintedKinds)("the engine finds a %s key", (kind) => {
  it.each(carried)("in $name", ({ document, encoding, line, trail }) => {
    const key = mint(kind);
    const { matches, notices } = engine.scan({ kind: "stdin" }, document(key));
    const found = matches.filter(({ secret }) => secret.reveal() === key);
    expect(
      found.map((match) => ({ encoding: match.encoding, line: match.line, trail: match.trail })),
    ).toEqual([{ encoding, line, trail }]);
    expect(found[0]?.kind).toBe(reportedKind[kind]);
    expect(notices).toEqual([]);
  });
});

/** Text among which a changed part becomes a delta of few bytes. */
function longText(seed: string): string {
  return Array.from({ length: 400 }, (_, line) => `${seed} line ${line} of a file\n`).join("");
}

describe("history", () => {
  it("gives up every hidden key, also of objects that became deltas", async () => {
    const repository = freshRepository();
    const expected = new Map<
      string,
      { readonly encoding: readonly string[]; readonly path: string }
    >();
    const documents = new Map<string, Uint8Array>();
    const packed = new Set<string>();
    for (const [nth, form] of carried.entries()) {
      const kind: MintedKind = mintedKinds[nth % mintedKinds.length] ?? "payg-legacy";
      const key = mint(kind);
      const path = `form-${nth}`;
      expected.set(fingerprintOf(key), { encoding: form.encoding, path });
      documents.set(path, form.document(key));
      if (form.trail.length > 0 || form.encoding[0] === "utf-16") packed.add(path);
    }
    const around = (path: string): Uint8Array => Buffer.from(longText(path));
    const write = (content: (path: string) => Uint8Array): Record<string, Uint8Array> =>
      Object.fromEntries([...documents.keys()].map((path) => [path, content(path)]));
    const filler = randomBytes(60_000);
    repository.commit(write((path) => (packed.has(path) ? filler : around(path))));
    repository.commit(
      write((path) => {
        const document = documents.get(path) ?? new Uint8Array(0);
        return packed.has(path) ? document : Buffer.concat([around(path), document, around(path)]);
      }),
    );
    repository.commit(write((path) => Buffer.concat([around(path), Buffer.from("gone\n")])));
    repository.git("gc", "-q", "--aggressive", "--prune=now");
    const { report } = await dashleaksJson(["scan", "--history"], { cwd: repository.path });
    const missing = [...expected].filter(
      ([fingerprint, { encoding, path }]) =>
        !report.keys.some(
          (found) =>
            found.fingerprint === fingerprint &&
            found.encoding.join() === encoding.join() &&
            found.places.some((place) => place.path === path),
        ),
    );
    expect(missing.map(([, { encoding, path }]) => `${path} ${encoding.join()}`)).toEqual([]);
  });

  it("gives up a key in a container that is stored as a delta", async () => {
    const repository = freshRepository();
    const key = mint("token-plan-compact");
    const image = { name: "image.raw", content: randomBytes(50_000) };
    repository.commit({ "a.zip": zipOf([image]) });
    repository.commit({ "a.zip": zipOf([image, { name: "app/.env", content: settings(key) }]) });
    const withKey = repository.git("rev-parse", "HEAD:a.zip");
    // git makes the larger one the base of the others.
    const more = { name: "more.raw", content: randomBytes(5000) };
    repository.commit({ "a.zip": zipOf([image, more]) });
    repository.git("gc", "-q", "--aggressive", "--prune=now");
    const base = repository.gitWithInput(withKey, "cat-file", "--batch-check=%(deltabase)");
    expect(base).not.toMatch(/^0+$/u);
    const { report } = await dashleaksJson(["scan", "--history"], { cwd: repository.path });
    const found = report.keys.filter(({ fingerprint }) => fingerprint === fingerprintOf(key));
    expect(found.map(({ encoding }) => encoding)).toEqual([["zip"]]);
  });
});

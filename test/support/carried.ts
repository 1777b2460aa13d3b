// Documents that carry a key in a hidden form, and what a report must say of it.
// The forms of the key itself are forms.ts, encodings within encodings layers.ts.
import { gzipSync } from "node:zlib";
import { tarOf, zipOf } from "./archives.js";
import { textForms } from "./forms.js";
import { compose, compositions, layers } from "./layers.js";
import { sqliteOf, type SqliteValue } from "./sqlite.js";

export interface Carried {
  readonly name: string;
  readonly encoding: readonly string[];
  /** Line that a report must name. */
  readonly line: number;
  readonly trail: readonly string[];
  readonly document: (key: string) => Uint8Array;
}

export function settings(key: string): string {
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

/** All hidden forms, each in a document around it. */
export const carried: readonly Carried[] = [
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
  ...compositions.map((names): Carried => ({
    name: names.join(" of "),
    encoding: names.map((name) => layers[name].encoding),
    line: names.includes("gzip") ? 1 : 2,
    trail: names.filter((name) => name === "gzip"),
    document: (key) =>
      // In a file of its own, so that what stands before the key is encoded too.
      Buffer.from(`# dashscope\ndata: ${compose(names, `{"key": "${key}"}`)}\n`),
  })),
  {
    name: "UTF-16 of base64",
    encoding: ["utf-16", "base64"],
    line: 2,
    trail: [],
    document: (key) => Buffer.from(`\ufeffdashscope:\r\n  data: ${base64(key)}\r\n`, "utf16le"),
  },
  ...([["\\u002d"], ["percent", "entities"], ["hex"]] as const).map((names): Carried => ({
    name: `UTF-16 of ${names.join(" of ")}`,
    encoding: ["utf-16", ...names.map((name) => layers[name].encoding)],
    line: 2,
    trail: [],
    document: (key) =>
      Buffer.from(`\ufeffdashscope:\r\n  data: ${compose(names, `"${key}"`)}\r\n`, "utf16le"),
  })),
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

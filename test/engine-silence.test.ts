import { createHash, randomBytes, randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createEngine } from "../src/engine/engine.js";
import { loadRuleset } from "../src/ruleset/load.js";
import { mint, mintHexWithoutMarks } from "./support/mint.js";

const engine = createEngine(loadRuleset());
const find = (text: string) => engine.scan({ kind: "stdin" }, Buffer.from(text)).matches;
const uuidHex = () => randomUUID().replaceAll("-", "");
const hex = (count: number) => randomBytes(count).toString("hex").slice(0, count);
const inContext = (value: string) => `# dashscope, aliyun\nDASHSCOPE_API_KEY=${value}\n`;

/** Titles with texts in which nothing may be found. */
const silent: readonly (readonly [string, () => string])[] = [
  ["an x placeholder", () => inContext("sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")],
  ["dots", () => inContext("sk-...")],
  ["asterisks", () => inContext("sk-****")],
  ["many asterisks", () => inContext(`sk-${"*".repeat(32)}`)],
  ["your-api-key-here", () => inContext("sk-your-api-key-here")],
  ["your-dashscope-api-key", () => inContext("sk-your-dashscope-api-key")],
  ["a Chinese placeholder", () => inContext("sk-你的Key")],
  ["sk-test", () => inContext("sk-test")],
  ["sk-sp-xxxxx", () => inContext("sk-sp-xxxxx")],
  ["sk-sp-your-api-key-here", () => inContext("sk-sp-your-api-key-here")],
  ["a long sk-sp- of x", () => inContext(`sk-sp-${"x".repeat(32)}`)],
  ["sk-ws-xxx", () => inContext("sk-ws-xxx")],
  ["a dotted sk-ws- of x", () => inContext(`sk-ws-H.XXXXX.xxxx.${"x".repeat(96)}`)],
  ["a row of digits and letters", () => inContext("sk-1234567890abcdef1234567890abcdef")],
  ["the same row from zero", () => inContext("sk-0123456789abcdef0123456789abcdef")],
  ["a falling row", () => inContext("sk-fedcba98765432104fedcba987654321")],
  ["zeros", () => inContext(`sk-${"0".repeat(32)}`)],
  [
    "zeros with the marks of a UUID",
    () => inContext(["sk-00000000", "000040008000000000000000"].join("")),
  ],
  ["one letter over and over", () => inContext(`sk-${"a".repeat(32)}`)],
  ["deadbeef", () => inContext("sk-deadbeefdeadbeef4eadbeefdeadbeef")],
  ["a short piece over and over", () => inContext("sk-abc4abc4abc4abc4abc4abc4abc4abc4")],
  ["letters and digits in turn", () => inContext("sk-a1b2c3d4e5f647890a1b2c3d4e5f6789")],
  ["doubled characters", () => inContext(["sk-aabbccdd", "eeff4011899aabbccddeeff0"].join(""))],
  [
    "the UUID of many manuals",
    () => inContext(["sk-550e8400", "e29b41d4a716446655440000"].join("")),
  ],
  ["a masked key", () => inContext(`sk-${hex(3)}****${hex(4)}`)],
  ["a masked key with a question mark", () => inContext("sk-ee16697?fe4")],
  ["a key as the console masks it", () => inContext("sk-sp-H.LDHID.5****WreZ…")],
  ["a name that ought to be replaced", () => inContext("YOUR_DASHSCOPE_API_KEY")],
  ["an instruction in angle brackets", () => inContext("<insert_api_key_here>")],
  ["a shell reference", () => inContext("${DASHSCOPE_API_KEY}")],
  ["a batch reference", () => inContext("%DASHSCOPE_API_KEY%")],
  ["a template reference", () => inContext("{{ dashscope_key }}")],
  ["task- and hex", () => inContext(`task-${uuidHex()}`)],
  ["risk- and hex", () => inContext(`risk-${uuidHex()}`)],
  ["disk- and hex", () => inContext(`disk-${uuidHex()}`)],
  ["mask- and hex", () => inContext(`mask-${uuidHex()}`)],
  ["desk- and hex", () => inContext(`desk-${uuidHex()}`)],
  ["task- and a UUID", () => inContext(`task-${randomUUID()}`)],
  ["sk- and a UUID with hyphens", () => inContext(`sk-${randomUUID()}`)],
  ["a name that ends in -sk-", () => inContext(`my-sk-${uuidHex()}`)],
  ["a name that ends in _sk-", () => inContext(`my_sk-${uuidHex()}`)],
  [
    "CSS spinners",
    () => ".sk-cube, .sk-circle, .sk-spinner, .sk-three-bounce, .sk-folding-cube {}",
  ],
  ["a locale", () => inContext("sk-SK")],
  ["a ticket", () => inContext("TSK-WS-011")],
  ["an order", () => inContext("SK-100234")],
  [
    "an MD5 after sk- without context",
    () =>
      `key: sk-${createHash("md5")
        .update(randomBytes(9))
        .digest("hex")
        .replace(/^(.{12})4/u, "$17")}`,
  ],
  ["hex without marks and context", () => `token = "sk-${mintHexWithoutMarks()}"`],
  ["an upper-case body", () => inContext(`sk-${uuidHex().toUpperCase()}`.replace(/[A-F]/u, "F"))],
  ["31 digits", () => inContext(`sk-${uuidHex().slice(1)}`)],
  ["33 digits", () => inContext(`sk-${uuidHex()}0`)],
  ["a letter right behind", () => inContext(`sk-${uuidHex()}_suffix`)],
  [
    "a lock file",
    () => `"integrity": "sha512-${randomBytes(64).toString("base64")}", // dashscope`,
  ],
  [
    "a JWT",
    () => inContext([36, 90, 32].map((size) => randomBytes(size).toString("base64url")).join(".")),
  ],
  ["a base64 blob", () => inContext(randomBytes(2000).toString("base64"))],
  ["a workspace id", () => inContext(`ws-${hex(16)} llm-${hex(16)}`)],
  ["an API key id", () => inContext("ak-123456")],
  ["an app id", () => inContext(uuidHex())],
  ["a request id", () => inContext(randomUUID())],
  ["a file id", () => inContext(`file-fe-${uuidHex()}`)],
  ["a temporary key", () => inContext(`st-${uuidHex()}`)],
  ["a host name behind sk-ws-", () => inContext("sk-ws-app.internal.example.com")],
  ["a partial legacy key without context", () => `a = sk-${uuidHex().slice(0, 20)}...`],
  ["a partial legacy key that is too short", () => inContext(`sk-${uuidHex().slice(0, 12)}...`)],
  ["a compact key cut before its signature", () => inContext(mint("payg-compact").slice(0, 16))],
];

describe("what is no key", () => {
  it("is at least fifty things", () => {
    expect(silent.length).toBeGreaterThanOrEqual(50);
  });

  it.each(silent)("is not found: %s", (_, text) => {
    expect(find(text()).map(({ rule, confidence }) => `${rule} ${confidence}`)).toEqual([]);
  });
});

/** Keys of other providers: named, and never able to fail a run. */
const lookAlikes: readonly (readonly [string, () => string, string])[] = [
  ["windsurf", () => `sk-ws-01-${randomBytes(72).toString("base64url")}`, ""],
  ["openai", () => `sk-proj-${randomBytes(90).toString("base64url")}`, ""],
  ["openai", () => `sk-${hex(20)}T3BlbkFJ${hex(20)}`, ""],
  ["openai", () => `sk-proj-${randomBytes(90).toString("base64url")}`, "# deepseek\n"],
  ["anthropic", () => `sk-ant-api03-${randomBytes(69).toString("base64url")}`, ""],
  ["openrouter", () => `sk-or-v1-${hex(64)}`, ""],
  ["minimax", () => `sk-cp-${randomBytes(66).toString("base64url")}`, ""],
  ["langfuse", () => `sk-lf-${randomUUID()}`, ""],
  ["gateway", () => `sk-${hex(48)}`, ""],
  ["moonshot", () => `sk-${hex(48)}`, "moonshot "],
  ["deepseek", () => mint("payg-legacy"), "DEEPSEEK_API_KEY="],
  ["deepseek", () => mint("payg-legacy"), "base_url = https://api.deepseek.com\nkey="],
  ["open-webui", () => mint("payg-legacy"), "# Open-WebUI\nkey="],
];

describe("a look-alike", () => {
  it.each(lookAlikes)("of %s is named and cannot fail a run", (name, key, before) => {
    expect(find(`${before}${key()}\n`)).toMatchObject([
      { provider: "other", providerName: name, confidence: "possible" },
    ]);
  });
});

describe("a part of a key", () => {
  it.each([
    ["a compact key cut in its signature", () => `k=${mint("payg-compact").slice(0, 70)}`],
    ["a compact key that lost its last character", () => `k=${mint("payg-compact").slice(0, -1)}`],
    ["a compact key with dots behind", () => `k=${mint("token-plan-compact").slice(0, 60)}...`],
    ["a version 2 key cut in its signature", () => `k=${mint("payg-v2").slice(0, 180)}`],
    ["a version 2 key cut before it", () => `k=${mint("token-plan-v2").slice(0, 60)}…`],
    ["a legacy key in context, cut", () => inContext(`${mint("payg-legacy").slice(0, 23)}...`)],
    [
      "a legacy key in context, masked",
      () => inContext(`${mint("payg-legacy").slice(0, 27)}********`),
    ],
  ])("is a weaker finding of its own: %s", (_, text) => {
    expect(find(text())).toMatchObject([{ kind: "partial", confidence: "possible" }]);
  });

  it("of an unknown dotted form is told as unknown", () => {
    expect(find(`k=sk-ws-djX.A1b${randomBytes(60).toString("base64url")}`)).toMatchObject([
      { kind: "unknown", confidence: "possible", provider: "dashscope" },
    ]);
  });
});

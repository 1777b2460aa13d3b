import { describe, expect, it } from "vitest";
import { createEngine } from "../src/engine/engine.js";
import { loadRuleset } from "../src/ruleset/load.js";
import { mint, mintHexWithoutMarks } from "./support/mint.js";

const engine = createEngine(loadRuleset());
const host = "https://dashscope.aliyuncs.com/compatible-mode/v1";

/** Who each key in a text is taken for: provider, or the other provider's name. */
function owners(text: string): string[] {
  return engine
    .scan({ kind: "stdin" }, Buffer.from(text))
    .matches.map(({ provider, providerName }) => providerName ?? provider);
}

const key = () => mint("payg-legacy");
const filler = (lines: number) => "some = line\n".repeat(lines);

/** Texts with several keys, and whose each one is. */
const cases: readonly (readonly [string, () => string, readonly string[]])[] = [
  [
    "two names on neighbouring lines",
    () => `DEEPSEEK_API_KEY=${key()}\nDASHSCOPE_API_KEY=${key()}\nDEEPSEEK_KEY=${key()}\n`,
    ["deepseek", "dashscope", "deepseek"],
  ],
  [
    "blocks of YAML",
    () =>
      `providers:\n  deepseek:\n    api_key: ${key()}\n  dashscope:\n    api_key: ${key()}\n  other:\n    url: x\n`,
    ["deepseek", "dashscope"],
  ],
  [
    "objects of one-line JSON",
    () =>
      `[{"api_key":"${key()}","base_url":"https://api.deepseek.com"},{"api_key":"${key()}","base_url":"${host}"}]`,
    ["deepseek", "dashscope"],
  ],
  [
    "objects of pretty JSON, by their labels",
    () =>
      `{\n  "dashscope": {\n    "api_key": "${key()}"\n  },\n  "deepseek": {\n    "api_key": "${key()}"\n  }\n}\n`,
    ["dashscope", "deepseek"],
  ],
  [
    "sections of an INI file",
    () => `[dashscope]\nkey = ${key()}\n\n[deepseek]\nkey = ${key()}\n`,
    ["dashscope", "deepseek"],
  ],
  [
    "comments as headings",
    () => `# DeepSeek\nKEY1=${key()}\n# DashScope\nKEY2=${key()}\n`,
    ["deepseek", "dashscope"],
  ],
  [
    "calls with their own base URLs",
    () =>
      `a = OpenAI(api_key="${key()}",\n  base_url="${host}")\nb = OpenAI(api_key="${key()}",\n  base_url="https://api.deepseek.com")\n`,
    ["dashscope", "deepseek"],
  ],
  [
    "a DeepSeek model behind a DashScope host",
    () => `c = OpenAI(model="deepseek-r1", api_key="${key()}", base_url="${host}")\n`,
    ["dashscope"],
  ],
  [
    "the name against the file",
    () => `# all about dashscope and qwen\nDEEPSEEK_API_KEY=${key()}\n`,
    ["deepseek"],
  ],
  ["a word ten lines up", () => `# bailian\n${filler(8)}x=${key()}\n`, ["dashscope"]],
  ["a word far up in the file", () => `# bailian\n${filler(3000)}\nx=${key()}\n`, ["dashscope"]],
  [
    "a neutral name with a host far up in the file",
    () => `BASE=${host}\n${filler(3000)}\nOPENAI_API_KEY=${key()}\n`,
    ["dashscope"],
  ],
  [
    "a neutral name with only a word far up in the file",
    () => `# bailian\n${filler(3000)}\nOPENAI_API_KEY=${key()}\n`,
    ["ambiguous"],
  ],
  ["OpenAI's own host", () => `k = OpenAI("${key()}", "https://api.openai.com/v1")\n`, ["openai"]],
  ["nothing", () => `x=${key()}\n`, ["ambiguous"]],
];

describe("whose key it is", () => {
  it.each(cases)("is told by %s", (_, text, expected) => {
    expect(owners(text())).toEqual(expected);
  });

  it("is known from the prefix of all newer kinds, whatever stands around them", () => {
    for (const kind of ["coding-plan", "payg-compact", "token-plan-v2"] as const) {
      expect(owners(`DEEPSEEK_API_KEY=${mint(kind)}`)).toEqual(["dashscope"]);
    }
  });

  it("is read around base64, where the name stands outside", () => {
    const secret = Buffer.from(key()).toString("base64");
    expect(owners(`data:\n  DASHSCOPE_API_KEY: ${secret}\n`)).toEqual(["dashscope"]);
    expect(owners(`data:\n  DEEPSEEK_API_KEY: ${secret}\n`)).toEqual(["deepseek"]);
  });
});

describe("hex without the marks of a UUID", () => {
  const confidencesOf = (text: string) =>
    engine.scan({ kind: "stdin" }, Buffer.from(text)).matches.map(({ confidence }) => confidence);
  const unmarked = () => `sk-${mintHexWithoutMarks()}`;

  it("is likely a key beside words for DashScope", () => {
    expect(confidencesOf(`DASHSCOPE_API_KEY=${unmarked()}`)).toEqual(["likely"]);
    expect(confidencesOf(`# qwen\n\n\n\nx=${unmarked()}`)).toEqual(["likely"]);
  });

  it("is none with such a word only far away, or beside another provider's", () => {
    expect(confidencesOf(`# qwen\n${filler(3000)}\nx=${unmarked()}`)).toEqual([]);
    expect(confidencesOf(`DEEPSEEK_API_KEY=${unmarked()}`)).toEqual([]);
  });
});

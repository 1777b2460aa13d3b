import { describe, expect, it } from "vitest";
import { createEngine } from "../src/engine/engine.js";
import type { Match } from "../src/model/match.js";
import { loadRuleset } from "../src/ruleset/load.js";
import { mint } from "./support/mint.js";

const ruleset = loadRuleset();
const engine = createEngine(ruleset);
const key = () => mint("payg-legacy");
const find = (text: string | Uint8Array, by = engine): readonly Match[] =>
  by.scan({ kind: "stdin" }, Buffer.from(text)).matches;

function only(text: string | Uint8Array, by = engine): Match {
  const [match, ...others] = find(text, by);
  if (match === undefined || others.length > 0) throw new Error(`${others.length} others found`);
  return match;
}

describe("hosts near a key", () => {
  it("are told nearest first, only those of the vendor", () => {
    const text = [
      "far = https://dashscope-us.aliyuncs.com/compatible-mode/v1",
      "x = https://example.com https://dashscope.aliyuncs.com.evil.example",
      "y = https://notdashscope.aliyuncs.com",
      `near = https://dashscope-intl.aliyuncs.com/api/v1?k=${key()}`,
      "z = https://cn-hongkong.dashscope.aliyuncs.com and MAAS.QWENCLOUDAPI.COM",
    ].join("\n");
    expect(only(text).hints.hosts).toEqual([
      "dashscope-intl.aliyuncs.com",
      "cn-hongkong.dashscope.aliyuncs.com",
      "maas.qwencloudapi.com",
      "dashscope-us.aliyuncs.com",
    ]);
  });

  it("give the workspace and its region, plans are no workspaces", () => {
    const text = `https://ws-1a2b3c4d5e6f.eu-central-1.maas.aliyuncs.com/v1 ${key()}
      https://token-plan.cn-beijing.maas.aliyuncs.com/compatible-mode/v1`;
    expect(only(text).hints.workspaces).toEqual([
      { id: "ws-1a2b3c4d5e6f", region: "eu-central-1" },
    ]);
  });

  it("are joined by workspace ids that stand alone", () => {
    const text = `workspace: llm-us9hjmt32nysdm5v\nkey: ${key()}\nmodel: llm-provider\n`;
    expect(only(text).hints.workspaces).toEqual([{ id: "llm-us9hjmt32nysdm5v", region: null }]);
  });

  it("are read around base64 too", () => {
    const text = `url: https://dashscope-us.aliyuncs.com\nKEY: ${Buffer.from(key()).toString("base64")}`;
    expect(only(text).hints).toMatchObject({
      hosts: ["dashscope-us.aliyuncs.com"],
      variable: "KEY",
    });
  });
});

describe("a key in the place of a name", () => {
  it.each([
    'os.getenv("KEY")',
    "os.environ['KEY']",
    'os.environ.get("KEY")',
    'System.getenv("KEY")',
    'process.env["KEY"]',
    'os.Getenv("KEY")',
    'env::var("KEY")',
    'Environment.GetEnvironmentVariable("KEY")',
    "echo ${KEY}",
    "echo $KEY",
  ])("is noticed: %s", (text) => {
    expect(only(text.replace("KEY", key())).hints).toMatchObject({
      usedAsName: true,
      variable: null,
    });
  });

  it("is not confused with a default value", () => {
    expect(only(`os.getenv("K", "${key()}")`).hints).toMatchObject({
      usedAsName: false,
      variable: "K",
    });
  });
});

describe("a comment that allows a key", () => {
  it.each([
    ["K={} # dashleaks:allow revoked in May", "revoked in May"],
    ["K={} # dashleaks:allow: 已作废", "已作废"],
    ["<k>{}</k> <!-- dashleaks:allow sample of the course -->", "sample of the course"],
    ["/* dashleaks:allow old */ k = '{}'", "old"],
    ["# dashleaks:allow dead since 2025\nK={}", "dead since 2025"],
    ["  // dashleaks:allow (dead)\r\n  k = '{}'", "dead"],
  ])("works as in %j, with its reason", (text, reason) => {
    expect(only(text.replace("{}", key())).allowed).toEqual({ by: "dashleaks:allow", reason });
  });

  it.each([
    // Without a reason, which is told.
    ["K={} # dashleaks:allow", true],
    ["K={} # dashleaks:allow:", true],
    ["<k>{}</k> <!-- dashleaks:allow -->", true],
    ['{"k": "{}", "comment": "dashleaks:allow"}', true],
    ["# dashleaks:allow --\nK={}", true],
    // A part of another word.
    ["K={} # see xdashleaks:allow it says", false],
    ["K={} # see xdashleaks:allowed-list", false],
    ["K={} # dashleaks:allowed in docs", false],
    ["K={} # dashleaks:allow-list is there", false],
    ["K={} # no-dashleaks:allow here", false],
    ["K={} # my_dashleaks:allow here", false],
  ])("allows nothing without a reason or within a word: %j", (text, isWord) => {
    const { allowed, allowedWithoutReason } = only(text.replace("{}", key()));
    expect([allowed, allowedWithoutReason]).toEqual([null, isWord]);
  });

  it.each([
    "K={} --dashleaks:allow demo",
    "K={} #dashleaks:allow demo",
    "K={};dashleaks:allow(demo)",
  ])("needs no blank before it: %j", (text) => {
    expect(only(text.replace("{}", key())).allowed?.reason).toBe("demo");
  });

  it("counts where one of several gives a reason", () => {
    const text = `# dashleaks:allow demo\nK=${key()} # dashleaks:allow`;
    expect(only(text).allowed).toEqual({ by: "dashleaks:allow", reason: "demo" });
  });

  it("must stand on the line, or alone on the line before", () => {
    const [first, second, third] = find(
      `A=${key()} # dashleaks:allow a\nB=${key()}\n# dashleaks:allow c\n\nC=${key()}\n`,
    );
    expect(first?.allowed).not.toBeNull();
    expect(second?.allowed).toBeNull();
    expect(third?.allowed).toBeNull();
  });

  it("may use other words only where the user says so", () => {
    const text = `K=${key()} # gitleaks:allow test`;
    expect(only(text).allowed).toBeNull();
    const lenient = createEngine(ruleset, { allowWords: ["gitleaks:allow"] });
    expect(only(text, lenient).allowed).toEqual({ by: "gitleaks:allow", reason: "test" });
    const bare = `K=${key()} # dashleaks:allow gitleaks:allow`;
    expect(only(bare, lenient).allowed?.by).toBe("dashleaks:allow");
    const unreasoned = `K=${key()} # gitleaks:allow`;
    expect(only(unreasoned, lenient).allowed).toEqual({ by: "gitleaks:allow", reason: null });
    expect(only(`K=${key()} # xgitleaks:allow`, lenient).allowed).toBeNull();
  });

  it("never gives another key away in its reason", () => {
    const other = key();
    const [match] = find(`K=${key()} # dashleaks:allow not ${other}`);
    expect(match?.allowed?.reason).toBe("not sk-****");
  });

  it("holds for what is decoded from its line", () => {
    const text = `K: ${Buffer.from(key()).toString("base64")} # dashleaks:allow demo`;
    expect(only(text).allowed).toEqual({ by: "dashleaks:allow", reason: "demo" });
  });

  it("far along in a minified line allows only what is near", () => {
    const [near, far] = find(
      `a="${key()}";/*dashleaks:allow demo*/${"b();".repeat(500)}c="${key()}";`,
    );
    expect(near?.allowed).not.toBeNull();
    expect(far?.allowed).toBeNull();
  });
});

describe("line and column", () => {
  it.each([
    ["LF", "a\nb\n", 3, 1],
    ["CRLF", "a\r\nb\r\n  ", 3, 3],
    ["lone CR", "a\rb\r ", 3, 2],
    ["all three", "a\rb\r\nc\n\n\r", 6, 1],
    ["Chinese before it", "密钥是", 1, 4],
    ["characters beyond the basic plane", "🔑🔑 ", 1, 4],
    ["a byte order mark", "\uFEFF", 1, 1],
  ])("are right with %s", (_, before, line, column) => {
    const match = only(`${before}${key()}`);
    expect(match).toMatchObject({ line, column, offset: Buffer.byteLength(before) });
  });

  it("count bytes that are not UTF-8 as one column each", () => {
    const before = Buffer.from([0xb0, 0xd9, 0xff, 0x20]);
    expect(only(Buffer.concat([before, Buffer.from(key())]))).toMatchObject({ line: 1, column: 5 });
  });

  it("are those of the text in UTF-16", () => {
    const text = `\uFEFF一行\r\n密 ${key()}`;
    for (const bytes of [Buffer.from(text, "utf16le"), Buffer.from(text, "utf16le").swap16()]) {
      expect(only(bytes)).toMatchObject({ line: 2, column: 3, encoding: ["utf-16"] });
    }
  });
});

describe("a key that several readings show", () => {
  it("is told once, as it stands in the file", () => {
    const text = JSON.stringify({ dashscope: `https://x/?a=%20${key()}%20` });
    expect(only(text).encoding).toEqual([]);
  });

  it("is told at each place where it stands", () => {
    const same = key();
    expect(find(`${same}\n${same} ${Buffer.from(same).toString("base64")}`)).toMatchObject([
      { line: 1, encoding: [] },
      { line: 2, encoding: [] },
      { line: 2, encoding: ["base64"] },
    ]);
  });

  it("is told whole where a part of it shows plainly", () => {
    const whole = mint("payg-compact");
    const wrapped = `${whole.slice(0, 76)}\n${whole.slice(76)}`;
    expect(find(`key: ${wrapped}\n`).map(({ secret }) => secret.reveal())).toEqual([whole]);
  });
});

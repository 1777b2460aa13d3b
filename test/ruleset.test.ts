import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createEngine } from "../src/engine/engine.js";
import { UserError } from "../src/model/errors.js";
import { maxWitnessBytes, type Witness } from "../src/model/witness.js";
import { checkRules } from "../src/ruleset/check.js";
import { listRules } from "../src/ruleset/list.js";
import { loadRuleset } from "../src/ruleset/load.js";
import { mintKey } from "../src/ruleset/mint.js";
import { witnessesOf } from "../src/ruleset/witnesses.js";
import { mint, mintedKinds } from "./support/mint.js";
import { writings } from "./support/writings.js";

const ruleset = loadRuleset();
const path = ".dashleaks.toml";
const withUserRules = (text: string) => loadRuleset({ userFiles: [{ path, text }] });

const ours = `# the team's own
[scan]
exclude = ["vendor/**"]

[[rule]]
id = "gateway-token"
shape = 'acme_[a-z0-9]{20}'
examples = [{ recipe = "t = {{key}}", confidence = "likely", provider = "dashscope" }]
counter_examples = ["t = acme_{{hex 5}}"]
`;

describe("the built-in rules", () => {
  it("find what their examples say and nothing in their counter-examples", () => {
    const check = checkRules(ruleset);
    expect(check.problems).toEqual([]);
    expect(check.rules).toBe(ruleset.rules.length);
  });

  it("each have a reference, an example and a counter-example", () => {
    for (const rule of ruleset.rules) {
      expect(rule.references.length).toBeGreaterThan(0);
      expect(rule.examples.length).toBeGreaterThan(0);
      expect(rule.counterExamples.length).toBeGreaterThan(0);
    }
  });

  it("have a page for each family", () => {
    const files = readdirSync(join(import.meta.dirname, "../rules"));
    const families = new Set(ruleset.rules.map(({ family }) => `${family}.md`));
    expect([...families, "context.md"].filter((page) => !files.includes(page))).toEqual([]);
  });

  it("are listed with what they are", () => {
    expect(listRules(ruleset)).toContainEqual(
      expect.objectContaining({
        id: "dashscope-payg-legacy",
        kind: "payg-legacy",
        proof: "uuid-v4-marks",
      }),
    );
  });
});

describe("checking rules", () => {
  it("tells an example that is not found, without a key", () => {
    const check = checkRules(withUserRules(ours.replace("t = {{key}}", "t = {{key}}0")));
    expect(check.problems).toEqual([
      { rule: "gateway-token", recipe: "t = {{key}}0", problem: "not found" },
    ]);
  });

  it("tells a counter-example that is found, and a recipe it cannot read", () => {
    const found = withUserRules(ours.replace("acme_{{hex 5}}", "acme_{{hex 20}}"));
    expect(checkRules(found).problems).toMatchObject([{ problem: "found, but must not be" }]);
    const unread = withUserRules(ours.replace("{{hex 5}}", "{{oct 5}}"));
    expect(checkRules(unread).problems).toMatchObject([
      { problem: "`{{oct 5}}` is not understood" },
    ]);
  });
});

describe("a user's rule", () => {
  it("is found by the engine, beside the built-in ones", () => {
    const extended = withUserRules(ours);
    const [rule] = extended.rules.slice(-1);
    const key = rule === undefined ? "" : mintKey(rule);
    const legacy = mint("coding-plan");
    const { matches } = createEngine(extended).scan(
      { kind: "stdin" },
      Buffer.from(`a=${key}\nb=${legacy}`),
    );
    expect(matches.map((match) => [match.rule, match.secret.reveal(), match.line])).toEqual([
      ["gateway-token", key, 1],
      ["dashscope-coding-plan", legacy, 2],
    ]);
  });

  it("changes the ruleset's hash, other tables of its file do not", () => {
    const empty = withUserRules("[scan]\nignored = true\n").hash;
    expect(withUserRules("[scan]\nignored = false\n").hash).toBe(empty);
    expect(withUserRules(ours).hash).not.toBe(empty);
    expect(withUserRules(ours).hash).toBe(withUserRules(`# more\n${ours}`).hash);
  });

  it.each([
    ["an unknown field", 'colour = "red"', 8, "unknown field `colour`"],
    ["a field of the wrong type", "title = 3", 8, "`title` has to be a text"],
    ["an unknown kind", 'kind = "password"', 8, "`kind` has to be one of"],
    ["an unknown proof", 'proof = "sha1"', 8, "`proof` has to be one of"],
    ["a broken boundary", "not_before = 'z-a'", 8, "runs backwards"],
    ["an unknown worth", 'worth = { proven = "likely" }', 8, "unknown field `proven`"],
  ])("with %s is refused by file and line", (_, line, at, reason) => {
    const text = ours.replace("examples =", `${line}\nexamples =`);
    expect(() => withUserRules(text)).toThrow(UserError);
    expect(() => withUserRules(text)).toThrow(`${path}:${at}: `);
    expect(() => withUserRules(text)).toThrow(reason);
  });

  it.each([
    ["an unbounded repeat", "acme_[a-z]+", "no upper bound"],
    ["a prefix of two letters", "ac[a-z]{9}", "at least 3 literal"],
    ["no literal prefix", "[a-z]{9}", "at least 3 literal"],
    ["alternatives without a common prefix", "abcd|efgh", "at least 3 literal"],
    ["a window without bounds", "acme_([a-z]{900}){2}", "more than 1024"],
  ])("with %s is refused by file and line", (_, shape, reason) => {
    const text = ours.replace("acme_[a-z0-9]{20}", shape);
    expect(() => withUserRules(text)).toThrow(`${path}:7: `);
    expect(() => withUserRules(text)).toThrow(reason);
  });

  it("with a taken or a missing id, or in a broken file, is refused by file and line", () => {
    const taken = ours.replace("gateway-token", "dashscope-payg-legacy");
    expect(() => withUserRules(taken)).toThrow(`${path}:6: the rule id`);
    expect(() => withUserRules('[[rule]]\nshape = "abcd"')).toThrow(`${path}:1: \`id\``);
    expect(() => withUserRules("[[rule]\n")).toThrow(new RegExp(`${path}:1: `, "u"));
  });

  it.each([
    ["acme[a]{0,1000}b", "acme".repeat(25_000)],
    ["aaa[a]{0,500}b", "a".repeat(100_000)],
    ["aaa(a?){40}b", "a".repeat(100_000)],
    ["aaa((a|aa)?){8}b", "a".repeat(100_000)],
    ["aaa(a{0,20}){20}b", "a".repeat(100_000)],
  ])("whose pattern is hostile (%s) does not hang a scan", (shape, text) => {
    const rule = `not_before = ''\nshape = '${shape}'`;
    const hostile = withUserRules(ours.replace(/^shape =.*$/mu, rule));
    const engine = createEngine(hostile, { decode: false });
    const start = performance.now();
    engine.scan({ kind: "stdin" }, Buffer.from(text));
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

function occurs(witnesses: readonly Witness[], bytes: Uint8Array): boolean {
  return witnesses.some((witness) => {
    for (let at = 0; at + witness.length <= bytes.length; at++) {
      if (witness.every((byteClass, index) => byteClass.has(bytes[at + index] ?? 0))) return true;
    }
    return false;
  });
}

describe("the witnesses", () => {
  const plain = witnessesOf(ruleset, { decode: false });
  const { witnesses } = plain;

  it("are short, and free of the byte that the history reader uses", () => {
    for (const witness of [...witnesses, ...witnessesOf(ruleset).witnesses]) {
      expect(witness.length).toBeGreaterThan(0);
      expect(witness.length).toBeLessThanOrEqual(maxWitnessBytes);
      expect(witness.some((byteClass) => byteClass.has(0xff))).toBe(false);
    }
  });

  it("exist for every built-in rule", () => {
    expect(plain.rulesWithout).toEqual([]);
  });

  it("occur in every key that is drawn from a rule, in both orders of UTF-16 too", () => {
    for (const rule of ruleset.rules) {
      for (let run = 0; run < 20; run++) {
        const key = Buffer.from(mintKey(rule));
        const wide = Buffer.from(key.toString("latin1"), "utf16le");
        expect(occurs(witnesses, key)).toBe(true);
        expect(occurs(witnesses, wide)).toBe(true);
        expect(occurs(witnesses, wide.swap16())).toBe(true);
      }
    }
  });

  it("occur in every way of writing every kind of key", () => {
    for (const kind of mintedKinds) {
      for (const { title, write } of writings) {
        expect({ title, found: occurs(witnesses, Buffer.from(write(mint(kind)))) }).toEqual({
          title,
          found: true,
        });
      }
    }
  });

  it("do not occur in text without keys", () => {
    const text =
      "The task-force risk-free disk-drive mask-r CNN. sk-SK sk-cube sk-your-key sk-test";
    expect(occurs(witnesses, Buffer.from(text))).toBe(false);
  });

  it("of a user's rule are among them", () => {
    const extended = witnessesOf(withUserRules(ours), { decode: false });
    expect(occurs(extended.witnesses, Buffer.from("acme_0000000"))).toBe(true);
    expect(occurs(witnesses, Buffer.from("acme_0000000"))).toBe(false);
  });

  it("of a shape with very many alternatives are its literal prefix", () => {
    const letters = "abcdefghijklmnopqrstuvwxyz";
    const options = `${letters}${letters.toUpperCase()}0123456789_!@`.split("").join("|");
    const various = withUserRules(ours.replace("[a-z0-9]{20}", `(${options})`));
    expect(occurs(witnessesOf(various, { decode: false }).witnesses, Buffer.from("acme_"))).toBe(
      true,
    );
  });

  it("end before a class that holds the history reader's byte", () => {
    const raw = withUserRules(ours.replace("acme_[a-z0-9]{20}", "acme[\\xff]{3}"));
    expect(raw.rules.at(-1)?.witnesses.map((witness) => witness.length)).toEqual([4]);
  });

  it("are said to be missing where a rule has none", () => {
    const [first] = ruleset.rules;
    if (first === undefined) throw new Error("no rules");
    const rules = [{ ...first, id: "blind", witnesses: [] }];
    expect(witnessesOf({ ...ruleset, rules }).rulesWithout).toEqual(["blind"]);
  });
});

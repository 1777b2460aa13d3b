// No format shows a key, wherever a repository's authors wrote it.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Secret } from "../../src/model/index.js";
import { formats, plainOptions, render } from "../../src/report/index.js";
import { redactorFor } from "../../src/report/redact.js";
import { mint, mintedKinds } from "../support/mint.js";
import { event, finding, place, report, resetAdvice } from "./sample.js";

const options = { ...plainOptions, startedAt: new Date(0), finishedAt: new Date(1000) };

function longestShared(text: string, key: string): number {
  const body = key.replace(/^sk-(?:ws-|sp-)?/u, "");
  for (let length = body.length; length > 0; length -= 1) {
    for (let at = 0; at + length <= body.length; at += 1) {
      if (text.includes(body.slice(at, at + length))) return length;
    }
  }
  return 0;
}

describe.each(formats.map(({ name }) => name))("the %s format", (format) => {
  it("holds no 8 consecutive characters of a key, even when everything around it quotes the key", () => {
    for (const minted of mintedKinds) {
      const key = mint(minted);
      const everywhere = report(
        [
          finding({
            key,
            minted,
            advice: {
              ...resetAdvice,
              summary: `reset ${key}`,
              steps: [{ text: key, command: `git rm '${key}'` }],
              consumers: [{ path: key, line: 1, variable: key, what: key }],
            },
            hints: { hosts: [key], workspaces: [], variable: key, usedAsName: true },
            suppressed: null,
            timeline: [event({ author: key, path: key, ref: key, repository: key, evidence: key })],
            places: [
              place({
                path: `a/${key}/${key.slice(6)}.env`,
                author: `${key} <${key}@example.com>`,
                refs: [`refs/heads/${key}`],
                repository: key,
                worktree: key,
                trail: [`zip:${key}`],
                removed: { commit: "0".repeat(40), date: null, author: key },
              }),
              place({ kind: "ref-name", refs: [`refs/heads/${key}`] }),
            ],
          }),
          finding({ suppressed: { by: "inline", reason: `it is ${key}` } }),
        ],
        {
          repository: key,
          repositories: [key],
          notices: [
            {
              kind: "notice",
              code: "unreadable-file",
              message: key,
              subject: key,
              incomplete: true,
            },
          ],
        },
      );
      const output = render(everywhere, format, options);
      expect(longestShared(output, key)).toBeLessThan(8);
      expect(output.length).toBeGreaterThan(0);
    }
  });
});

describe("clearing text of keys", () => {
  it("leaves text without keys as it is", () => {
    const redact = redactorFor([new Secret(mint("payg-v2"))]);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(redact(text)).toBe(text);
      }),
    );
  });

  it("leaves no stretch of a key, however it is cut out and glued to other text", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...mintedKinds),
        fc.nat(120),
        fc.nat(120),
        fc.string(),
        (minted, from, length, around) => {
          const key = mint(minted);
          const redact = redactorFor([new Secret(key)]);
          const output = redact(around + key.slice(from, from + length) + around + key);
          expect(longestShared(output, key)).toBeLessThan(8);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each(["base64", "base64url", "hex"] as const)(
    "leaves no stretch of a key in %s",
    (encoding) => {
      for (const minted of mintedKinds) {
        const key = mint(minted);
        const redact = redactorFor([new Secret(key)]);
        for (const before of ["", "a", "ab", "DASHSCOPE_API_KEY="]) {
          const whole = Buffer.from(`${before}${key} and more`).toString(encoding);
          const shown = redact(`backup/${whole}.txt`);
          const [left = "", ...others] = shown
            .slice("backup/".length, -".txt".length)
            .split("****");
          // What is left begins with what stood before the key, and ends with what stood behind.
          expect(others.length).toBeGreaterThan(0);
          const decoded = Buffer.from(left, encoding).toString("latin1");
          expect(longestShared(decoded, key)).toBeLessThanOrEqual(6);
          expect(others.slice(0, -1).join("").length).toBeLessThan(8);
          expect((others.at(-1) ?? "").length).toBeLessThanOrEqual(" and more".length * 2 + 8);
        }
      }
    },
  );

  it("keeps what stands around a key readable", () => {
    const secret = new Secret(mint("payg-legacy"));
    const redact = redactorFor([secret]);
    expect(redact(`notes/${secret.reveal()}.txt`)).toBe(`notes/${secret.masked}.txt`);
  });
});

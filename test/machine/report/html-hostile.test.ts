/// <reference lib="dom" />
// What a hostile repository cannot do to the page.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../../src/model/index.js";
import { event, finding, place, report, resetAdvice } from "../../report/sample.js";
import { launchBrowser, openPage, pageOf } from "./browser.js";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe("hostile names", () => {
  const attacks = [
    `"><script>window.owned=1</script><img src="http://127.0.0.1:9/x" onerror="window.owned=1">`,
    `'onmouseover='window.owned=1' x='`,
    "</style></script></title></svg><script>window.owned=1</script>",
    "${window.owned=1}`window.owned=1`",
    "javascript:window.owned=1",
    "\u202egnp.exe\u2066\u0007\u001b[31m\u0000",
    "שלום/مرحبا/配置.env",
    `${"a".repeat(4000)}.env`,
  ];

  function hostileReport(): Report {
    return report(
      attacks.map((attack) =>
        finding({
          provider: "ambiguous",
          rule: attack,
          places: [
            place({
              path: attack,
              author: `${attack} <x@example.com>`,
              refs: [attack],
              repository: attack,
              worktree: attack,
              trail: [attack],
              encoding: [attack],
            }),
          ],
          hints: { hosts: [attack], workspaces: [], variable: attack, usedAsName: false },
          liveness: {
            status: "unknown",
            evidence: [
              { host: attack, region: attack, status: 200, code: attack, meaning: attack },
            ],
          },
          timeline: [event({ path: attack, ref: attack, evidence: attack })],
          advice: {
            ...resetAdvice,
            summary: attack,
            steps: [{ text: attack, command: attack, url: attack }],
            consolePages: [{ title: attack, url: attack }],
            facts: [attack],
            consumers: [{ path: attack, line: 1, variable: attack, what: attack }],
          },
        }),
      ),
      {
        repository: attacks.join(""),
        tool: { name: "dashleaks", version: "1<b>", ruleset: attacks[0] ?? "" },
        coverage: {
          files: 1,
          objects: 1,
          bytes: 1,
          refs: 1,
          skipped: attacks.map((what) => ({ what, reason: what, count: 1 })),
        },
        notices: attacks.map((message) => ({
          kind: "notice",
          code: "unreadable-file",
          message,
          incomplete: true,
        })),
      },
    );
  }

  it("run nothing, load nothing, and are shown as they are", async () => {
    const { page, trouble } = await openPage(browser, pageOf(hostileReport()));
    await page.locator(".key").first().hover();
    expect(await page.evaluate(() => "owned" in window)).toBe(false);
    expect(trouble).toEqual([]);
    expect(await page.locator("script").count()).toBe(1);
    expect(await page.locator("img, iframe, object, style:not(head style)").count()).toBe(0);
    expect(await page.locator("a[href^='javascript']").count()).toBe(0);
    expect(await page.locator(".key .lead").first().textContent()).toBe(attacks[0]);
    const text = (await page.locator("main").textContent()) ?? "";
    expect(text).toContain("\\u{202e}gnp.exe\\u{2066}\\x07\\x1b[31m\\x00");
    expect(text).toContain("配置.env");
  });

  it.each([360, 1200])("do not widen the page at %i pixels", async (width) => {
    const { page } = await openPage(browser, pageOf(hostileReport()), {
      viewport: { width, height: 800 },
    });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      width,
    );
  });

  it("cannot use a script of their own even where escaping failed", async () => {
    const broken = pageOf(report([finding()])).replace(
      "</main>",
      "<script>window.owned=1</script><b onclick=window.owned=1 id=b>b</b></main>",
    );
    const { page, trouble } = await openPage(browser, broken);
    await page.locator("#b").click();
    expect(await page.evaluate(() => "owned" in window)).toBe(false);
    expect(trouble.length).toBeGreaterThan(0);
  });
});

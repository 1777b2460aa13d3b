/// <reference lib="dom" />
// The page in a real browser: what people see, click, print, and what hostile repositories cannot do.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../../src/model/index.js";
import { plainOptions, publish, render } from "../../../src/report/index.js";
import { event, finding, place, report, resetAdvice, richReport } from "../../report/sample.js";
import { launchBrowser, openPage } from "./browser.js";
import { manyKeys } from "./many-keys.js";

const options = {
  ...plainOptions,
  startedAt: new Date("2026-06-15T10:00:00Z"),
  finishedAt: new Date("2026-06-15T10:00:03Z"),
};

function pageOf(sample: Report): string {
  return render(sample, "html", options);
}

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** Fingerprints of the cards that can be seen. */
function visibleCards(page: Page): Promise<(string | undefined)[]> {
  return page.$$eval(".key:not([hidden])", (cards) =>
    cards.map((card) => (card as HTMLElement).dataset["fingerprint"]),
  );
}

describe("the page", () => {
  it.each([0, 1, 40, 5000])(
    "shows %i keys without a request, a violation of its policy or an error",
    async (count) => {
      const { page, trouble } = await openPage(browser, pageOf(manyKeys(count)));
      expect(await page.locator(".key").count()).toBe(count);
      expect(await page.locator("h1").textContent()).toBe("Leaked keys in the current folder");
      expect(await page.locator(".timeline svg").count()).toBe(count === 0 ? 0 : 1);
      expect(await page.locator("#coverage tbody tr").count()).toBeGreaterThan(3);
      expect(trouble).toEqual([]);
    },
  );

  it("is quick with 5,000 keys: to open, to filter, to jump to the last", async () => {
    const content = pageOf(manyKeys(5000));
    const begun = performance.now();
    const { page } = await openPage(browser, content);
    await page.locator("output").getByText("5,000 of 5,000 keys").waitFor();
    const opened = performance.now() - begun;
    const filtered = await page.evaluate(() => {
      const select = document.querySelector<HTMLSelectElement>("select[name=exposure]");
      const start = performance.now();
      if (select) select.value = "pushed";
      select?.dispatchEvent(new Event("input", { bubbles: true }));
      document.body.getBoundingClientRect();
      return performance.now() - start;
    });
    await page.locator(".key:not([hidden])").last().scrollIntoViewIfNeeded();
    await page.locator(".key:not([hidden])").last().locator(".lead").waitFor({ state: "visible" });
    // Loose bounds: they catch layout of every card at once, not a slow machine.
    expect(opened).toBeLessThan(30_000);
    expect(filtered).toBeLessThan(3000);
  });

  it("shows the worst key first, and keys that were let pass or are others' last", async () => {
    const sample = richReport();
    const { page } = await openPage(browser, pageOf(sample));
    expect(await page.locator(".key .action").allTextContents()).toEqual([
      "reset now",
      "reset",
      "remove",
      "review",
      "review",
      "let pass by the baseline",
      "DeepSeek",
      "DeepSeek",
    ]);
    expect(await visibleCards(page)).toHaveLength(sample.findings.length);
  });
});

describe("filters", () => {
  it("narrow the cards down by kind, exposure and state, alone and together", async () => {
    const sample = manyKeys(40);
    const { keys } = publish(sample);
    const { page } = await openPage(browser, pageOf(sample));
    const expectShown = async (fits: (key: (typeof keys)[number]) => boolean) => {
      const wanted = keys.filter(fits).map(({ fingerprint }) => fingerprint);
      expect(new Set(await visibleCards(page))).toEqual(new Set(wanted));
      expect(await page.locator("output").textContent()).toBe(`${wanted.length} of 40 keys`);
    };
    await page.getByLabel("Kind").selectOption("payg");
    await expectShown(({ kind }) => kind === "payg");
    await page.getByLabel("Exposure").selectOption("pushed");
    await expectShown(({ kind, exposure }) => kind === "payg" && exposure === "pushed");
    await page.getByLabel("Kind").selectOption("");
    await page.getByLabel("Exposure").selectOption("");
    await page.getByLabel("State").selectOption("let-pass");
    await expectShown(({ suppressed }) => suppressed !== null);
    await page.getByLabel("State").selectOption("live");
    await expectShown(
      ({ suppressed, provider, liveness }) =>
        suppressed === null && provider !== "other" && liveness.status === "live",
    );
  });

  it("give way when a link leads to a key that they hide", async () => {
    const sample = report([finding({ minted: "coding-plan" }), finding()]);
    const { page } = await openPage(browser, pageOf(sample));
    await page.getByLabel("Kind").selectOption("coding-plan");
    expect(await visibleCards(page)).toHaveLength(1);
    await page.locator(".timeline a").nth(1).click();
    expect(await visibleCards(page)).toHaveLength(2);
  });
});

describe("the check-list", () => {
  it("keeps ticks in the browser by fingerprint, and can hide what is done", async () => {
    const { page } = await openPage(browser, pageOf(report([finding(), finding()])));
    const first = page.locator(".key").first();
    for (const box of await first.locator("[data-step]").all()) await box.check();
    await page.reload();
    expect(await first.locator("[data-step]:checked").count()).toBe(3);
    expect(await page.locator(".key").last().locator("[data-step]:checked").count()).toBe(0);
    await page.getByLabel("Hide keys with every step ticked").check();
    expect(await visibleCards(page)).toHaveLength(1);
    await page.getByLabel("Hide keys with every step ticked").uncheck();
    await first.locator("[data-step]").first().uncheck();
    await page.reload();
    expect(await first.locator("[data-step]:checked").count()).toBe(2);
  });

  it("works for as long as the page when the browser refuses storage", async () => {
    const { page } = await openPage(browser, "<title>first</title>");
    await page.addInitScript(() => {
      Object.defineProperty(window, "localStorage", {
        get() {
          throw new Error("refused");
        },
      });
    });
    const failures: string[] = [];
    page.on("pageerror", (error) => failures.push(error.message));
    await page.setContent(pageOf(report([finding(), finding()])));
    await page.locator("[data-step]").first().check();
    expect(await page.locator("[data-step]:checked").count()).toBe(1);
    expect(await page.locator("output").textContent()).toBe("2 of 2 keys");
    expect(failures).toEqual([]);
  });
});

describe("copy buttons", () => {
  it("copy the command beside them, as it is", async () => {
    const command = "git rm --cached -- 'a b&c<d>.env'";
    const sample = report([
      finding({ advice: { ...resetAdvice, steps: [{ text: "Take it out.", command }] } }),
    ]);
    const { page, trouble } = await openPage(browser, pageOf(sample));
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy the command" }).click();
    await page.getByRole("button", { name: "Copy the command" }).getByText("Copied").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(command);
    expect(trouble).toEqual([]);
  });
});

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

describe("for everybody", () => {
  it.each(["light", "dark"] as const)(
    "has enough contrast in the %s scheme (WCAG 2.1, 1.4.3)",
    async (colorScheme) => {
      const { page } = await openPage(browser, pageOf(richReport()), { colorScheme });
      expect(await page.evaluate(poorContrasts)).toEqual([]);
    },
  );

  it("has headings in order, labels on every control, and a way past the top by keyboard", async () => {
    const { page } = await openPage(browser, pageOf(richReport()));
    const levels = await page.$$eval("h1, h2, h3, h4", (all) =>
      all.map(({ tagName }) => Number(tagName.slice(1))),
    );
    expect(levels[0]).toBe(1);
    expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
    const nameless = await page.$$eval(
      "input, select, button",
      (all) =>
        all.filter((control) => !control.closest("label") && !control.getAttribute("aria-label"))
          .length,
    );
    expect(nameless).toBe(0);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the keys");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("kind");
  });

  it("says everything on paper: every key unfolded, no controls, in dark mode too", async () => {
    const { page } = await openPage(browser, pageOf(richReport()), { colorScheme: "dark" });
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".filters").isVisible()).toBe(false);
    expect(await page.locator(".copy").first().isVisible()).toBe(false);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      "rgb(255, 255, 255)",
    );
    expect(await page.evaluate(poorContrasts)).toEqual([]);
    const opened = page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          addEventListener("beforeprint", () =>
            resolve(document.querySelectorAll("details:not([open])").length),
          );
        }),
    );
    const paper = await page.pdf({ format: "A4" });
    expect(await opened).toBe(0);
    expect(paper.length).toBeGreaterThan(10_000);
  });

  it("shows every key where scripts do not run, and no control that would do nothing", async () => {
    const { page } = await openPage(browser, pageOf(richReport()), { javaScriptEnabled: false });
    expect(await page.locator(".key:visible").count()).toBe(8);
    expect(await page.locator(".filters").isVisible()).toBe(false);
    expect(await page.locator(".copy:visible").count()).toBe(0);
  });
});

/** Runs in the page: texts whose contrast with what is behind them is below 4.5. */
function poorContrasts(): string[] {
  const numbers = (colour: string) => (colour.match(/[\d.]+/gu) ?? []).map(Number);
  const luminance = (colour: string) => {
    const [r = 0, g = 0, b = 0] = numbers(colour).map((value) => {
      const part = value / 255;
      return part <= 0.039_28 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element: Element | null): string => {
    if (!element) return "rgb(255, 255, 255)";
    const colour = getComputedStyle(element).backgroundColor;
    return (numbers(colour)[3] ?? 1) === 0 ? behind(element.parentElement) : colour;
  };
  return [...document.querySelectorAll("body *")]
    .filter((element) =>
      [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()),
    )
    .filter(
      (element) => element.checkVisibility() && element.closest("script, svg, option") === null,
    )
    .flatMap((element) => {
      const [a = 0, b = 0] = [
        luminance(getComputedStyle(element).color),
        luminance(behind(element)),
      ].sort((x, y) => y - x);
      const ratio = (a + 0.05) / (b + 0.05);
      return ratio < 4.5 ? [`${element.className} ${element.tagName} ${ratio.toFixed(2)}`] : [];
    });
}

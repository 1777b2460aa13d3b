/// <reference lib="dom" />
// The page in a real browser: what people see and click.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publish } from "../../../src/report/index.js";
import { finding, report, resetAdvice, richReport } from "../../report/sample.js";
import { launchBrowser, openPage, pageOf } from "./browser.js";
import { manyKeys } from "./many-keys.js";

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

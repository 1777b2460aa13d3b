/// <reference lib="dom" />
// The page for everybody: contrast, keyboard, paper, and without scripts.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { richReport } from "../../report/sample.js";
import { launchBrowser, openPage, pageOf } from "./browser.js";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

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

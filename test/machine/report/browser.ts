// A real browser for the page: Debian's Chromium, or the one that CHROMIUM names.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { onTestFinished } from "vitest";
import type { Report } from "../../../src/model/index.js";
import { plainOptions, render } from "../../../src/report/index.js";
import { temporaryFolder } from "../../support/repository.js";

export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) {
    throw new Error(
      `There is no browser at ${executablePath}: install one (apt-get install chromium) or name one in CHROMIUM.`,
    );
  }
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** The page of a report, as if it was made at a fixed time. */
export function pageOf(report: Report): string {
  return render(report, "html", {
    ...plainOptions,
    startedAt: new Date("2026-06-15T10:00:00Z"),
    finishedAt: new Date("2026-06-15T10:00:03Z"),
  });
}

export interface OpenPage {
  readonly page: Page;
  /** What must not happen, as it happened: requests, violations of the policy, errors. */
  readonly trouble: readonly string[];
}

/** Opens a page from a file, as somebody does who got it by mail. */
export async function openPage(
  browser: Browser,
  content: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const file = join(temporaryFolder(), "report.html");
  writeFileSync(file, content);
  const address = pathToFileURL(file).href;
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  onTestFinished(() => context.close());
  const trouble: string[] = [];
  const page = await context.newPage();
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== address) trouble.push(`request ${request.url()}`);
  });
  page.on("pageerror", (error) => trouble.push(`error ${error.message}`));
  // Violations of the policy are reported to the console as errors.
  page.on("console", (message) => {
    if (message.type() === "error") trouble.push(`console ${message.text()}`);
  });
  await page.goto(address);
  return { page, trouble };
}

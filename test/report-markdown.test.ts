// The check-list, read back by a real Markdown parser.
import { marked } from "marked";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainOptions, render } from "../src/report/index.js";
import { finding, place, report, resetAdvice, richReport } from "./report/sample.js";

function written(from = richReport()): string {
  return render(from, "markdown", plainOptions);
}

/** The HTML that an issue would show. */
function shown(markdown: string): string {
  return marked.parse(markdown, { gfm: true, async: false });
}

function count(text: string, part: RegExp): number {
  return [...text.matchAll(part)].length;
}

describe("the Markdown check-list", () => {
  it("has one box to tick per key that is work, in the order of the report", () => {
    const markdown = written();
    const items = markdown.split("\n").filter((line) => line.startsWith("- [ ] "));
    expect(items).toHaveLength(5);
    expect(items[0]).toMatch(/^- \[ \] \*\*Reset now\*\* <code>sk-&#42;&#42;&#42;&#42;/u);
    expect(count(shown(markdown), /<li><p><input disabled="" type="checkbox">/gu)).toBe(5);
  });

  it("says at the top how many keys there are and how many work", () => {
    expect(written()).toMatch(/^## Leaked API keys: 5, 1 of them live\n/u);
  });

  it("puts pages, steps, places and users of the variable below their key", () => {
    const html = shown(written());
    const first = html.slice(html.indexOf("<li>"), html.indexOf("Token Plan key"));
    expect(first).toMatch(/<ol>\s*<li>(?:<p>)?Open the key/u);
    expect(first).toContain('href="https://bailian.console.aliyun.com/?tab=model#/api-key"');
    expect(first).toMatch(/<table>/u);
    expect(first).toContain("src/chat.py&#58;12");
    expect(first).toMatch(/and 11 more places/u);
  });

  it("writes the same steps once, and each fact once", () => {
    const markdown = written();
    expect(count(markdown, /Open the key's page/gu)).toBe(1);
    expect(markdown).toMatch(/Steps: as for <code>/u);
    expect(count(markdown, /Keys never expire by themselves/gu)).toBe(1);
  });

  it("says what was not looked at, what was let pass, and what is somebody else's", () => {
    const markdown = written();
    expect(markdown).toMatch(/\*\*incomplete\*\*/u);
    expect(markdown).toMatch(/### Not looked at\n\n- <code>/u);
    expect(markdown).toMatch(/### Let pass\n\n- <code>sk-.*revoked in March/u);
    expect(markdown).toMatch(/- 2 keys of other providers \(DeepSeek\)/u);
  });

  it("names the hosts that were asked and what each said", () => {
    expect(written()).toContain("- <code>dashscope.aliyuncs.com</code> (200): The key works.");
  });

  it("is short when there is nothing to do", () => {
    expect(written(report([]))).toBe(
      "## No leaked API keys found\n\ndashleaks 0.1.0 looked at <code>.</code>: 1,204 files, 48,112 git objects, 1.2 GiB.\n",
    );
  });

  it("lets nothing that a repository wrote become markup, a link or a mention", () => {
    const nasty = fc.constantFrom(
      "<img src=x onerror=alert(1)>",
      "a|b\n\n# heading",
      "`` ` ``",
      "[click](javascript:alert(1))",
      "![x](https://evil.example/pixel.png)",
      "@everyone",
      "</code><script>",
      "https://evil.example",
      "www.evil.example",
      "- [x] done",
      "&lt;b&gt;",
      "\u202Etxt.exe",
    );
    const names = fc.array(nasty, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(" "));
    fc.assert(
      fc.property(names, (name) => {
        const html = shown(
          written(
            report(
              [
                finding({
                  hints: { hosts: [], workspaces: [], variable: name, usedAsName: false },
                  advice: {
                    ...resetAdvice,
                    summary: name,
                    steps: [{ text: name, command: name, url: `javascript:${name}` }],
                    consolePages: [{ title: name, url: `https://x.example/${name}` }],
                    consumers: [{ path: name, line: 1, variable: name, what: name }],
                  },
                  places: [place({ path: name, author: name, worktree: name, trail: [name] })],
                }),
                finding({ suppressed: { by: "inline", reason: name } }),
              ],
              {
                repository: name,
                notices: [{ kind: "notice", code: "git-failed", message: name, incomplete: true }],
              },
            ),
          ),
        );
        expect(html).not.toMatch(/<(?:img|script|h1|b)\b/u);
        const links = [...html.matchAll(/href="([^"]*)"/gu)].map((hit) => hit[1] ?? "");
        expect(links.filter((url) => !url.startsWith("https://x.example/"))).toEqual([]);
        expect(count(html, /type="checkbox"/gu)).toBe(2);
        expect(html.replaceAll(/<code>.*?<\/code>/gsu, "")).not.toContain("\u202E");
      }),
    );
  });
});

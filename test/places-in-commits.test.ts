// What is said of commits that hold a key: their order, their lines and their dates, as git shows them.
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { dashleaksJson } from "./support/dashleaks.js";
import { mint } from "./support/mint.js";
import { freshRepository, type TestRepository } from "./support/repository.js";

type Place = Readonly<Record<string, unknown>>;

async function keyOf(
  repository: TestRepository,
  ...args: string[]
): Promise<{ readonly places: readonly Place[]; readonly timeline: readonly Place[] }> {
  const { report } = await dashleaksJson(args, { cwd: repository.path });
  expect(report.keys).toHaveLength(1);
  const [key] = report.keys as unknown as [{ places: Place[]; timeline: Place[] }];
  const places = key.places.filter(({ kind }) => kind !== "file" && kind !== "reflog");
  return { places, timeline: key.timeline };
}

/** Commits by Ada, each with its own dates (seconds), oldest first; gives their ids. */
function commits(
  repository: TestRepository,
  list: readonly {
    readonly content: string;
    readonly authored?: number;
    readonly committed?: number;
    readonly author?: string;
    readonly message?: string;
  }[],
): string[] {
  return list.map(({ content, authored = 1_700_000_000, committed = authored, ...given }, at) => {
    const { author = "Ada", message = `change ${at}\n` } = given;
    const text = [
      "commit refs/heads/main",
      `author ${author} <ada@example.com> ${authored} +0000`,
      `committer Carl <carl@example.com> ${committed} +0000`,
      `data ${Buffer.byteLength(message)}`,
      message,
      ...(at === 0 ? [] : ["from refs/heads/main^0"]),
      "M 100644 inline .env",
      `data ${Buffer.byteLength(content)}`,
      content,
      "",
    ].join("\n");
    repository.gitWithInput(text, "fast-import", "--quiet", "--date-format=raw");
    return repository.git("rev-parse", "main");
  });
}

describe("commits of the same second", () => {
  it("stand in the order of history, in the list of places and in the timeline", async () => {
    const key = mint("payg-compact");
    // Ids are hashes: of several histories at least one would be sorted wrongly by them.
    for (let round = 0; round < 4; round++) {
      const repository = freshRepository();
      const leak = (text: string): { content: string } => ({
        content: `# ${round} ${text}\nK=${key}\n`,
      });
      const clean = { content: `# ${round}\nK=\n` };
      const [first, gone, second, again, third] = commits(repository, [
        leak("a"),
        clean,
        leak("b"),
        clean,
        leak("c"),
      ]);
      const { places, timeline } = await keyOf(repository, "--history");
      expect(places.map(({ commit }) => commit)).toEqual([first, second, third]);
      expect(timeline.map(({ kind, commit }) => [kind, commit])).toEqual([
        ["committed", first],
        ["removed", gone],
        ["returned", second],
        ["removed", again],
        ["returned", third],
      ]);
      const range = await keyOf(repository, "--range", `${gone}..${third}`);
      expect(range.places.map(({ commit }) => commit)).toEqual([second, third]);
    }
  });
});

describe("a line in a commit or tag", () => {
  it("is that of the message, as git shows it", async () => {
    const repository = freshRepository();
    const key = mint("payg-compact");
    repository.commit({ a: "1" }, `subject\n\n  use ${key}\n`);
    repository.git("tag", "-a", "v1", "-m", `release\n\nwith\n${key}\n`);
    const { places } = await keyOf(repository, "--history");
    expect(places.map(({ kind, line, column }) => [kind, line, column])).toEqual([
      ["commit-message", 3, 7],
      ["tag-message", 4, 1],
    ]);
    const [message] = (await keyOf(repository, "--range", "HEAD^{commit}..v1")).places;
    expect(message).toMatchObject({ kind: "tag-message", line: 4 });
  });

  it("is none in the headers, where the author's name stands", async () => {
    const repository = freshRepository();
    const author = `Ada ${mint("payg-compact")}`;
    commits(repository, [{ content: "1\n", author }]);
    const { places } = await keyOf(repository, "--history");
    expect(places).toMatchObject([{ kind: "commit-message", line: null, column: null }]);
  });
});

describe("the date beside an author", () => {
  it("is the author's, and the places stand in the order of the commits", async () => {
    const repository = freshRepository();
    const key = mint("payg-compact");
    const [first, , second] = commits(repository, [
      { content: `K=${key}\n`, authored: 1_700_000_900, committed: 1_700_001_000 },
      { content: "K=\n", authored: 1_700_001_100 },
      { content: `# again\nK=${key}\n`, authored: 1_600_000_000, committed: 1_700_001_200 },
    ]);
    const shown = (commit: string | undefined, format: string): string =>
      execFileSync("git", ["show", "-s", `--format=${format}`, commit ?? ""], {
        cwd: repository.path,
        encoding: "utf8",
      }).trim();
    for (const args of [["--history"], ["--range", `${first}..main`]]) {
      const { places, timeline } = await keyOf(repository, ...args);
      const last = places.at(-1);
      expect([last?.["author"], last?.["date"]]).toEqual([
        shown(second, "%an <%ae>"),
        shown(second, "%aI"),
      ]);
      expect(last).toMatchObject({ commit: second, committed: shown(second, "%cI") });
      if (args.length > 1) continue;
      expect(places.map(({ commit }) => commit)).toEqual([first, second]);
      expect(timeline.map(({ kind }) => kind)).toEqual(["committed", "removed", "returned"]);
    }
  });
});

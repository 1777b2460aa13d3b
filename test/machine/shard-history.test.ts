// One repository, split: what the parts say together is what one run says, for histories in which
// keys are kept, taken out and brought back, on several branches, in messages and in nothing's reach.
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  mergeReports,
  publish,
  scan,
  shardHasObject,
  type PublishedReport,
} from "../../src/index.js";
import { mint } from "../support/mint.js";
import { freshRepository, type TestRepository } from "../support/repository.js";

/** A run without the record of what is clean; `shard` as for --shard. */
async function report(path: string, shard: [number, number] | null, more = {}) {
  const [index, count] = shard ?? [1, 1];
  const options = { paths: [path], cache: false, threads: 1, ...more };
  return publish(await scan(shard ? { ...options, shard: { index, count } } : options));
}

async function parts(path: string, count: number, more = {}): Promise<PublishedReport[]> {
  const all = Array.from({ length: count }, (_, index) => report(path, [index + 1, count], more));
  return Promise.all(all);
}

async function expectSame(path: string, count: number, more = {}): Promise<PublishedReport> {
  const [one, several] = await Promise.all([report(path, null, more), parts(path, count, more)]);
  const { keys, notices, coverage, complete } = one;
  expect(mergeReports(several)).toMatchObject({ keys, notices, coverage, complete });
  expect(several.flatMap((part) => part.keys.flatMap(({ places }) => places))).toHaveLength(
    keys.flatMap(({ places }) => places).length,
  );
  return one;
}

const key = mint("payg-legacy");
const other = mint("token-plan-compact");

function keptOverEdits(): TestRepository {
  const repository = freshRepository();
  for (let version = 0; version < 9; version++) {
    repository.commit({ "app.env": `# ${version}\nDASHSCOPE_API_KEY=${key}\n` });
  }
  return repository;
}

function removedAndReturned(): TestRepository {
  const repository = keptOverEdits();
  repository.commit({ "app.env": "# none\n" });
  for (let version = 0; version < 5; version++) {
    repository.commit({ "app.env": `# back ${version}\nDASHSCOPE_API_KEY=${key}\n` });
  }
  repository.commit({ "app.env": "# none again\n" });
  return repository;
}

function renamed(): TestRepository {
  const repository = keptOverEdits();
  repository.git("mv", "app.env", "old.env");
  repository.commit({}, "renamed");
  repository.commit({ "old.env": `# later\nDASHSCOPE_API_KEY=${key}\nSECOND=${other}\n` });
  return repository;
}

function twoBranches(): TestRepository {
  const repository = keptOverEdits();
  repository.git("switch", "-q", "-c", "side", "HEAD~6");
  repository.commit({ "app.env": `# side\nDASHSCOPE_API_KEY=${key}\n` });
  repository.commit({ "app.env": "# side, none\n", "b.env": `DASHSCOPE_API_KEY=${other}\n` });
  repository.git("switch", "-q", "main");
  repository.git("merge", "-q", "-s", "ours", "side", "-m", "joined");
  return repository;
}

function unreachable(): TestRepository {
  const repository = keptOverEdits();
  repository.git("switch", "-q", "-c", "gone");
  for (let version = 0; version < 4; version++) {
    repository.commit({ "c.env": `# ${version}\nDASHSCOPE_API_KEY=${other}\n` });
  }
  repository.git("switch", "-q", "main");
  repository.git("branch", "-q", "-D", "gone");
  repository.git("reflog", "expire", "--expire=now", "--all");
  return repository;
}

function inMessages(): TestRepository {
  const repository = keptOverEdits();
  repository.commit({}, `dashscope ${key}`);
  repository.git("tag", "-a", "v1", "-m", `dashscope ${key}`, "HEAD~3");
  repository.git("tag", "-a", "v2", "-m", `dashscope ${other}`);
  repository.git("branch", `try-${other}`);
  return repository;
}

describe("one repository in parts", () => {
  it.each([
    ["a key that a file keeps over edits", keptOverEdits, 1],
    ["a key that was taken out and brought back", removedAndReturned, 1],
    ["a renamed file", renamed, 2],
    ["two branches", twoBranches, 2],
    ["versions that nothing reaches", unreachable, 2],
    ["messages of commits and tags, and names of branches", inMessages, 2],
  ] as const)("say what one run says of %s", async (_, make, keys) => {
    const { path } = make();
    for (const count of [2, 3]) expect((await expectSame(path, count)).keys).toHaveLength(keys);
  });

  it("say what one run says when globs leave paths out", async () => {
    const { path } = renamed();
    const filter = { include: [], exclude: ["old.env"], ignored: false };
    const { coverage } = await expectSame(path, 3, { filter });
    expect(coverage.skipped).not.toEqual([]);
  });

  it("do not read what is another's, and say together what cannot be read", async () => {
    const repository = freshRepository();
    for (let version = 0; version < 12; version++) {
      repository.commit({ "a.txt": `${version}\n${"some text\n".repeat(50)}${version * 7}\n` });
    }
    repository.git("repack", "-q", "-adf");
    const folder = join(repository.path, ".git/objects/pack");
    const name = readdirSync(folder).find((file) => file.endsWith(".pack")) ?? "";
    const pack = join(folder, name);
    const entries = repository
      .git("verify-pack", "-v", pack.replace(/pack$/u, "idx"))
      .split("\n")
      .map((line) => line.split(/\s+/u));
    const bases = new Set(entries.map((fields) => fields[6]));
    const [oid = "", , , size, offset] =
      entries.find(([each, type]) => type === "blob" && !bases.has(each)) ?? [];
    const bytes = readFileSync(pack);
    chmodSync(pack, 0o644);
    writeFileSync(
      pack,
      bytes.fill(0xff, Number(offset) + Number(size) - 6, Number(offset) + Number(size)),
    );
    const [one, several] = await Promise.all([
      report(repository.path, null),
      parts(repository.path, 3),
    ]);
    const owners = several.map(({ shard }) => shard !== null && shardHasObject(shard, oid));
    expect(one.complete).toBe(false);
    expect(several.map(({ complete }) => !complete)).toEqual(owners);
    const { notices, coverage, complete } = one;
    expect(mergeReports(several)).toMatchObject({ notices, coverage, complete });
  });

  it("show no key in a name, though another part reports it", async () => {
    const repository = freshRepository();
    const keys = Array.from({ length: 6 }, () => mint("payg-legacy"));
    for (const each of keys) {
      repository.commit({ [`${each}.env`]: `DASHSCOPE_API_KEY=${other}\n` });
    }
    repository.git("branch", `try/${key}`);
    for (const part of await parts(repository.path, 4)) {
      const text = JSON.stringify(part);
      expect([key, ...keys].filter((each) => text.includes(each))).toEqual([]);
    }
  });

  const paths = ["a.env", "b.env", "src/c.ts"];
  // By number, so that a counterexample shows no key.
  const secrets = [key, other, mint("payg-v2")];
  const secretAt = (index: number | null): string | undefined => secrets[index ?? -1];
  const step = fc.record({
    act: fc.constantFrom("write", "write", "write", "delete", "rename", "branch", "merge", "drop"),
    path: fc.constantFrom(...paths),
    secret: fc.constantFrom(null, 0, 1, 2),
    more: fc.nat(99),
    parent: fc.nat(2),
    message: fc.constantFrom(null, null, null, 0, 1, 2),
  });
  type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

  /** Commits for git fast-import; up to three branches, of which some are dropped again. */
  function streamOf(steps: readonly Step[]): string {
    const lines: string[] = [];
    const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
    steps.forEach(({ act, path, secret, more, parent, message }, index) => {
      const branch = `refs/heads/b${parent}`;
      const first = !lines.some((line) => line.startsWith(`commit ${branch}\n`));
      const from = first && index > 0 ? `from :1\n` : "";
      const merged = act === "merge" && index > 1 ? `merge :${1 + (more % (index - 1))}\n` : "";
      const held = secret === null ? "" : `DASHSCOPE_API_KEY=${secretAt(secret)}\n`;
      const text = `# ${more}\n${"x = 1\n".repeat(more % 7)}${held}`;
      const words = message === null ? `step ${index}` : `dashscope ${secretAt(message)}`;
      const target = paths[(paths.indexOf(path) + 1) % paths.length] ?? path;
      const change = {
        delete: `D ${path}\n`,
        rename: `M 100644 inline ${path}\n${data(text)}R ${path} ${target}\n`,
      }[act as "delete" | "rename"];
      lines.push(
        `commit ${branch}\nmark :${index + 1}\ncommitter A <a@b> ${1_600_000_000 + index * 60} +0000\n`,
        data(words),
        from + merged,
        change ?? `M 100644 inline ${path}\n${data(text)}`,
      );
      if (act === "branch") {
        lines.push(`tag t${index}\nfrom :${index + 1}\ntagger A <a@b> 1700000000 +0000\n`);
        lines.push(data(words));
      }
    });
    return lines.join("");
  }

  it("say what one run says of any history", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 3, maxLength: 14 }),
        fc.integer({ min: 2, max: 4 }),
        fc.boolean(),
        async (steps, count, loose) => {
          const repository = freshRepository("--bare");
          const limit = loose ? 1000 : 1;
          repository.gitWithInput(
            streamOf(steps),
            "-c",
            `fastimport.unpackLimit=${limit}`,
            "fast-import",
            "--quiet",
          );
          if (steps.some(({ act }) => act === "drop")) {
            repository.git("update-ref", "-d", "refs/heads/b1");
          }
          const { complete } = await expectSame(repository.path, count);
          expect(complete).toBe(true);
        },
      ),
      { numRuns: 12 },
    );
  });
});

// What is said of a range of commits and in a CI job: how far a key got is what an audit says of it.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dashleaksJson } from "./support/dashleaks.js";
import { mint } from "./support/mint.js";
import {
  freshRepository,
  openRepository,
  temporaryFolder,
  type TestRepository,
} from "./support/repository.js";

const assignment = (key: string): string => `DASHSCOPE_API_KEY=${key}\n`;

/** No variable of the machine that runs the tests may tell where the job is. */
const nowhere = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => /^(?:CI|GITHUB|GITLAB|JENKINS|BUILD|BITBUCKET|CIRCLE|SYSTEM|TF)/u.test(name))
    .map((name) => [name, ""]),
);

function cloneOf(origin: TestRepository): TestRepository {
  const path = join(temporaryFolder(), "clone");
  origin.git("clone", "-q", `file://${origin.path}`, path);
  return openRepository(path);
}

const fields = ["kind", "path", "commit", "exposure", "refs", "removed"];

const told = (place: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(fields.map((field) => [field, place[field]]));

/** The places of the only key, as far as they depend on git. */
async function placesOf(
  repository: TestRepository,
  ...args: string[]
): Promise<Record<string, unknown>[]> {
  const { report } = await dashleaksJson(args, { cwd: repository.path, environment: nowhere });
  expect(report.keys).toHaveLength(1);
  return (report.keys[0]?.places ?? [])
    .filter(({ kind }) => kind !== "file" && kind !== "reflog")
    .map((place) => told({ ...place }));
}

describe("a range of commits that no ref reaches yet", () => {
  it("fails like any other, by its files and by its messages", async () => {
    const repository = freshRepository();
    const from = repository.commit({ a: "1" });
    repository.write("a", assignment(mint("payg-compact")));
    repository.git("add", "a");
    const tree = repository.git("write-tree");
    const file = repository.git("commit-tree", tree, "-p", from, "-m", "file");
    const key = mint("payg-compact");
    const message = repository.git("commit-tree", `${from}^{tree}`, "-p", from, "-m", key);
    for (const to of [file, message]) {
      const { ran, report } = await dashleaksJson(["--range", `${from}..${to}`], {
        cwd: repository.path,
        environment: nowhere,
      });
      expect(ran.status).toBe(1);
      expect(report.keys).toMatchObject([{ exposure: "committed", places: [{ commit: to }] }]);
    }
  });

  it("is refused by a server's hook that somebody wrote", () => {
    const server = freshRepository("--bare");
    const client = freshRepository();
    client.commit({ a: "1" });
    client.git("push", "-q", server.path, "main");
    client.commit({ a: assignment(mint("payg-compact")) });
    const bin = join(import.meta.dirname, "../bin/dashleaks.js");
    const hook = join(server.path, "hooks/pre-receive");
    mkdirSync(join(server.path, "hooks"), { recursive: true });
    writeFileSync(
      hook,
      `#!/bin/sh\nread -r old new ref && exec '${process.execPath}' '${bin}' scan --range "$old..$new"\n`,
      { mode: 0o755 },
    );
    expect(() => client.git("push", "-q", server.path, "main")).toThrow("hook declined");
  });
});

describe("the places of a range", () => {
  it("are those of the audit: pushed, from which refs, and removed by which commit", async () => {
    const origin = freshRepository();
    origin.commit({ a: "1" });
    origin.git("checkout", "-q", "-b", "feat");
    const first = origin.commit({ "d/.env": assignment(mint("payg-compact")) }, "in");
    const last = origin.commit({ "d/.env": "K=\n" }, "out");
    const clone = cloneOf(origin);
    const range = await placesOf(clone, "--range", "origin/main..origin/feat");
    expect(range).toEqual(await placesOf(clone));
    expect(range).toMatchObject([
      { path: "d/.env", commit: first, exposure: "pushed", removed: { commit: last } },
    ]);
    expect(range[0]?.["refs"]).toContain("refs/remotes/origin/feat");
  });

  it("are committed while no remote has them, also when the message holds the key", async () => {
    const origin = freshRepository();
    origin.commit({ a: "1" });
    const clone = cloneOf(origin);
    const key = mint("payg-compact");
    clone.commit({ ".env": assignment(key) }, `use ${assignment(key)}`);
    const range = await placesOf(clone, "--range", "origin/main..HEAD");
    expect(range).toHaveLength(2);
    expect(range).toEqual(await placesOf(clone));
    for (const place of range) {
      expect(place).toMatchObject({ exposure: "committed", refs: ["refs/heads/main"] });
    }
  });

  it("call nothing removed that a version outside the range still holds", async () => {
    const repository = freshRepository();
    const key = mint("payg-compact");
    repository.commit({ a: "1" });
    repository.git("tag", "before");
    repository.commit({ ".env": assignment(key) });
    repository.git("tag", "after");
    repository.commit({ ".env": `# moved\n${assignment(key)}` });
    const [place] = await placesOf(repository, "--range", "before..after");
    expect(place).toMatchObject({ path: ".env", removed: null });
  });

  it("tell of a commit that carries a key on when it was removed", async () => {
    const repository = freshRepository();
    const key = mint("payg-compact");
    repository.commit({ ".env": assignment(key) });
    const carried = repository.commit({ ".env": `# moved\n${assignment(key)}` });
    const gone = repository.commit({ ".env": "K=\n" });
    const [place] = await placesOf(repository, "--range", "HEAD~2..HEAD");
    expect(place).toMatchObject({ commit: carried, removed: { commit: gone } });
  });
});

describe("a CI job", () => {
  it("has what was pushed, although no remote-tracking ref of its clone says so", async () => {
    const origin = freshRepository();
    const base = origin.commit({ a: "1" });
    const head = origin.commit({ ".env": assignment(mint("payg-compact")) });
    const clone = cloneOf(origin);
    clone.git("checkout", "-q", "--detach");
    clone.git("branch", "-q", "-D", "main");
    clone.git("remote", "remove", "origin");
    const environment = { ...nowhere, DASHLEAKS_FROM: base, DASHLEAKS_TO: head };
    const { report, ran } = await dashleaksJson(["ci"], { cwd: clone.path, environment });
    expect(ran.status).toBe(1);
    expect(report.keys).toMatchObject([{ exposure: "pushed", places: [{ exposure: "pushed" }] }]);
    const all = await dashleaksJson(["ci"], {
      cwd: clone.path,
      environment: { ...nowhere, DASHLEAKS_FROM: "", DASHLEAKS_TO: "" },
    });
    expect(all.report.keys).toMatchObject([{ exposure: "pushed" }]);
  });
});

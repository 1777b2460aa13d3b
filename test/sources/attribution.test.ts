// Who brought a key in, who took it out, and how far it got; git's own answers are the oracle.
import { rmSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AttributedPlace, GitObjectType, HitObject } from "../../src/model/index.js";
import { attribute } from "../../src/sources/attribution.js";
import { openRepository as open } from "../../src/sources/repository.js";
import {
  freshRepository,
  openRepository,
  temporaryFolder,
  type TestRepository,
} from "../support/repository.js";

const key = "a key";

async function placesOf(
  path: string,
  objects: readonly string[],
  type: GitObjectType = "blob",
): Promise<readonly AttributedPlace[]> {
  const repository = await open(path);
  if (repository === null) throw new Error("no repository");
  const fingerprints = new Set([key]);
  const hits = objects.map((oid): HitObject => ({ oid, type, fingerprints }));
  const { places, notices } = await attribute(repository, hits);
  expect(notices).toEqual([]);
  return places;
}

/** Everything that ever stood in a file and holds the word "secret". */
function secrets({ git, gitWithInput }: TestRepository): string[] {
  const objects = git("cat-file", "--batch-all-objects", "--batch-check").split("\n");
  const blobs = objects
    .filter((line) => line.split(" ")[1] === "blob")
    .map((line) => line.slice(0, 40));
  return blobs.filter((oid) => gitWithInput("", "cat-file", "blob", oid).includes("secret"));
}

describe("a place in history", () => {
  it("is one, however often the lines around the key change or the file is copied back", async () => {
    const repository = freshRepository();
    const first = repository.commit({ "a.txt": "secret\n" });
    repository.commit({ "a.txt": "secret\nmore\n" });
    repository.commit({ "b.txt": "else\n" });
    repository.commit({ "a.txt": "less\nsecret\n" });
    const last = repository.commit({ "a.txt": "nothing\n" });
    expect(await placesOf(repository.path, secrets(repository))).toMatchObject([
      { kind: "commit", path: "a.txt", commit: first, removed: { commit: last } },
    ]);
  });

  it("is two when the key was gone in between", async () => {
    const repository = freshRepository();
    const first = repository.commit({ "a.txt": "secret\n" });
    const gone = repository.commit({ "a.txt": "nothing\n" });
    const again = repository.commit({ "a.txt": "secret\n" });
    expect(await placesOf(repository.path, secrets(repository))).toMatchObject([
      { commit: first, removed: { commit: gone } },
      { commit: again, removed: null },
    ]);
  });

  it("is removed by a merge that takes the other side", async () => {
    const repository = freshRepository();
    const { git, commit } = repository;
    commit({ "a.txt": "nothing\n" });
    git("checkout", "-q", "-b", "side");
    const brought = commit({ "a.txt": "secret\n" });
    git("checkout", "-q", "main");
    commit({ "b.txt": "else\n" });
    git("merge", "-q", "-s", "ours", "-m", "ours", "side");
    git("branch", "-q", "-D", "side");
    expect(await placesOf(repository.path, secrets(repository))).toMatchObject([
      { commit: brought, exposure: "committed", removed: { commit: git("rev-parse", "HEAD") } },
    ]);
  });

  it("is gone when HEAD's line is rid of it, though another branch is not", async () => {
    const repository = freshRepository();
    const { git, commit } = repository;
    commit({ "a.txt": "secret\n" });
    git("branch", "old");
    const gone = commit({ "a.txt": "nothing\n" });
    const [place] = await placesOf(repository.path, secrets(repository));
    expect(place).toMatchObject({
      removed: { commit: gone },
      refs: ["refs/heads/main", "refs/heads/old"],
    });
  });

  it("may be a blob or commit that only a tag points at, even by another tag", async () => {
    const repository = freshRepository();
    const { git, gitWithInput, commit } = repository;
    commit({ "a.txt": "x" });
    const blob = gitWithInput("secret", "hash-object", "-w", "--stdin");
    git("tag", "-a", "-m", "inner", "inner", blob);
    git("tag", "-a", "-m", "outer", "outer", git("rev-parse", "inner"));
    const inner = git("rev-parse", "inner");
    git("update-ref", "-d", "refs/tags/inner");
    expect(await placesOf(repository.path, [blob])).toMatchObject([
      { exposure: "tagged", path: null, refs: ["refs/tags/outer"] },
    ]);
    expect(await placesOf(repository.path, [inner], "tag")).toMatchObject([
      { kind: "tag-message", exposure: "tagged", author: "Carl Committer <carl@example.com>" },
    ]);
    git("update-ref", "-d", "refs/tags/outer");
    expect(await placesOf(repository.path, [inner], "tag")).toMatchObject([
      { kind: "tag-message", exposure: "unreachable" },
    ]);
  });

  it("is told for SHA-256 repositories and for more objects than fit on a command line", async () => {
    const repository = freshRepository("--object-format=sha256");
    const lines = Array.from({ length: 600 }, (_, n) => `secret ${n}`);
    const content = Object.fromEntries(lines.map((line, n) => [`${n}.txt`, line]));
    const first = repository.commit(content);
    const objects = repository
      .git("ls-tree", "-r", "HEAD")
      .split("\n")
      .map((line) => line.split(/\s/u)[2] ?? "");
    const places = await placesOf(repository.path, objects);
    expect(places).toHaveLength(600);
    expect(new Set(places.map(({ commit }) => commit))).toEqual(new Set([first]));
    expect(new Set(places.map(({ path }) => path)).size).toBe(600);
  });
});

describe("exposure", () => {
  it("is pushed for everything in a mirror, a bare clone and whatever a refspec fetches", async () => {
    const origin = freshRepository();
    origin.commit({ "a.txt": "secret" });
    const folder = temporaryFolder();
    origin.git("clone", "-q", "--mirror", origin.path, join(folder, "mirror"));
    origin.git("clone", "-q", "--bare", origin.path, join(folder, "bare"));
    origin.git("init", "-q", join(folder, "own"));
    const own = openRepository(join(folder, "own"));
    own.git("remote", "add", "-t", "main", "origin", origin.path);
    own.git("config", "remote.origin.fetch", "+refs/heads/*:refs/theirs/*");
    own.git("fetch", "-q");
    for (const name of ["mirror", "bare", "own"]) {
      const places = await placesOf(join(folder, name), secrets(origin));
      expect(places.map(({ exposure }) => exposure)).toEqual(["pushed"]);
    }
    expect((await placesOf(origin.path, secrets(origin)))[0]?.exposure).toBe("committed");
  });

  it("of an index entry ends with the commit of it", async () => {
    const repository = freshRepository();
    repository.write("a.txt", "secret");
    repository.git("add", "a.txt");
    const staged = await placesOf(repository.path, secrets(repository));
    expect(staged).toMatchObject([{ kind: "index", exposure: "staged", path: "a.txt" }]);
    repository.git("commit", "-q", "-m", "x");
    const committed = await placesOf(repository.path, secrets(repository));
    expect(committed).toMatchObject([{ kind: "commit", exposure: "committed", path: "a.txt" }]);
  });
});

describe("when git cannot walk the history", () => {
  it("says so, and still has a place for every object", async () => {
    const repository = freshRepository();
    repository.commit({ "a.txt": "secret" });
    const [oid = ""] = secrets(repository);
    repository.commit({ "a.txt": "else" });
    const tree = repository.git("rev-parse", "HEAD^{tree}");
    rmSync(join(repository.path, ".git/objects", tree.slice(0, 2), tree.slice(2)));
    const opened = await open(repository.path);
    if (opened === null) throw new Error("no repository");
    const hit: HitObject = { oid, type: "blob", fingerprints: new Set([key]) };
    const { places, notices } = await attribute(opened, [hit]);
    expect(notices).toMatchObject([{ code: "attribution-failed", incomplete: true }]);
    expect(places).toMatchObject([{ object: oid, exposure: "committed", commit: null }]);
  });
});

interface RandomCommit {
  readonly parents: readonly number[];
  /** What the file holds: nothing, no key, or one of two versions with the key. */
  readonly content: string | null;
}

const contents = [null, "nothing\n", "secret one\n", "secret two\n"] as const;

const randomHistory = fc
  .array(
    fc.record({
      first: fc.nat(5),
      second: fc.option(fc.nat(9)),
      content: fc.constantFrom(...contents),
    }),
    { minLength: 3, maxLength: 18 },
  )
  .map((drafts) =>
    drafts.map(({ first, second, content }, index): RandomCommit => {
      if (index === 0) return { parents: [], content };
      const parents = [first, ...(second === null ? [] : [second])].map((back) =>
        Math.max(0, index - 1 - back),
      );
      return { parents: [...new Set(parents)], content };
    }),
  );

/** Writes a history of one file, and a branch for every commit without children. */
function importHistory(repository: TestRepository, commits: readonly RandomCommit[]): string[] {
  const stream = commits.flatMap(({ parents, content }, index) => [
    `commit refs/heads/c${index}`,
    `mark :${index + 1}`,
    `committer Carl Committer <carl@example.com> ${1_600_000_000 + index} +0000`,
    "data 0",
    ...parents.map((parent, at) => `${at === 0 ? "from" : "merge"} :${parent + 1}`),
    "deleteall",
    "M 100644 inline other.txt",
    "data 2\nx",
    ...(content === null ? [] : ["M 100644 inline a.txt", `data ${content.length}\n${content}`]),
    "",
  ]);
  repository.gitWithInput(stream.join("\n"), "fast-import", "--quiet");
  const oids = commits.map((_, index) => repository.git("rev-parse", `c${index}`));
  const inner = new Set(commits.flatMap(({ parents }) => parents));
  for (const index of inner) repository.git("update-ref", "-d", `refs/heads/c${index}`);
  return oids;
}

describe("on any history, merges included", () => {
  it("places are the stretches of commits whose files hold the key", async () => {
    await fc.assert(
      fc.asyncProperty(randomHistory, async (commits) => {
        const repository = openRepository(temporaryFolder());
        repository.git("init", "-q", "-b", "none");
        const oids = importHistory(repository, commits);
        const carries = commits.map(({ content }) => content?.startsWith("secret") === true);
        // The oracle: commits that carry, joined by parenthood.
        const stretch = commits.map((_, index) => index);
        const join2 = (a: number, b: number): void => {
          const [from, to] = [stretch[a], stretch[b]];
          stretch.forEach((one, index) => one === from && (stretch[index] = to ?? 0));
        };
        commits.forEach(({ parents }, index) => {
          for (const parent of parents) {
            if (carries[index] && carries[parent]) join2(index, parent);
          }
        });
        const stretches = new Set(stretch.filter((_, index) => carries[index]));
        const introducing = new Set(
          oids.filter(
            (_, index) =>
              carries[index] && !commits[index]?.parents.some((parent) => carries[parent]),
          ),
        );
        const places = await placesOf(repository.path, secrets(repository));
        const numbers = places.map(({ commit }) => oids.indexOf(commit ?? ""));
        expect(new Set(numbers.map((number) => stretch[number]))).toEqual(stretches);
        expect(places).toHaveLength(stretches.size);
        for (const { commit, removed, refs } of places) {
          expect(introducing).toContain(commit);
          const own = stretch[oids.indexOf(commit ?? "")];
          const tips = commits.flatMap((_, index) =>
            commits.some(({ parents }) => parents.includes(index)) ? [] : [index],
          );
          const alive = tips.some((tip) => carries[tip] && stretch[tip] === own);
          expect(removed === null).toBe(alive);
          // Whoever took it out does not carry it, and has a parent that does.
          const remover = commits[oids.indexOf(removed?.commit ?? "")];
          const right =
            remover?.content?.startsWith("secret") !== true &&
            remover?.parents.some((one) => carries[one] && stretch[one] === own) === true;
          expect(right).toBe(removed !== null);
          const contains = repository.git(
            "for-each-ref",
            "--format=%(refname)",
            `--contains=${commit}`,
          );
          expect(refs).toEqual(expect.arrayContaining(contains.split("\n")));
        }
      }),
      { numRuns: 12 },
    );
  });
});

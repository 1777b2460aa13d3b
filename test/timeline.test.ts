// Since when a key was where: reflogs of real clones, and the order of events.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { askedAtOf, pushRecordsOf, timelineOf } from "../src/findings/timeline.js";
import type { Place, PushRecord } from "../src/model/index.js";
import { firstPushes } from "../src/sources/pushes.js";
import {
  freshRepository,
  openRepository,
  temporaryFolder,
  type TestRepository,
} from "./support/repository.js";

/** A repository with a bare remote called `origin`. */
function withRemote(): TestRepository {
  const repository = freshRepository();
  const remote = join(temporaryFolder(), "remote.git");
  repository.git("init", "-q", "--bare", "-b", "main", remote);
  repository.git("remote", "add", "origin", remote);
  return repository;
}

async function pushesOf(repository: TestRepository, ...commits: string[]) {
  const gitDirectory = repository.git("rev-parse", "--absolute-git-dir");
  const { records, notices } = await firstPushes(
    { gitDirectory, commonDirectory: gitDirectory },
    new Set(commits),
  );
  expect(notices).toEqual([]);
  return Object.fromEntries(records.map(({ commit, ...record }) => [commit, record]));
}

describe("the first known push", () => {
  it("is the push that carried the commit, not a later one", async () => {
    const repository = withRemote();
    const first = repository.commit({ a: "1" });
    const second = repository.commit({ a: "2" });
    repository.git("push", "-q", "origin", "main");
    const pushed = repository.git(
      "log",
      "-g",
      "-1",
      "--format=%gd",
      "--date=iso-strict",
      "refs/remotes/origin/main",
    );
    const third = repository.commit({ a: "3" });
    repository.git("push", "-q", "origin", "main");
    const unpushed = repository.commit({ a: "4" });
    const records = await pushesOf(repository, first, second, third, unpushed);
    expect(Object.keys(records).sort()).toEqual([first, second, third].sort());
    expect(records[first]).toEqual({
      date: /@\{(.*)\}/u.exec(pushed)?.[1],
      bound: "exact",
      ref: "refs/remotes/origin/main",
    });
    expect(records[second]).toEqual(records[first]);
    expect(Date.parse(records[third]?.date ?? "")).toBeGreaterThan(
      Date.parse(records[second]?.date ?? ""),
    );
  });

  it("is remembered for a commit that a forced push took away again", async () => {
    const repository = withRemote();
    repository.commit({ a: "1" });
    const leaked = repository.commit({ a: "2" });
    repository.git("push", "-q", "origin", "main");
    repository.git("reset", "-q", "--hard", "HEAD^");
    repository.commit({ a: "3" });
    repository.git("push", "-q", "-f", "origin", "main");
    expect(await pushesOf(repository, leaked)).toMatchObject({ [leaked]: { bound: "exact" } });
  });

  it("is a bound when the commit came by a clone or a fetch", async () => {
    const repository = withRemote();
    const first = repository.commit({ a: "1" });
    repository.git("push", "-q", "origin", "main");
    const path = join(temporaryFolder(), "clone");
    repository.git("clone", "-q", repository.git("remote", "get-url", "origin"), path);
    const second = repository.commit({ a: "2" });
    repository.git("push", "-q", "origin", "main");
    const clone = openRepository(path);
    clone.git("fetch", "-q");
    expect(await pushesOf(clone, first, second)).toMatchObject({
      [first]: { bound: "not-after" },
      [second]: { bound: "not-after", ref: "refs/remotes/origin/main" },
    });
  });

  it("is a bound when older entries of the reflog are gone", async () => {
    const repository = withRemote();
    const first = repository.commit({ a: "1" });
    repository.git("push", "-q", "origin", "main");
    const second = repository.commit({ a: "2" });
    repository.git("push", "-q", "origin", "main");
    repository.git("reflog", "delete", "refs/remotes/origin/main@{1}");
    expect(await pushesOf(repository, first, second)).toMatchObject({
      [first]: { bound: "not-after" },
      [second]: { bound: "exact" },
    });
  });

  it("is not known when no reflog tells", async () => {
    const repository = withRemote();
    const first = repository.commit({ a: "1" });
    expect(await pushesOf(repository, first)).toEqual({});
    repository.git("push", "-q", "origin", "main");
    repository.git("reflog", "expire", "--expire=now", "--all");
    expect(await pushesOf(repository, first)).toEqual({});
  });
});

const place: Place = {
  kind: "commit",
  exposure: "pushed",
  path: "app/.env",
  line: 1,
  column: 1,
  commit: "a".repeat(40),
  date: "2024-05-01T10:00:00+02:00",
  author: "Ada <ada@example.com>",
  refs: ["refs/heads/main", "refs/remotes/origin/main"],
  object: null,
  removed: null,
  repository: null,
  worktree: null,
  encoding: [],
  trail: [],
};
const removed = { commit: "c".repeat(40), date: "2024-06-01T10:00:00+00:00", author: null };
const record: PushRecord = {
  commit: place.commit ?? "",
  repository: null,
  date: "2024-05-02T00:00:00+00:00",
  bound: "exact",
  ref: "refs/remotes/origin/main",
};
const nothing = {
  pushes: [],
  liveness: { status: "unchecked", evidence: [] },
  askedAt: null,
} as const;

describe("a key's timeline", () => {
  it("tells of commit, push, removal and return in this order", () => {
    const back = { ...place, commit: "d".repeat(40), date: "2024-07-01T10:00:00Z" };
    const timeline = timelineOf({
      ...nothing,
      places: [back, { ...place, removed }],
      pushes: [record],
    });
    expect(timeline.map(({ kind, bound }) => `${kind} ${bound}`)).toEqual([
      "committed exact",
      "pushed exact",
      "removed exact",
      "returned exact",
    ]);
  });

  it("gives the commit's date as the bound when no push is recorded, and says so", () => {
    const timeline = timelineOf({ ...nothing, places: [place] });
    expect(timeline).toMatchObject([
      { kind: "committed" },
      { kind: "pushed", bound: "not-before", date: place.date, ref: "refs/remotes/origin/main" },
    ]);
  });

  it("gives both bounds when a fetch shows by when it had been pushed", () => {
    const timeline = timelineOf({
      ...nothing,
      places: [place],
      pushes: [{ ...record, bound: "not-after" }],
    });
    expect(timeline.filter(({ kind }) => kind === "pushed").map(({ bound }) => bound)).toEqual([
      "not-before",
      "not-after",
    ]);
  });

  it("does not take a push of one repository for a push of its fork", () => {
    const fork = { ...place, repository: "fork" };
    const home = { ...place, repository: "home" };
    const timeline = timelineOf({
      ...nothing,
      places: [home, fork],
      pushes: [{ ...record, repository: "home" }],
    });
    expect(
      timeline
        .filter(({ kind }) => kind === "pushed")
        .map(({ repository, bound }) => `${repository} ${bound}`),
    ).toEqual(["fork not-before", "home exact"]);
  });

  it("tells of no push for a key that was never pushed", () => {
    const timeline = timelineOf({ ...nothing, places: [{ ...place, exposure: "committed" }] });
    expect(timeline.map(({ kind }) => kind)).toEqual(["committed"]);
  });

  it("tells by when a refused key was dead", () => {
    const evidence = [{ host: "example.com", region: "", status: 401, code: null, meaning: "" }];
    const timeline = timelineOf({
      places: [place],
      pushes: [],
      liveness: { status: "dead", evidence },
      askedAt: "2024-08-01T00:00:00.000Z",
    });
    expect(timeline.at(-1)).toMatchObject({ kind: "refused", bound: "not-after" });
    expect(askedAtOf([timeline])).toBe("2024-08-01T00:00:00.000Z");
  });

  it("can be made again from itself", () => {
    const input = { ...nothing, places: [{ ...place, removed }], pushes: [record] };
    const timeline = timelineOf(input);
    expect(timelineOf({ ...input, pushes: pushRecordsOf(timeline) })).toEqual(timeline);
  });
});

// Every place where git can hide a key is read, and told with the right kind and exposure.
import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  exposures,
  type AttributedPlace,
  type HitObject,
  type Notice,
  type Origin,
  type Repository,
} from "../../src/model/index.js";
import { attribute } from "../../src/sources/attribution.js";
import { files } from "../../src/sources/files.js";
import { exactHistory } from "../../src/sources/history.js";
import { openRepository } from "../../src/sources/repository.js";
import { reflogTexts } from "../../src/sources/reflogs.js";
import { refNames } from "../../src/sources/ref-names.js";
import { collect, everything, type Document } from "../support/documents.js";
import { plantEveryPlace, type Planted, type PlantedPlace } from "../support/places.js";

interface Hit {
  readonly key: string;
  readonly origin: Origin;
  /** In a tree object: the name that holds the key. */
  readonly entry: string;
}

let planted: Planted;
let repository: Repository;
let hits: readonly Hit[];
let attributed: readonly AttributedPlace[];
const complaints: Notice[] = [];

function search(documents: readonly Document[]): Hit[] {
  return documents.flatMap(({ origin, bytes }) =>
    planted.places.flatMap(({ key }) => {
      const offset = bytes.indexOf(key);
      if (offset === -1) return [];
      // `<mode> <name>NUL`: the name lies between a space and a NUL.
      const from = bytes.lastIndexOf(" ", offset) + 1;
      return [{ key, origin, entry: bytes.toString("utf8", from, bytes.indexOf(0, offset)) }];
    }),
  );
}

function objectsOf(found: readonly Hit[]): HitObject[] {
  const objects = new Map<string, HitObject & { entries: Map<string, Set<string>> }>();
  for (const { key, origin, entry } of found) {
    if (origin.kind !== "object") continue;
    const { oid, type } = origin;
    const entries = objects.get(oid)?.entries ?? new Map<string, Set<string>>();
    entries.set(key, new Set([entry]));
    objects.set(oid, { oid, type, entries, fingerprints: new Set(entries.keys()) });
  }
  return [...objects.values()];
}

interface Told {
  readonly kind: string;
  readonly exposure: string;
  readonly path: string | null;
  readonly refs?: readonly string[];
}

/** What is told of a key, documents outside of git's objects included. */
function told({ key }: PlantedPlace): Told[] {
  const direct = { file: "working-tree", "path-name": "working-tree", reflog: "reflog" } as const;
  return [
    ...attributed.filter(({ fingerprint }) => fingerprint === key),
    ...hits.flatMap(({ key: found, origin }): Told[] => {
      if (found !== key || origin.kind === "object" || origin.kind === "stdin") return [];
      if (origin.kind === "ref-name") {
        return [{ kind: origin.kind, exposure: "committed", path: null, refs: [origin.ref] }];
      }
      if (origin.kind === "index") return [];
      return [{ kind: origin.kind, exposure: direct[origin.kind], path: origin.path }];
    }),
  ];
}

beforeAll(async () => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "dashleaks-test-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  planted = plantEveryPlace(folder);
  const opened = await openRepository(planted.repository.path);
  if (opened === null) throw new Error("no repository");
  repository = opened;
  const options = { ...everything, threads: 2 };
  const sources = [
    files([repository.named], { ...options, repository }),
    exactHistory(repository, options),
    refNames(repository, options),
    reflogTexts(repository, { witnesses: null }),
  ];
  const found: Hit[] = [];
  for (const source of sources) {
    const { documents, notices } = await collect(source);
    complaints.push(...notices);
    found.push(...search(documents));
  }
  hits = found;
  const result = await attribute(repository, objectsOf(hits));
  complaints.push(...result.notices);
  attributed = result.places;
  return remove;
});

describe("a key in every place", () => {
  it("is found", () => {
    const found = new Set(hits.map(({ key }) => key));
    const missed = planted.places.filter(({ key }) => !found.has(key)).map(({ name }) => name);
    expect(missed).toEqual([]);
    expect(complaints).toEqual([]);
    expect(planted.places.length).toBeGreaterThanOrEqual(30);
  });

  it("is told with its kind of place, path and ref", () => {
    const wrong = planted.places.flatMap((place) => {
      const places = told(place);
      const right = places.some(
        (one) =>
          one.kind === place.kind &&
          (place.path === undefined || one.path === place.path) &&
          (place.ref === undefined ||
            ("refs" in one && (one.refs as string[]).includes(place.ref))),
      );
      return right ? [] : [{ place: { ...place, key: "" }, places }];
    });
    expect(wrong).toEqual([]);
  });

  it("is told with the worst exposure over its places", () => {
    const wrong = planted.places.flatMap((place) => {
      const ranks = told(place).map(({ exposure }) => exposures.indexOf(exposure as never));
      const worst = exposures[Math.min(...ranks)];
      return worst === place.exposure ? [] : [`${place.name}: ${worst}, not ${place.exposure}`];
    });
    expect(wrong).toEqual([]);
  });

  it("is told with the commit that took it out again, and only then", () => {
    const wrong = planted.places.flatMap(({ name, key, kind, path, removed = false }) =>
      attributed
        .filter((one) => one.fingerprint === key && one.kind === kind && one.path === path)
        .filter((one) => (one.removed !== null) !== removed)
        .map((one) => `${name}: ${JSON.stringify(one.removed)}`),
    );
    expect(wrong).toEqual([]);
  });

  it("is one place per stretch of history, oldest first, with commit, author and date", () => {
    const dates = attributed.map(({ date }) => date).filter((date) => date !== null);
    expect(dates).toEqual([...dates].sort());
    for (const place of attributed) {
      if (place.commit === null) continue;
      expect(place.author).toMatch(/^(?:Ada Author|Carl Committer) <.*@example\.com>$/u);
      expect(place.date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)$/u);
    }
    const removed = planted.places.find(({ name }) => name === "removed file");
    expect(attributed.filter(({ fingerprint }) => fingerprint === removed?.key)).toHaveLength(1);
  });

  it("is really packed as deep as the test says", () => {
    const { git } = planted.repository;
    const depthOf = (path: string): number => {
      const oid = attributed.find((place) => place.path === path)?.object ?? "";
      const pack = git("rev-parse", "--git-path", "objects/pack");
      const listing = execFileSync("sh", ["-c", `git verify-pack -v ${pack}/*.idx`], {
        cwd: planted.repository.path,
        encoding: "utf8",
      });
      const line = listing.split("\n").find((one) => one.startsWith(oid)) ?? "";
      return Number(line.split(/\s+/u)[5] ?? 0);
    };
    expect(depthOf("deep.log")).toBe(50);
    expect(depthOf("split.log")).toBeGreaterThan(0);
  });

  it("is told of linked worktrees with the worktree's folder", () => {
    const staged = attributed.find(({ path }) => path === "linked.env");
    expect(staged).toMatchObject({ kind: "index", worktree: planted.linked });
  });
});

// What a repository's object store lacks: history cut off, objects never fetched, objects lost.
// Reading what is there is left to history.
import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Notice } from "../model/notice.js";
import type { Repository, Skip } from "../model/source.js";
import { GitError, gitStream, gitText } from "./git.js";
import { missingObject } from "./history.js";
import { objectDirectories } from "./packs/object-directories.js";

/**
 * Up to this many objects it is found out whether all that refs and indexes lead to is there: git
 * has to look into every tree for that, which takes longer than the fast reader takes to read
 * everything (git's own history, 849 000 objects: 7 s and 2 s). Above it the run says so in its
 * coverage; what a repository lacks cannot leak from it.
 */
const checkedObjects = 5_000;

/** Missing objects are named one by one up to this many. */
const namedObjects = 10;

/** Says what is not there to be looked at. */
export async function incompleteness(repository: Repository): Promise<readonly (Notice | Skip)[]> {
  return [
    ...(repository.shallow ? [shallowClone] : []),
    ...(await lostAlternates(repository)),
    ...(await lostObjects(repository)),
  ];
}

const shallowClone: Notice = {
  kind: "notice",
  code: "shallow-clone",
  message:
    "The clone is shallow: older history is not here and was not scanned. Run git fetch --unshallow (GitHub Actions: fetch-depth: 0 for actions/checkout; GitLab CI: GIT_DEPTH: 0).",
  incomplete: true,
};

async function lostObjects(repository: Repository): Promise<readonly (Notice | Skip)[]> {
  const total = await objectCount(repository);
  if (total > checkedObjects && !repository.partial) {
    const reason = `whether all are there is not checked above ${checkedObjects} objects; git fsck --connectivity-only does`;
    return [{ kind: "skip", what: "links between git objects", reason, count: total }];
  }
  let missing: readonly string[];
  try {
    missing = await missingObjects(repository);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return [
      lost(
        `Some objects that refs or the index lead to are missing: ${error.message}. Run git fsck, and fetch them again or scan a fresh clone.`,
      ),
    ];
  }
  if (repository.partial && missing.length > 0) return [partialClone(missing.length)];
  const more = missing.length - namedObjects;
  return [
    ...missing.slice(0, namedObjects).map(missingObject),
    ...(more > 0 ? [lost(`${more} more objects are missing.`)] : []),
  ];
}

function lost(message: string): Notice {
  return { kind: "notice", code: "missing-object", message, incomplete: true };
}

function partialClone(missing: number): Notice {
  return {
    kind: "notice",
    code: "partial-clone",
    message: `The clone is partial: ${missing} objects were never fetched and were not scanned. Scan a clone made without --filter (GitHub Actions: no filter for actions/checkout), or run git fetch --refetch --no-filter.`,
    incomplete: true,
  };
}

/** Objects that refs and indexes lead to but that are nowhere. Nothing is fetched. */
async function missingObjects({ gitDirectory }: Repository): Promise<readonly string[]> {
  const args = ["rev-list", "--objects", "--all", "--indexed-objects", "--missing=print"];
  const missing: string[] = [];
  let rest = "";
  for await (const piece of gitStream(gitDirectory, [...args, "--no-object-names"])) {
    const text = rest + piece.toString("latin1");
    rest = text.slice(text.lastIndexOf("\n") + 1);
    for (const [, oid = ""] of text.matchAll(/^\?([0-9a-f]+)\n/gmu)) missing.push(oid);
  }
  return missing;
}

/** Counts its own objects and those that it borrows: `git count-objects` counts one store alone. */
async function objectCount(repository: Repository): Promise<number> {
  const counts = objectDirectories(repository, {}).directories.map(async (directory) => {
    const environment = { GIT_OBJECT_DIRECTORY: directory };
    const text = await gitText(repository.gitDirectory, ["count-objects", "-v"], { environment });
    const numbers = [...text.matchAll(/^(?:count|in-pack): (\d+)$/gmu)];
    return numbers.reduce((sum, [, digits]) => sum + Number(digits), 0);
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

/** git goes on without an object store that it cannot find; then objects are only seemingly lost. */
async function lostAlternates({ commonDirectory }: Repository): Promise<readonly Notice[]> {
  const objects = join(commonDirectory, "objects");
  // One that cannot be read is told where objects are read.
  const list = await readFile(join(objects, "info/alternates"), "utf8").catch(() => "");
  const stores = list.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const notices = stores.map(async (line): Promise<Notice[]> => {
    const store = resolve(objects, line);
    const there = await stat(store).then(
      (status) => status.isDirectory(),
      () => false,
    );
    const message = `The repository borrows objects from ${store}, which is not there. Restore it or scan a fresh clone.`;
    return there ? [] : [{ ...lost(message), subject: store }];
  });
  return (await Promise.all(notices)).flat();
}

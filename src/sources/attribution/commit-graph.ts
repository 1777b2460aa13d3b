// All commits of a repository and who is whose parent, in memory, in an order to walk along.
// Which refs reach which commit is left to reach.
import type { Repository } from "../../model/source.js";
import { catFile } from "../cat-file.js";
import { git, GitError } from "../git.js";
import { listObjects } from "../objects.js";

/** Commits have numbers such that every parent's number is smaller than its children's. */
export interface CommitGraph {
  readonly oids: readonly string[];
  readonly numberOf: ReadonlyMap<string, number>;
  /** The parents of commit n: `parents[starts[n]]` up to `parents[starts[n + 1]]`, first parent first. */
  readonly starts: Int32Array;
  readonly parents: Int32Array;
  /** By number: the length of the longest line of commits that ends there. */
  readonly generations: Int32Array;
}

/**
 * Reads the graph of all commits, reachable or not. At the boundary of a shallow clone, and where a
 * parent is missing, a commit has fewer parents than it names.
 */
export async function readCommitGraph(repository: Repository): Promise<CommitGraph> {
  const list = await listObjects(repository, { type: "commit" });
  const oids = Array.from(list.slice(0, list.count));
  return ordered(await parentsOf(repository, oids));
}

type Lines = readonly (readonly [commit: string, ...parents: string[]])[];

async function parentsOf(repository: Repository, oids: readonly string[]): Promise<Lines> {
  if (oids.length === 0) return [];
  try {
    const text = await git(
      repository.gitDirectory,
      ["rev-list", "--no-walk=unsorted", "--parents", "--stdin"],
      { input: oids.map((oid) => `${oid}\n`).join("") },
    );
    return text
      .toString("latin1")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split(" ") as [string, ...string[]]);
  } catch (error) {
    // One corrupt commit ends rev-list; read one by one, the others remain.
    if (error instanceof GitError) return parentsOneByOne(repository, oids);
    throw error;
  }
}

async function parentsOneByOne(repository: Repository, oids: readonly string[]): Promise<Lines> {
  const lines: [string, ...string[]][] = [];
  for await (const answer of catFile(repository, oids, { wanted: () => true })) {
    if (answer.kind !== "piece" || !answer.first) continue;
    const header = Buffer.from(answer.bytes).toString("latin1").split("\n\n", 1)[0] ?? "";
    const parents = [...header.matchAll(/^parent ([0-9a-f]+)$/gmu)].map((hit) => hit[1] ?? "");
    lines.push([answer.oid, ...parents]);
  }
  return lines;
}

/**
 * Kahn's algorithm: a commit gets its number when all its parents have theirs. The newest that is
 * ready comes first, so that a line of commits stays together and git finds their trees in its cache.
 */
function ordered(lines: Lines): CommitGraph {
  const lineOf = new Map(lines.map(([oid], index) => [oid, index]));
  const known = lines.map(([, ...parents]) =>
    parents.flatMap((parent) => {
      const index = lineOf.get(parent);
      return index === undefined ? [] : [index];
    }),
  );
  const waitingFor = known.map((parents) => parents.length);
  const children: number[][] = lines.map(() => []);
  known.forEach((parents, child) => {
    for (const parent of parents) children[parent]?.push(child);
  });
  const order: number[] = [];
  const ready = waitingFor.flatMap((count, line) => (count === 0 ? [line] : []));
  for (let line = ready.pop(); line !== undefined; line = ready.pop()) {
    order.push(line);
    for (const child of children[line] ?? []) {
      waitingFor[child] = (waitingFor[child] ?? 0) - 1;
      if (waitingFor[child] === 0) ready.push(child);
    }
  }
  const numberOfLine = new Int32Array(lines.length);
  order.forEach((line, number) => (numberOfLine[line] = number));
  const starts = new Int32Array(order.length + 1);
  const parents: number[] = [];
  const generations = new Int32Array(order.length).fill(1);
  order.forEach((line, number) => {
    for (const parent of known[line] ?? []) {
      const above = numberOfLine[parent] ?? 0;
      parents.push(above);
      generations[number] = Math.max(generations[number] ?? 1, (generations[above] ?? 0) + 1);
    }
    starts[number + 1] = parents.length;
  });
  const oids = order.map((line) => lines[line]?.[0] ?? "");
  return {
    oids,
    numberOf: new Map(oids.map((oid, number) => [oid, number])),
    starts,
    parents: Int32Array.from(parents),
    generations,
  };
}

// Where objects appear in and disappear from paths, commit by commit, by git's own comparison of trees.
// What that means for a key is left to presence.
import type { Repository } from "../../model/source.js";
import { git, gitStream } from "../git.js";
import type { CommitGraph } from "./commit-graph.js";

/**
 * One path's history: after commit n the path holds the given object, or (null) none that was asked
 * for. Every commit is compared with its first parent only, so what a path holds follows exactly,
 * merges included: what its first parent had, unless there is a change.
 */
export type PathChanges = ReadonlyMap<number, string | null>;

/** Above this many objects git is not told which ones: the command line would grow too long. */
const namedObjects = 500;

/** By path. Paths of trees end with a slash. */
export async function readPathChanges(
  repository: Repository,
  graph: CommitGraph,
  objects: ReadonlySet<string>,
): Promise<ReadonlyMap<string, PathChanges>> {
  const changes = new Map<string, Map<number, string | null>>();
  const middle = Math.ceil(graph.oids.length / 2);
  const halves = [graph.oids.slice(0, middle), graph.oids.slice(middle)];
  await Promise.all(
    halves.map((commits) => readPart(repository, graph, commits, objects, changes)),
  );
  return changes;
}

/** The same for root trees, which no path holds. */
export async function readRootTrees(
  repository: Repository,
  { oids, numberOf }: CommitGraph,
  objects: ReadonlySet<string>,
): Promise<PathChanges> {
  if (oids.length === 0) return new Map();
  const text = await git(
    repository.gitDirectory,
    ["log", "--no-walk=unsorted", "--stdin", "-s", "--format=%H %T"],
    { input: oids.map((oid) => `${oid}\n`).join("") },
  );
  return new Map(
    text
      .toString("latin1")
      .split("\n")
      .flatMap((line) => {
        const [commit = "", tree = ""] = line.split(" ");
        const number = numberOf.get(commit);
        return number === undefined ? [] : [[number, objects.has(tree) ? tree : null] as const];
      }),
  );
}

async function readPart(
  repository: Repository,
  { numberOf }: CommitGraph,
  commits: readonly string[],
  objects: ReadonlySet<string>,
  changes: Map<string, Map<number, string | null>>,
): Promise<void> {
  if (commits.length === 0) return;
  const named = objects.size <= namedObjects;
  const args = [
    "-c",
    "core.deltaBaseCacheLimit=256m",
    "diff-tree",
    "--stdin",
    "--root",
    "--diff-merges=first-parent",
    "-r",
    "-t",
    "--raw",
    "-z",
    "--no-abbrev",
    "--no-renames",
    "--no-relative",
    "--no-ext-diff",
    "--no-textconv",
    "--ignore-submodules=all",
    "-O/dev/null", // a repository could set an order file that does not exist, or a pipe
    ...(named ? Array.from(objects, (oid) => `--find-object=${oid}`) : []),
  ];
  const input = commits.map((oid) => `${oid}\n`).join("");
  let commit = 0;
  let change: { readonly oid: string; readonly tree: boolean; readonly asked: boolean } | null =
    null;
  for await (const field of fields(gitStream(repository.gitDirectory, args, { input }))) {
    if (change?.asked === false) {
      change = null;
      continue;
    }
    if (change !== null) {
      const path = field.toString("utf8") + (change.tree ? "/" : "");
      const known = changes.get(path) ?? new Map<number, string | null>();
      known.set(commit, objects.has(change.oid) ? change.oid : null);
      changes.set(path, known);
      change = null;
      continue;
    }
    const text = field.toString("latin1");
    if (!text.startsWith(":")) {
      commit = numberOf.get(text) ?? commit;
      continue;
    }
    // Source of the form: git-diff-tree(1), "RAW OUTPUT FORMAT".
    const [before = "", after = "", old = "", oid = ""] = text.slice(1).split(" ");
    const tree = before === "040000" || after === "040000";
    change = { oid, tree, asked: objects.has(old) || objects.has(oid) };
  }
}

/** The fields of a stream that end with NUL. */
async function* fields(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of stream) {
    const text = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let start = 0;
    for (let end = text.indexOf(0); end !== -1; end = text.indexOf(0, start)) {
      yield text.subarray(start, end);
      start = end + 1;
    }
    rest = text.subarray(start);
  }
}

// Which tracked files are known to have the content of their index entry, so that the blob, which is
// read with the history, stands for them. Reading the others is left to files.
import type { Repository } from "../model/source.js";
import { git } from "./git.js";
import type { GitOptions } from "./git-options.js";

/**
 * Entries that no attribute converts on the way to disk: an encrypting filter's plain text is in no
 * blob. Sources: gitattributes(5); gitglossary(7), "pathspec", `attr`.
 */
const unconverted = ":(top,attr:!filter !ident !working-tree-encoding)";
/** A line of `ls-files -v -s`. H is an ordinary entry: lower case is assume-unchanged, S skip-worktree. */
const ordinaryEntry = /^H 100(?:644|755) (?<oid>[0-9a-f]+) 0\t(?<path>.*)$/su;

/**
 * Asks git which tracked files it takes for unchanged by their stat data, and leaves out those of
 * which that says nothing: files that git was told not to look at, files that are converted on their
 * way to disk, and those whose blob is not there.
 * @param variables git's variables that led to the repository
 * @returns by path (below the worktree's top, as git has it) the object id of the blob
 */
export async function unchangedFiles(
  { worktree }: Pick<Repository, "worktree">,
  variables: NonNullable<GitOptions["environment"]> = {},
): Promise<ReadonlyMap<string, string>> {
  if (worktree === null) return new Map();
  // git compares contents where stat data leave it in doubt, and would run clean filters for that.
  const environment = await withoutFilters(worktree, variables);
  const changed = git(worktree, ["diff-files", "-z", "--name-only", "--ignore-submodules=all"], {
    environment,
  });
  changed.catch(() => undefined); // awaited below; must not count as unhandled until then
  const blobs = new Map<string, string>();
  for (const entry of fields(
    await git(worktree, ["ls-files", "-z", "-v", "-s", "--", unconverted], {
      patterns: true,
      environment: variables,
    }),
  )) {
    const { oid, path } = ordinaryEntry.exec(entry)?.groups ?? {};
    if (oid !== undefined && path !== undefined) blobs.set(path, oid);
  }
  // By name alone: for types and sizes git would go to the packs.
  const stored = await git(worktree, ["cat-file", "--buffer", "--batch-check=%(objectname)"], {
    input: [...new Set(blobs.values()), ""].join("\n"),
    environment: variables,
  });
  // Of what is not there it says `<id> missing`.
  const there = new Set(stored.toString("latin1").split("\n"));
  for (const path of fields(await changed)) blobs.delete(path);
  for (const [path, oid] of blobs) if (!there.has(oid)) blobs.delete(path);
  return blobs;
}

/** An environment in which every filter that the configuration knows has no program. */
async function withoutFilters(
  worktree: string,
  variables: NonNullable<GitOptions["environment"]>,
): Promise<NonNullable<GitOptions["environment"]>> {
  const args = ["config", "-z", "--name-only", "--get-regexp", String.raw`^filter\..*\.`];
  const names = fields(await git(worktree, args, { environment: variables, allowStatus: [0, 1] }));
  const drivers = new Set(names.map((name) => name.slice(0, name.lastIndexOf("."))));
  const settings = [...drivers].flatMap((driver) => [
    [`${driver}.clean`, ""],
    [`${driver}.smudge`, ""],
    [`${driver}.process`, ""],
    [`${driver}.required`, "false"],
  ]);
  // By the environment, not by -c: a driver's name may hold an equals sign.
  const before = Number(process.env["GIT_CONFIG_COUNT"] ?? 0);
  const environment: Record<string, string> = {
    ...variables,
    GIT_CONFIG_COUNT: String(before + settings.length),
  };
  settings.forEach(([name = "", value = ""], index) => {
    environment[`GIT_CONFIG_KEY_${before + index}`] = name;
    environment[`GIT_CONFIG_VALUE_${before + index}`] = value;
  });
  return environment;
}

function fields(text: Buffer): readonly string[] {
  return text
    .toString("utf8")
    .split("\0")
    .filter((field) => field !== "");
}

// Which tracked files are known to have the content of their index entry, so that the blob, which is
// read with the history, stands for them. Reading the others is left to files.
import type { Repository } from "../model/source.js";
import { git } from "./git.js";
import type { GitOptions } from "./git-options.js";

/** Attributes by which a file's content on disk differs from its blob; source: gitattributes(5). */
const convertingAttributes = ["filter", "ident", "working-tree-encoding"] as const;

/**
 * Asks git which tracked files it takes for unchanged by their stat data, and leaves out those of
 * which that says nothing: files that git was told not to look at, and files that are converted on
 * their way to disk (an encrypting filter's plain text is in no blob).
 * @returns says of a path (below the worktree's top, as git has it) whether its blob stands for it
 */
export async function unchangedFiles(
  repository: Pick<Repository, "worktree">,
): Promise<(path: string) => boolean> {
  const { worktree } = repository;
  if (worktree === null) return () => false;
  // git compares contents where stat data leave it in doubt, and would run clean filters for that.
  const environment = await withoutFilters(worktree);
  const tracked = git(worktree, ["ls-files", "-z"]);
  const [changed, flagged, attributes] = await Promise.all([
    git(worktree, ["diff-files", "-z", "--name-only", "--ignore-submodules=all"], { environment }),
    git(worktree, ["ls-files", "-z", "-v"]),
    git(worktree, ["check-attr", "-z", "--stdin", ...convertingAttributes], {
      input: await tracked,
    }),
  ]);
  const doubtful = new Set(fields(changed));
  const known = new Set<string>();
  for (const entry of fields(flagged)) {
    const path = entry.slice(2);
    // H: an ordinary entry. Lower case: assume-unchanged; S: skip-worktree; M: in conflict.
    if (entry.startsWith("H ")) known.add(path);
    else doubtful.add(path);
  }
  const answers = fields(attributes);
  for (let at = 0; at + 2 < answers.length; at += 3) {
    const [path = "", , value] = answers.slice(at, at + 3);
    if (value !== "unspecified" && value !== "unset") doubtful.add(path);
  }
  return (path) => known.has(path) && !doubtful.has(path);
}

/** An environment in which every filter that the configuration knows has no program. */
async function withoutFilters(worktree: string): Promise<NonNullable<GitOptions["environment"]>> {
  const args = ["config", "-z", "--name-only", "--get-regexp", String.raw`^filter\..*\.`];
  const names = fields(await git(worktree, args, { allowStatus: [0, 1] }));
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

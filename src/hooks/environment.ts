// What git tells a hook by variables: which repository, index and objects it is about.
// Passing them on to git processes is left to sources.
import { delimiter, isAbsolute, resolve } from "node:path";

/**
 * Variables that say which repository a hook works on. Source: githooks(5) and git(1), "Environment
 * Variables"; git-receive-pack(1), "Quarantine Environment".
 */
const singlePaths = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_COMMON_DIR",
  "GIT_INDEX_FILE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_QUARANTINE_PATH",
] as const;
const pathLists = ["GIT_ALTERNATE_OBJECT_DIRECTORIES"] as const;
const plain = ["GIT_NAMESPACE"] as const;

/**
 * The variables that hold for a hook, with paths made absolute: git's commands are run in other
 * folders than the hook.
 * @param directory the folder in which git started the hook
 */
export function hookEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  directory: string,
): Record<string, string> {
  const kept: Record<string, string> = {};
  const absolute = (path: string): string =>
    path === "" || isAbsolute(path) ? path : resolve(directory, path);
  for (const name of singlePaths) {
    const value = environment[name];
    if (value !== undefined) kept[name] = absolute(value);
  }
  for (const name of pathLists) {
    const value = environment[name];
    if (value !== undefined) kept[name] = value.split(delimiter).map(absolute).join(delimiter);
  }
  for (const name of plain) {
    const value = environment[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

/** What the pre-commit framework tells its hooks. Source: pre-commit.com, "Hook stages", 2026-11. */
export type FrameworkCall =
  /** `pre-commit run --from-ref A --to-ref B`, and its pre-push stage. */
  | {
      readonly kind: "range";
      readonly from: string;
      readonly to: string;
      /** The pushed ref's name on the other side, where it is told. */
      readonly name: string | null;
    }
  /** `pre-commit run`, perhaps with `--all-files`, not for a commit; or a push of which all is new. */
  | { readonly kind: "by-hand"; readonly name: string | null }
  /** In a commit, or not under that framework at all. */
  | { readonly kind: "none" };

/** Tells how the pre-commit framework, if it is there, called a hook. */
export function frameworkCall(
  environment: Readonly<Record<string, string | undefined>>,
): FrameworkCall {
  if (!environment["PRE_COMMIT"]) return { kind: "none" };
  const { PRE_COMMIT_FROM_REF: from, PRE_COMMIT_TO_REF: to } = environment;
  const name = environment["PRE_COMMIT_REMOTE_BRANCH"] || null;
  if (from && to) {
    return { kind: "range", from, to, name };
  }
  // git sets it for the hooks of a commit, and nothing else does.
  return environment["GIT_INDEX_FILE"] ? { kind: "none" } : { kind: "by-hand", name };
}

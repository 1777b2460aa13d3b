// Whether a scope makes sense for what was named: an index, commits and a history are of a repository.
// What was named is left to targets, reading it to read-target.
import { relative, sep } from "node:path";
import { UserError } from "../model/errors.js";
import type { Scope } from "./read-target.js";
import { addTarget, nameOfTarget, type Target } from "./targets.js";

/** What a place outside of every repository lacks for a scope; null where it needs no repository. */
const lacks = {
  audit: null,
  tree: null,
  history: "it has no history",
  everything: null,
  staged: "nothing is staged there",
  before: null,
  range: "it has no commits",
  outgoing: "it has no commits",
} as const satisfies Record<Scope["kind"], string | null>;

/**
 * Gives the targets as a scope needs them: a file that was named narrows its repository to itself.
 * @throws UserError for a target that has nothing of the kind; what cannot be looked at is not clean
 */
export function fittingTargets(targets: readonly Target[], scope: Scope): readonly Target[] {
  const lack = lacks[scope.kind];
  if (lack === null) return targets;
  const fitting: Target[] = [];
  for (const target of targets) addTarget(fitting, fitted(target, scope, lack));
  return fitting;
}

function fitted(target: Target, scope: Scope, lack: string): Target {
  const { repository } = { repository: null, ...target };
  if (repository === null) {
    const name = nameOfTarget(target);
    throw new UserError(
      name === null
        ? `standard input is no git repository: ${lack}`
        : `${name} is in no git repository: ${lack}`,
      "Stand in a git repository or name one; dashleaks scan PATH looks at plain files.",
    );
  }
  if (scope.kind === "staged" && repository.worktree === null) {
    throw new UserError(
      `${repository.gitDirectory} is a bare repository: nothing is staged there`,
      "Use --history for its git objects.",
    );
  }
  if (target.kind !== "files") return target;
  const within = target.paths.map((path) => relative(target.root, path).split(sep).join("/"));
  return { kind: "repository", repository, within };
}

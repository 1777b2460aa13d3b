// What takes a key out of each thing that can hold it, with the command where one is safe to print.
// Which places there are is left to proof and purge-plan; nothing is run here.
import type { AdviceStep, Place, RepositoryState } from "../model/index.js";

export type RemovalState = Pick<
  RepositoryState,
  "branch" | "stashes" | "worktrees" | "alternates" | "keptPacks"
>;

/**
 * Steps that take a key out of everything that holds it: files and index first, then refs, stashes,
 * and last of all reflogs and objects, which only go when nothing reaches them any more.
 */
export function removalSteps(places: readonly Place[], state: RemovalState): AdviceStep[] {
  const steps = [
    ...currentSteps(places),
    ...refSteps(places, state),
    ...stashSteps(places, state),
    ...residueSteps(places, state),
  ];
  const name = ({ text, command }: AdviceStep): string => command ?? text;
  return [...new Map(steps.map((step) => [name(step), step])).values()];
}

/** Files, names of files, and what is staged, in every worktree. */
function currentSteps(places: readonly Place[]): AdviceStep[] {
  return places.flatMap(({ kind, path, worktree, line }): AdviceStep[] => {
    const where = worktree === null ? "" : ` in the worktree ${worktree}`;
    switch (kind) {
      case "file":
        return [
          { text: `Take it out of the file ${path}${atLine(line)}${where}, or delete the file.` },
        ];
      case "path-name":
        return [{ text: `Rename ${path}${where}: its name holds the key.` }];
      case "index":
        return [
          {
            text: `Take it out of what is staged for ${path}${where} (after the file itself is clean).`,
            ...(path !== null && isPlain(path)
              ? { command: `git ${inWorktree(worktree)}add -- ${path}` }
              : {}),
          },
        ];
      default:
        return [];
    }
  });
}

function atLine(line: number | null): string {
  return line === null ? "" : ` (line ${line})`;
}

function inWorktree(worktree: string | null): string {
  return worktree === null || !isPlain(worktree) ? "" : `-C ${worktree} `;
}

interface RefRule {
  readonly pattern: RegExp;
  readonly step: (ref: string, match: readonly string[], state: RemovalState) => AdviceStep;
}

const platformHolds =
  "the platform keeps its own copy, which only its support can delete (GitHub: https://support.github.com, asking to remove cached views and references)";

/** What becomes of each kind of ref; the first that fits. Source: gitrevisions(7), git-worktree(1). */
const refRules: readonly RefRule[] = [
  {
    pattern: /^(?:worktrees\/(.+)\/)?HEAD$/u,
    step: (_, [, worktree]) => ({
      text:
        worktree === undefined
          ? "HEAD is detached at a commit that holds it: check out a clean commit."
          : `The linked worktree ${worktree} has a commit checked out that holds it: remove the worktree (git worktree list shows its folder), or check out a clean commit there.`,
      ...(worktree === undefined || !isPlain(worktree)
        ? {}
        : { command: `git worktree remove ${worktree}` }),
    }),
  },
  {
    // Refs that platforms make of pull and merge requests, also as actions/checkout fetches them.
    pattern:
      /^refs\/(?:pull|merge-requests|pull-requests|changes)\/|^refs\/remotes\/(?:[^/]+\/)?(?:pull?|pr|mr|merge-requests)\/\d+/u,
    step: (ref) => ({
      text: `A pull request's ref ${ref} reaches it: delete the local copy; ${platformHolds}.`,
      ...withName("git update-ref -d", ref),
    }),
  },
  {
    pattern: /^refs\/remotes\/([^/]+)\/(.+)$/u,
    step: (_, [, remote = "", branch = ""]) => ({
      text: `The remote's branch ${branch} reaches it, as far as was last fetched: rewrite or delete it there, then fetch with --prune; if it is gone there already, fetching is enough.`,
      ...(isPlain(remote) && isPlain(branch) && branch !== "HEAD"
        ? { command: `git push ${remote} --delete ${branch}; git fetch --prune ${remote}` }
        : {}),
    }),
  },
  {
    pattern: /^refs\/heads\/(.+)$/u,
    step: (ref, [, branch = ""], { branch: current }) =>
      ref === current
        ? {
            text: `The branch ${branch}, which is checked out, reaches it: rewrite its history as dashleaks purge-plan says.`,
          }
        : {
            text: `The branch ${branch} reaches it: delete it if it is not needed, else rewrite it (dashleaks purge-plan).`,
            ...withName("git branch -D", branch),
          },
  },
  {
    pattern: /^refs\/tags\/(.+)$/u,
    step: (_, [, tag = ""]) => ({
      text: `The tag ${tag} reaches it: delete it here and on every remote that has it.`,
      ...withName("git tag -d", tag),
    }),
  },
  {
    pattern: /^refs\/original\//u,
    step: (ref) => ({
      text: `git filter-branch left its backup ${ref}: delete it.`,
      ...withName("git update-ref -d", ref),
    }),
  },
  {
    pattern: /^(?:worktrees\/.+\/)?refs\/(?:bisect|rewritten)\//u,
    step: (ref) => ({
      text: `An unfinished bisect or rebase reaches it (${ref}): end it (git bisect reset, git rebase --abort) in its worktree.`,
    }),
  },
  {
    pattern: /^(?:worktrees\/.+\/)?refs\//u,
    step: (ref) => ({
      text: `The ref ${ref} reaches it: delete it.`,
      ...withName("git update-ref -d", ref),
    }),
  },
];

function withName(start: string, name: string): { readonly command?: string } {
  return isPlain(name) ? { command: `${start} ${name}` } : {};
}

function refSteps(places: readonly Place[], state: RemovalState): AdviceStep[] {
  const refs = new Set(
    places.flatMap(({ refs: names }) => names.filter((ref) => !ref.startsWith("refs/stash"))),
  );
  const ordered = [...refs];
  return ordered.flatMap((ref) => {
    for (const { pattern, step } of refRules) {
      const match = pattern.exec(ref);
      if (match) return [step(ref, match, state)];
    }
    return [{ text: `${ref} reaches it: delete it.` }];
  });
}

/** Dropping one entry renumbers those behind it: the oldest goes first. */
function stashSteps(places: readonly Place[], { stashes }: RemovalState): AdviceStep[] {
  const held = heldStashes(places, stashes);
  const oldestFirst = [...stashes].reverse().filter(({ name }) => held.has(name));
  return oldestFirst.map(({ name }) => ({
    text: `The stash entry ${name} holds it: drop it (this cannot be undone; git stash apply it first if you need it, and take the key out).`,
    command: `git stash drop ${name}`,
  }));
}

/** A stash entry is up to three commits, and any may hold the key. */
function heldStashes(
  places: readonly Place[],
  stashes: RemovalState["stashes"],
): ReadonlySet<string> {
  const commits = new Set(places.flatMap(({ commit }) => commit ?? []));
  const named = places
    .flatMap(({ refs }) => refs)
    .map((ref) => (ref === "refs/stash" ? "stash@{0}" : ref.replace(/^refs\/stash@/u, "stash@")));
  return new Set([
    ...named.filter((name) => stashes.some((entry) => entry.name === name)),
    ...stashes
      .filter((entry) => entry.commits.some((oid) => commits.has(oid)))
      .map(({ name }) => name),
  ]);
}

/**
 * Places in git objects or reflogs, which are left behind when refs are gone; reflogs tell the names
 * of refs, too.
 */
function isStored({ kind, commit, object }: Place): boolean {
  if (kind === "path-name") return commit !== null || object !== null;
  return kind !== "file" && kind !== "stdin";
}

function residueSteps(
  places: readonly Place[],
  { stashes, worktrees, alternates, keptPacks }: RemovalState,
): AdviceStep[] {
  if (!places.some(isStored)) return [];
  const held = heldStashes(places, stashes);
  const otherStashes = stashes.some(({ name }) => !held.has(name));
  return [
    ...(otherStashes ? expireButStash(worktrees) : [expireAll]),
    ...alternates.map((folder) => ({
      text: `Objects may lie in ${folder}, which this repository borrows from: run the same there, after every repository that borrows from it.`,
    })),
    ...keptPacks.map((pack) => ({
      text: `git gc leaves the pack ${pack} alone: delete the .keep file beside it first.`,
    })),
    {
      text: "Delete the objects that nothing reaches any more.",
      command: "git gc --prune=now",
    },
  ];
}

const expireAll: AdviceStep = {
  text: "Forget what the reflogs still hold; nothing else can be got back from them afterwards.",
  command: "git reflog expire --expire=now --all",
};

/**
 * `--all` would take every stash entry but the newest with it: stash entries are reflog entries.
 * Source: git-reflog(1), git-stash(1).
 */
function expireButStash(worktrees: readonly string[]): AdviceStep[] {
  const linked = worktrees.slice(1).filter(isPlain);
  return [
    {
      text: "Forget what the reflogs still hold, but keep the stash: its other entries are reflog entries too, and --all would drop them.",
      command:
        "git reflog expire --expire=now HEAD $(git for-each-ref --format='%(refname)' refs/heads refs/remotes refs/tags)",
    },
    ...linked.map((folder) => ({
      text: `The same for the linked worktree ${folder}.`,
      command: `git -C ${folder} reflog expire --expire=now HEAD`,
    })),
  ];
}

/** Names go into commands only when no shell and no terminal reads anything into them. */
export function isPlain(name: string): boolean {
  return /^[A-Za-z0-9_.@/+][A-Za-z0-9_.@/+-]*$/u.test(name) && !name.includes("sk-");
}

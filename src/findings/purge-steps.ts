// The words and commands of each recipe: what to do, whom to tell, what stays undone.
// Which recipe it is was decided by purge-plan; the residue's steps come from removal-steps.
import { compareText, type AdviceStep, type Place, type PurgeRecipe } from "../model/index.js";
import type { PurgedKey, PurgeState } from "./purge-plan.js";
import { clearedByRewrite, filterSteps } from "./filter-steps.js";
import { refOnlySteps } from "./ref-only-steps.js";
import { removalSteps } from "./removal-steps.js";

type Recipe = (keys: readonly PurgedKey[], state: PurgeState) => readonly AdviceStep[];

const recipes = {
  nothing: () => [],
  "clear-residue": () => [],
  edit: () => [],
  unstage: () => [],
  "delete-ref": () => [],
  amend: (keys) => [
    {
      text: "The last commit holds it, and nobody else has that commit: take the key out of the files (and out of the message), then replace the commit.",
      command: amendCommand(keys),
    },
  ],
  rebase: rebaseSteps,
  "filter-repo": filterSteps,
} as const satisfies Record<PurgeRecipe, Recipe>;

/** The steps of a plan, in their order. */
export function stepsFor(
  recipe: PurgeRecipe,
  keys: readonly PurgedKey[],
  state: PurgeState,
): AdviceStep[] {
  if (recipe === "nothing") return [];
  const places = keys.flatMap(({ finding }) => finding.places);
  const current = removalSteps(places.filter(isCurrent), state);
  const stored = places.filter((place) => !isCurrent(place));
  const rewriting = recipes[recipe](keys, state);
  const rewritten = recipe === "filter-repo" ? clearedByRewrite(keys, state) : new Set<Place>();
  // What a rewrite leaves behind in this clone is residue, and so is what was there before it.
  const left = stored.map((place) => withoutBranches(place, rewritten.has(place)));
  const residue = stored.length > 0 ? removalSteps(left, state) : [];
  return [
    resetFirst,
    ...current,
    ...refOnlySteps(places, state),
    ...rewriting,
    ...residue,
    {
      text: "Show that nothing holds it any more.",
      command: `dashleaks prove ${keys.map(({ finding }) => finding.fingerprint).join(" ")}`,
    },
  ];
}

const resetFirst: AdviceStep = {
  text: "Reset the key first: no rewrite reaches copies that others have, and only a dead key is harmless (dashleaks scan shows the page).",
};

/** In a folder or an index, and not in git's objects. */
function isCurrent({ exposure, kind }: Place): boolean {
  return exposure === "working-tree" || exposure === "staged" || kind === "file";
}

/**
 * A rewrite moves branches, tags and their copies itself. Stashes and old entries stay, except where
 * all refs of this clone are rewritten, the stash among them.
 */
function withoutBranches(place: Place, all: boolean): Place {
  return { ...place, refs: all ? [] : place.refs.filter((ref) => ref.startsWith("refs/stash")) };
}

function amendCommand(keys: readonly PurgedKey[]): string {
  const inMessage = keys.some(({ finding }) =>
    finding.places.some(({ kind }) => kind === "commit-message"),
  );
  return inMessage
    ? "git add -u && git commit --amend"
    : "git add -u && git commit --amend --no-edit";
}

function rebaseSteps(
  keys: readonly PurgedKey[],
  { ownCommits }: PurgeState,
): readonly AdviceStep[] {
  const places = keys.flatMap(({ finding }) => finding.places);
  const touched = new Map(
    places.flatMap(({ commit, kind }) => (commit === null ? [] : [[commit, kind] as const])),
  );
  const concerned = ownCommits.filter(({ commit }) => touched.has(commit));
  const oldest = concerned.at(-1);
  if (!oldest) return [];
  const base = oldest.isRoot ? "--root" : `${oldest.commit.slice(0, 12)}^`;
  const list = concerned
    .map(({ commit }) => commit.slice(0, 12))
    .reverse()
    .join(", ");
  return [
    {
      text: `Only your own commits that were never pushed hold it: rebase them, and change "pick" to "edit" for ${list} ("reword" where only the message holds it).`,
      command: `git rebase -i ${base}`,
    },
    {
      text: "At each stop take the key out of the files, then go on. Where a later commit took it out, keep your version.",
      command: "git add -u && git commit --amend --no-edit && git rebase --continue",
    },
  ];
}

/** Who has to know, by how far the worst key got. */
export function tellWhom(keys: readonly PurgedKey[]): string[] {
  const places = keys.flatMap(({ finding }) => finding.places);
  const pushed = places.some(({ exposure }) => exposure === "pushed");
  const committed = pushed || places.some(({ exposure }) => exposure !== "working-tree");
  const authors = new Set(places.flatMap(({ author }) => author ?? []));
  return [
    "Whoever owns the key, so that it is reset and the bill is looked at.",
    ...(pushed
      ? [
          "Everybody with a clone: they have to fetch and rebase, or clone anew; one merge of the old history brings the key back.",
          "Owners of forks and mirrors: each has to be rewritten or deleted by its owner.",
          "Authors of open pull or merge requests: their branches have to be rebased onto the new history.",
          "The platform's support: only they can delete cached views and the refs of pull requests.",
          "Whoever runs CI, releases and deployments: caches, artefacts, images and packages were built from the old history.",
        ]
      : []),
    ...(committed && authors.size > 0
      ? [`The authors of the commits: ${[...authors].sort(compareText).slice(0, 10).join(", ")}.`]
      : []),
    ...(committed && !pushed ? ["Whoever else can read this machine or its backups."] : []),
  ];
}

/** What stays, whatever is rewritten. */
export function whatStays(recipe: PurgeRecipe, keys: readonly PurgedKey[]): string[] {
  const pushed = keys.some(({ finding }) => finding.exposure === "pushed");
  return [
    "The key itself: it works until it is reset.",
    ...(pushed
      ? [
          "Clones and forks that others have.",
          "The platform's caches, the refs of its pull requests, and events in public archives.",
          "Logs, artefacts, container images and packages that were built from the old commits.",
          "Copies by crawlers and search engines.",
        ]
      : []),
    ...(recipe === "nothing" ? [] : ["Backups of this machine."]),
  ];
}

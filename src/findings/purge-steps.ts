// The words and commands of each recipe: what to do, whom to tell, what stays undone.
// Which recipe it is was decided by purge-plan; the residue's steps come from removal-steps.
import { compareText, type AdviceStep, type Place, type PurgeRecipe } from "../model/index.js";
import type { PurgedKey, PurgeState } from "./purge-plan.js";
import { isPlain, removalSteps } from "./removal-steps.js";

type Recipe = (keys: readonly PurgedKey[], state: PurgeState) => readonly AdviceStep[];

const recipes = {
  nothing: () => [],
  "clear-residue": () => [],
  edit: () => [],
  unstage: () => [],
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
  const rewriting = recipes[recipe](keys, state);
  // What a rewrite leaves behind in this clone is residue, and so is what was there before it.
  const residue = places.some((place) => !isCurrent(place))
    ? removalSteps(places.filter((place) => !isCurrent(place)).map(withoutBranches), state)
    : [];
  return [
    resetFirst,
    ...current,
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

function isCurrent({ kind }: Place): boolean {
  return kind === "file" || kind === "index" || kind === "path-name" || kind === "stdin";
}

/** A rewrite moves branches, tags and their copies itself; stashes and old entries stay. */
function withoutBranches(place: Place): Place {
  return { ...place, refs: place.refs.filter((ref) => ref.startsWith("refs/stash")) };
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

/** Source: git-filter-repo(1), 2.47: --sensitive-data-removal also fetches every ref of the remote. */
function filterSteps(keys: readonly PurgedKey[], { remotes }: PurgeState): readonly AdviceStep[] {
  const rewritten = keys.filter(({ recipe }) => recipe === "filter-repo");
  const places = rewritten.flatMap(({ finding }) => finding.places);
  const [remote] = remotes;
  const messages = places.some(({ kind }) => kind === "commit-message" || kind === "tag-message");
  const encoded = places.some(({ encoding, commit }) => encoding.length > 0 && commit !== null);
  const unseen = rewritten.some(({ expression }) => expression === null);
  const options = [
    "--sensitive-data-removal",
    "--replace-text expressions.txt",
    ...(messages ? ["--replace-message expressions.txt"] : []),
  ];
  return [
    ...(remote === undefined
      ? [{ text: "Keep a copy of the repository until you have checked the result." }]
      : [
          {
            text: `Push or merge what is to be kept, ask everybody to stop pushing, and work in a fresh mirror clone (git remote get-url ${remote} shows the address).`,
            command: `git clone --mirror "$(git remote get-url ${isPlain(remote) ? remote : "origin"})" purge.git && cd purge.git`,
          },
        ]),
    {
      text: unseen
        ? "Write the expressions file that holds the keys (mode 0600; delete it afterwards): the shape of at least one key finds other keys as well."
        : "Write the expressions below to expressions.txt: they find the keys by their shape and hold none.",
      ...(unseen ? { command: "dashleaks purge-plan --expressions expressions.txt" } : {}),
    },
    {
      text: "Rewrite every branch and tag (git filter-repo 2.47 or later, https://github.com/newren/git-filter-repo).",
      command: `git filter-repo ${options.join(" ")}${remote === undefined ? " --force" : ""}`,
    },
    ...(encoded
      ? [
          {
            text: "Some places hold it encoded or packed, where no expression finds it: write the object ids below to objects.txt and strip those versions of the files whole.",
            command: "git filter-repo --strip-blobs-with-ids objects.txt --force",
          },
        ]
      : []),
    ...nameSteps(places),
    ...(remote === undefined
      ? []
      : [
          {
            text: "Publish the rewritten history. The platform refuses its own refs of pull requests; that is expected.",
            command: "git push --force --mirror origin",
          },
          {
            text: "In every clone, this one included: fetch, move local branches onto the new history (rebase, never merge), or clone anew.",
          },
        ]),
  ];
}

/** Names of refs and paths, and notes, which --replace-text does not reach. */
function nameSteps(places: readonly Place[]): AdviceStep[] {
  const has = (kind: Place["kind"]): boolean => places.some((place) => place.kind === kind);
  return [
    ...(has("ref-name")
      ? [{ text: "Delete the refs whose name holds it, here and on every remote." }]
      : []),
    ...(has("path-name")
      ? [
          {
            text: "Rename the path in all of history.",
            command: "git filter-repo --path-rename OLD:NEW --force",
          },
        ]
      : []),
    ...(has("note")
      ? [
          {
            text: "Remove the note that holds it from the commit, then delete the old version of the notes.",
            command: "git notes remove COMMIT",
          },
        ]
      : []),
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

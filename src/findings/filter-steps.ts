// Rewriting history by git filter-repo: in this clone while nobody else has it, else in a mirror.
// Whether it has to be rewritten at all was decided by purge-plan.
import type { AdviceStep, Place } from "../model/index.js";
import type { PurgedKey, PurgeState } from "./purge-plan.js";
import { isRefOnly } from "./ref-only-steps.js";
import { isPlain } from "./removal-steps.js";

/** Is it in what a rewrite rewrites: commits and tags that a ref reaches? */
export function isRewritten(place: Place): boolean {
  const { exposure, kind } = place;
  if (kind === "file" || isRefOnly(place)) return false;
  return exposure === "pushed" || exposure === "tagged" || exposure === "committed";
}

/** Where the rewrite takes place; a tag may have been pushed, although no remote's ref says so. */
function isShared(places: readonly Place[], { remotes }: PurgeState): boolean {
  const shared = places.some(({ exposure }) => exposure === "pushed" || exposure === "tagged");
  return shared && remotes.length > 0;
}

function rewrittenPlaces(keys: readonly PurgedKey[]): readonly Place[] {
  return keys
    .filter(({ recipe }) => recipe === "filter-repo")
    .flatMap(({ finding }) => finding.places.filter(isRewritten));
}

/** Places of which a rewrite of every ref of this clone, the stash included, leaves nothing. */
export function clearedByRewrite(
  keys: readonly PurgedKey[],
  state: PurgeState,
): ReadonlySet<Place> {
  return new Set(state.remotes.length === 0 ? rewrittenPlaces(keys) : []);
}

/** The steps in their order. */
export function filterSteps(keys: readonly PurgedKey[], state: PurgeState): readonly AdviceStep[] {
  const places = rewrittenPlaces(keys);
  return isShared(places, state) ? inMirror(keys, places, state) : inThisClone(keys, places, state);
}

/** Source: git-filter-repo(1), 2.47: --sensitive-data-removal also fetches every ref of the remote. */
function inMirror(
  keys: readonly PurgedKey[],
  places: readonly Place[],
  { remotes: [remote = "origin"] }: PurgeState,
): readonly AdviceStep[] {
  const name = isPlain(remote) ? remote : "origin";
  return [
    {
      text: `Push or merge what is to be kept, ask everybody to stop pushing, and work in a fresh mirror clone (git remote get-url ${remote} shows the address).`,
      command: `git clone --mirror "$(git remote get-url ${name})" purge.git && cd purge.git`,
    },
    ...rewriteSteps(keys, places, ["--sensitive-data-removal"]),
    {
      text: "Publish the rewritten history. The platform refuses its own refs of pull requests; that is expected.",
      command: "git push --force --mirror origin",
    },
    {
      text: "In every clone, this one included: fetch, move local branches onto the new history (rebase, never merge), or clone anew.",
    },
  ];
}

/** The branch that holds what was not committed while history is rewritten below it. */
const aside = "uncommitted-work";

/**
 * git filter-repo ends with `git reset --hard`. `git stash create` makes a commit of index and files
 * and touches no stash; on a branch it is rewritten with the rest, so that it fits afterwards.
 * Source: git-stash(1); git-filter-repo 2.47, --refs (implies --partial: remotes stay).
 */
function inThisClone(
  keys: readonly PurgedKey[],
  places: readonly Place[],
  { remotes }: PurgeState,
): readonly AdviceStep[] {
  const tags = new Set(places.flatMap(({ refs }) => refs.filter(isPlainTag)));
  const list = "git for-each-ref --format";
  const refs = [
    "--refs",
    `$(${list}='%(refname)' refs/heads)`,
    ...tags,
    `$(${list}='^%(refname)' refs/remotes)`,
  ].join(" ");
  return [
    {
      text: "Keep a copy of the whole folder until you have checked the result.",
    },
    {
      text: `Put what is not committed aside: the rewrite resets every tracked file. (Makes the branch ${aside}, if there is anything; untracked files stay as they are.)`,
      command: `work=$(git stash create); test -z "$work" || git branch ${aside} "$work"`,
    },
    ...rewriteSteps(keys, places, ["--force", ...(remotes.length > 0 ? [refs] : [])]),
    {
      text: "Get back what was put aside.",
      command: `if git rev-parse -q --verify refs/heads/${aside} >/dev/null; then git stash apply --index ${aside} && git branch -D ${aside}; fi`,
    },
  ];
}

function isPlainTag(ref: string): boolean {
  return ref.startsWith("refs/tags/") && isPlain(ref);
}

/** What is rewritten, and how. */
function rewriteSteps(
  keys: readonly PurgedKey[],
  places: readonly Place[],
  options: readonly string[],
): readonly AdviceStep[] {
  const texts = places.filter(({ kind }) => kind !== "path-name");
  const messages = texts.some(({ kind }) => kind === "commit-message" || kind === "tag-message");
  const encoded = texts.some(({ encoding, commit }) => encoding.length > 0 && commit !== null);
  const unseen = keys.some(({ recipe, expression }) => recipe === "filter-repo" && !expression);
  const filter = ["git filter-repo", ...options].join(" ");
  const again = options.includes("--force") ? filter : `${filter} --force`;
  const replace = [
    "--replace-text expressions.txt",
    ...(messages ? ["--replace-message expressions.txt"] : []),
  ];
  return [
    ...(texts.length === 0
      ? []
      : [
          {
            text: unseen
              ? "Write the expressions file that holds the keys (mode 0600; delete it afterwards): the shape of at least one key finds other keys as well."
              : "Write the expressions below to expressions.txt: they find the keys by their shape and hold none.",
            ...(unseen ? { command: "dashleaks purge-plan --expressions expressions.txt" } : {}),
          },
          {
            text: "Rewrite every branch and tag (git filter-repo 2.47 or later, https://github.com/newren/git-filter-repo).",
            command: `${filter} ${replace.join(" ")}`,
          },
        ]),
    ...(encoded
      ? [
          {
            text: "Some places hold it encoded or packed, where no expression finds it: write the object ids below to objects.txt and strip those versions of the files whole.",
            command: `${again} --strip-blobs-with-ids objects.txt`,
          },
        ]
      : []),
    ...(texts.length === places.length
      ? []
      : [
          {
            text: "Rename the path in all of history (git filter-repo 2.47 or later, https://github.com/newren/git-filter-repo): put its name for OLD, and one without the key for NEW.",
            command: `${again} --path-rename OLD:NEW`,
          },
        ]),
  ];
}

// Keys that only a ref, a tag object or a note holds: to delete that is enough, history stays.
// Refs that reach commits with keys are left to removal-steps and filter-steps.
import type { AdviceStep, Place } from "../model/index.js";
import { isPlain, removalSteps, type RemovalState } from "./removal-steps.js";

/** Is it in the name of a ref, in a tag, in a note, or in an object that refs point at without a commit? */
export function isRefOnly({ kind, exposure, commit, refs }: Place): boolean {
  const reached = exposure === "pushed" || exposure === "tagged" || exposure === "committed";
  if (!reached || refs.length === 0) return false;
  if (kind === "ref-name" || kind === "note" || kind === "tag-message") return true;
  return commit === null && (kind === "commit" || kind === "path-name");
}

/** What deletes them, here and where they were pushed to. */
export function refOnlySteps(places: readonly Place[], state: RemovalState): AdviceStep[] {
  const steps = places.filter(isRefOnly).flatMap((place): AdviceStep[] => {
    switch (place.kind) {
      case "ref-name":
        return [refNameStep];
      case "note":
        return noteSteps(place);
      case "tag-message":
        return [...refsOf(place, state), makeAgain];
      default:
        return refsOf(place, state);
    }
  });
  return [...new Map(steps.map((step) => [step.command ?? step.text, step])).values()];
}

/** A name with a key in it is printed nowhere, and so in no command. */
const refNameStep: AdviceStep = {
  text: "Rename or delete the branch or tag whose name holds it (git branch -m OLD NEW, git tag -d OLD), and delete the old name on every remote that has it (git push REMOTE --delete OLD). No commit has to be rewritten.",
};

const makeAgain: AdviceStep = {
  text: "Make the tag again with a message without it, where it is still needed. No commit has to be rewritten.",
};

function refsOf(place: Place, state: RemovalState): AdviceStep[] {
  return removalSteps([{ ...place, kind: "ref-name" }], state);
}

/**
 * The ref of notes has a history of its own, which keeps what is removed: it gets a new one.
 * Source: git-notes(1), git-commit-tree(1).
 */
function noteSteps({ path, refs }: Place): AdviceStep[] {
  const local = refs.filter((ref) => ref.startsWith("refs/notes/") && isPlain(ref));
  const object = path !== null && /^[0-9a-f]{40,64}$/u.test(path) ? path : null;
  return local.flatMap((ref) => [
    {
      text: `The note of ${path ?? "a commit"} in ${ref} holds it: remove that note. No commit has to be rewritten.`,
      ...(object === null
        ? {}
        : { command: `git notes --ref=${ref} remove --ignore-missing ${object}` }),
    },
    {
      text: `Give ${ref} a new history, since its old one keeps the note; where it was pushed, push it again with --force.`,
      command: `git update-ref ${ref} "$(git commit-tree -m Notes '${ref}^{tree}')"`,
    },
  ]);
}

// For the keys found in a repository: the smallest recipe that takes them out safely.
// The sentences of the larger recipes are left to purge-steps; nothing is done here.
import {
  compareText,
  purgeRecipes,
  type Finding,
  type Place,
  type PurgePlan,
  type PurgeRecipe,
  type RepositoryState,
} from "../model/index.js";
import { keyExpression, shapeLine } from "./key-expressions.js";
import { isRewritten } from "./filter-steps.js";
import { isRefOnly } from "./ref-only-steps.js";
import { stepsFor, tellWhom, whatStays } from "./purge-steps.js";

/** What a plan needs to know of the repository. */
export type PurgeState = Pick<
  RepositoryState,
  | "head"
  | "branch"
  | "stashes"
  | "ownCommits"
  | "remotes"
  | "worktrees"
  | "alternates"
  | "keptPacks"
>;

/** One key and everything that the plan decided about it. */
export interface PurgedKey {
  readonly finding: Finding;
  readonly recipe: PurgeRecipe;
  /** The line that finds it by its shape, or null when there is none. */
  readonly expression: string | null;
}

/**
 * Makes the plan for all keys together: one rewrite for all is safer than one for each.
 * @param findings the keys to take out
 * @param others keys that were found and have to stay; an expression must not find them
 */
export function purgePlan(
  findings: readonly Finding[],
  others: readonly Finding[],
  state: PurgeState,
): PurgePlan {
  const kept = others.map(({ secret }) => secret.reveal());
  const keys = findings.map((finding): PurgedKey => ({
    finding,
    recipe: recipeOf(finding.places, state),
    expression: expressionFor(finding, kept),
  }));
  const recipe = keys.reduce<PurgeRecipe>((worst, key) => larger(worst, key.recipe), "nothing");
  const rewritten = keys.filter((key) => key.recipe === "filter-repo");
  const expressions = rewritten.flatMap(({ finding, expression }) =>
    finding.places.some((place) => isRewritten(place) && place.kind !== "path-name")
      ? (expression ?? [])
      : [],
  );
  const objects = new Set(
    rewritten.flatMap(({ finding }) =>
      finding.places.flatMap((place) =>
        place.object !== null && isRewritten(place) && place.encoding.length > 0
          ? [place.object]
          : [],
      ),
    ),
  );
  return {
    recipe,
    keys: keys.map(({ finding, recipe: own }) => ({
      fingerprint: finding.fingerprint,
      masked: finding.secret.masked,
      exposure: finding.exposure,
      recipe: own,
    })),
    steps: stepsFor(recipe, keys, state),
    expressions: [...new Set(expressions)].sort(compareText),
    objects: [...objects].sort(compareText),
    tell: tellWhom(keys),
    notUndone: whatStays(recipe, keys),
  };
}

function larger(a: PurgeRecipe, b: PurgeRecipe): PurgeRecipe {
  return purgeRecipes.indexOf(a) > purgeRecipes.indexOf(b) ? a : b;
}

function recipeOf(places: readonly Place[], state: PurgeState): PurgeRecipe {
  return places.map((place) => recipeOfPlace(place, state)).reduce(larger, "nothing");
}

function recipeOfPlace(place: Place, state: PurgeState): PurgeRecipe {
  if (isRefOnly(place)) return "delete-ref";
  if (isRewritten(place)) return commitRecipe(place, state);
  switch (place.exposure) {
    case "staged":
      return "unstage";
    case "working-tree":
      return place.kind === "stdin" ? "nothing" : "edit";
    default:
      return "clear-residue";
  }
}

/**
 * Amending and rebasing rewrite one branch: they are enough when nobody else has the commit and no
 * other ref reaches it.
 */
function commitRecipe(place: Place, { branch, head, ownCommits }: PurgeState): PurgeRecipe {
  const onlyHere = branch !== null && place.refs.every((ref) => ref === branch);
  const local = place.kind === "commit" || place.kind === "commit-message";
  const own = ownCommits.some(({ commit }) => commit === place.commit);
  if (place.exposure !== "committed" || !onlyHere || !local || !own) return "filter-repo";
  return place.commit === head && head !== null ? "amend" : "rebase";
}

function expressionFor({ secret }: Finding, kept: readonly string[]): string | null {
  const expression = keyExpression(secret.reveal());
  if (expression === null) return null;
  const pattern = new RegExp(expression, "u");
  return kept.some((key) => pattern.test(key)) ? null : shapeLine(expression);
}

// The smallest safe recipe that takes keys out of a repository.
// How it is found is left to findings (purge-plan), how it reads to report.
import type { AdviceStep } from "./finding.js";
import type { Exposure } from "./place.js";

/** The largest thing that has to be done, from the smallest to the largest. */
export const purgeRecipes = [
  "nothing",
  "clear-residue",
  "edit",
  "unstage",
  "delete-ref",
  "amend",
  "rebase",
  "filter-repo",
] as const;
export type PurgeRecipe = (typeof purgeRecipes)[number];

export interface PurgePlan {
  readonly recipe: PurgeRecipe;
  readonly keys: readonly {
    readonly fingerprint: string;
    readonly masked: string;
    readonly exposure: Exposure;
    readonly recipe: PurgeRecipe;
  }[];
  /** What to do, in this order. */
  readonly steps: readonly AdviceStep[];
  /** Lines for git filter-repo that find the keys by their shape; they hold no key. */
  readonly expressions: readonly string[];
  /** Objects in which a key is written in a form that no expression can find. */
  readonly objects: readonly string[];
  /** Who has to be told. */
  readonly tell: readonly string[];
  /** What the recipe does not undo. */
  readonly notUndone: readonly string[];
}

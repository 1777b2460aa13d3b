// What came before a commit, a push or a range; without types of Node, as our own types build on it.
// Reading it is left to held-before.
import type { Outgoing } from "./outgoing.js";

/** Whose versions are asked. */
export type Before =
  /** The commit on which the next one builds. */
  | { readonly kind: "head" }
  /** The other parents that the next commit would have: a merge is going on. */
  | { readonly kind: "merged" }
  /** The commits that what is new builds on, and which are known already. */
  | {
      readonly kind: "known";
      readonly outgoing: Outgoing;
      /** Where keys were found in what is new. */
      readonly paths: readonly string[];
    };

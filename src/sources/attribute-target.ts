// Tells where in git the objects are in which keys were found, as far as the scope asks.
// How it is found out is left to attribution and introduced-by, reading to read-target.
import type { AttributedPlace, HitObject } from "../model/source.js";
import { attribute, attributeIntroduced, type Attributed } from "./attribution.js";
import { introducedBy, placesOf } from "./introduced-by.js";
import { rangeOf } from "./outgoing.js";
import type { ReadOptions } from "./read-target.js";
import type { Target } from "./targets.js";

/** Commits that may be anywhere by now, unlike what a hook looks at before it gets there. */
export function isPartOfAnAudit({
  scope,
  cameFromRemote,
}: Pick<ReadOptions, "scope" | "cameFromRemote">): boolean {
  return scope.kind === "range" || (scope.kind === "outgoing" && cameFromRemote === true);
}

/**
 * Tells where in git the objects are in which keys were found.
 * @param everywhere these, and all others with the same keys that `readOthers` gave
 */
export async function attributeTarget(
  target: Target,
  options: ReadOptions,
  hits: readonly HitObject[],
  everywhere: readonly HitObject[],
): Promise<Attributed> {
  if (target.kind !== "repository") return placed([]);
  const { repository, environment = {} } = target;
  const { scope } = options;
  if (scope.kind === "range" || scope.kind === "outgoing") {
    const range = scope.kind === "range" ? rangeOf(scope) : scope.outgoing;
    const introduced = await introducedBy(repository, range, hits, {
      ...options,
      environment,
    });
    return isPartOfAnAudit(options)
      ? attributeIntroduced(repository, introduced, hits, everywhere, options)
      : placed(introduced);
  }
  // Who asks whether a key was there before need not know since when.
  if (scope.kind === "before") return placed(hits.flatMap(somewhere));
  return attribute(repository, hits, options);
}

function placed(places: readonly AttributedPlace[]): Attributed {
  return { places, carriers: places, notices: [] };
}

function somewhere(hit: HitObject): AttributedPlace[] {
  const stamp = { commit: null, date: null, author: null };
  return placesOf(hit, stamp, "commit", null);
}

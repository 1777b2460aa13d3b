// Where the variables that held keys are used, by key: composed here for scan.
// Finding uses is left to sources (consumers), what they mean for a reset to findings (advice).
import type { GroupedKey } from "./findings/group.js";
import { orderedConsumers, type Consumer } from "./model/index.js";
import { findConsumers } from "./sources/consumers.js";
import type { Target } from "./sources/targets.js";

/** Adds where a repository uses the variables of the keys that were found in it, by key. */
export async function addConsumers(
  consumers: Map<string, readonly Consumer[]>,
  target: Target,
  keys: readonly GroupedKey[],
): Promise<void> {
  // What another provider's key is used for is of no use to a reset at ours.
  const ours = keys.filter(({ provider }) => provider !== "other");
  const variables = [...new Set(ours.flatMap(({ hints }) => hints.variable ?? []))];
  if (target.kind !== "repository" || variables.length === 0) return;
  const found = await findConsumers(target.repository, variables, target.environment);
  for (const { fingerprint, hints } of ours) {
    const mine = found.filter(({ variable }) => variable === hints.variable);
    consumers.set(fingerprint, orderedConsumers([...(consumers.get(fingerprint) ?? []), ...mine]));
  }
}

// Which baseline holds, and the stage of a scan that applies it.
// What a baseline is, and how it is applied, is left to baseline.
import { resolve } from "node:path";
import { applyBaseline, baselineNotices, readBaseline } from "../baseline/index.js";
import { UserError } from "../model/errors.js";
import type { ScanOptions } from "../scan.js";
import type { Typed } from "./parse.js";
import { one, type ScanPlan } from "./scan-plan.js";

export interface BaselineFile {
  readonly path: string;
  /** Somebody named it: then it must be there. */
  readonly named: boolean;
}

/**
 * The baseline of the repository that one stands in, or the one that is named; as with the
 * configuration, a stranger's repository cannot let its own keys pass.
 */
export function baselineFile(typed: Typed, plan: ScanPlan): BaselineFile {
  const flag = one(typed, "baseline");
  if (flag !== null) return { path: resolve(flag), named: true };
  const { baseline, path } = plan.configs.project;
  if (baseline !== null && path !== null) {
    return { path: resolve(path, "..", baseline), named: true };
  }
  return { path: resolve(plan.root, ".dashleaks-baseline.json"), named: false };
}

/** @throws UserError when a baseline that was named is missing or malformed */
export async function baselineStage(
  typed: Typed,
  plan: ScanPlan,
): Promise<NonNullable<ScanOptions["judge"]> | null> {
  if (typed.flags.has("no-baseline")) return null;
  const { path, named } = baselineFile(typed, plan);
  const baseline = await readBaseline(path);
  if (baseline === null) {
    if (named)
      throw new UserError(`there is no baseline ${path}`, "Make it by dashleaks baseline create.");
    return null;
  }
  // A narrow scan does not see every key, so it cannot tell that an entry is of no use.
  const whole = plan.scan.scope?.kind === "audit" && (plan.scan.paths ?? []).length === 0;
  return (findings) => {
    const applied = applyBaseline(findings, baseline, today());
    const told = whole ? applied : { ...applied, unused: [] };
    return { findings: applied.findings, notices: baselineNotices(told, path) };
  };
}

/** The day in UTC, so that it is the same in every job. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

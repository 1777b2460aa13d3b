// `dashleaks baseline create|add|prune`: scans, and writes which keys are let pass.
// What may stand in a baseline is left to baseline.
import {
  addToBaseline,
  createBaseline,
  emptyBaseline,
  isDay,
  pruneBaseline,
  readBaseline,
  writeBaseline,
  type Baseline,
  type Grounds,
} from "../baseline/index.js";
import { UserError } from "../model/errors.js";
import type { Report } from "../model/report.js";
import { baselineFile, today } from "./baseline-stage.js";
import type { ExitStatus } from "./exit-status.js";
import { noMoreOperands, type Typed } from "./parse.js";
import { runScan } from "./scan-command.js";
import { one, planScan } from "./scan-plan.js";
import { print } from "./show-report.js";

const subcommands = ["create", "add", "prune"] as const;

/** Runs the subcommand; `add` takes fingerprints, or else all keys that are new. */
export async function baselineCommand(typed: Typed): Promise<ExitStatus> {
  const [word, ...fingerprints] = typed.operands;
  const subcommand = subcommands.find((known) => known === word);
  if (subcommand === undefined) {
    throw new UserError(
      "baseline needs a word: create, add or prune",
      "See dashleaks help baseline.",
    );
  }
  if (subcommand === "prune") noMoreOperands(fingerprints, "baseline prune");
  const expires = expiryOf(typed);
  const plan = await planScan({ ...typed, operands: [] });
  const { path } = baselineFile(typed, plan);
  const before = await readBaseline(path);
  if (subcommand === "create" && before !== null) {
    throw new UserError(`there is a baseline already: ${path}`, "Use dashleaks baseline add.");
  }
  if (subcommand === "prune" && before === null) {
    throw new UserError(`there is no baseline ${path}`, "Make it by dashleaks baseline create.");
  }
  const old = before ?? emptyBaseline;
  const grounds = subcommand === "prune" ? null : groundsOf(typed, expires);
  if (grounds !== null && fingerprints.length > 0) {
    return save(path, old, addToBaseline(old, fingerprints.map(checkedFingerprint), grounds));
  }
  const report = await runScan(plan);
  if (grounds === null) {
    mustBeComplete(report);
    return save(path, old, pruneBaseline(report.findings, old, today()));
  }
  const found = createBaseline(report.findings, grounds).entries.map((entry) => entry.fingerprint);
  const known = new Set(old.entries.map((entry) => entry.fingerprint));
  return save(
    path,
    old,
    addToBaseline(
      old,
      found.filter((fingerprint) => !known.has(fingerprint)),
      grounds,
    ),
  );
}

async function save(path: string, before: Baseline, after: Baseline): Promise<ExitStatus> {
  await writeBaseline(path, after);
  const known = new Set(before.entries.map((entry) => entry.fingerprint));
  const kept = after.entries.filter((entry) => known.has(entry.fingerprint)).length;
  const words = [
    `${after.entries.length - kept} added`,
    `${before.entries.length - kept} removed`,
    `${after.entries.length} in all`,
  ];
  await print(`${path}: ${words.join(", ")}\n`);
  return 0;
}

function groundsOf(typed: Typed, expires: string | null): Grounds {
  const reason = one(typed, "reason")?.trim() ?? "";
  if (reason === "") {
    throw new UserError("a key is let pass only for a reason", 'Give --reason "…".');
  }
  return { reason, expires };
}

function expiryOf(typed: Typed): string | null {
  const expires = one(typed, "expires");
  if (expires !== null && !isDay(expires)) {
    throw new UserError(`--expires does not take "${expires}"`, "Write the day as YYYY-MM-DD.");
  }
  return expires;
}

function checkedFingerprint(text: string): string {
  if (/^(?:hmac-)?sha256:[0-9a-f]{64}$/u.test(text)) return text;
  throw new UserError(
    "a baseline takes fingerprints, never a key",
    "A fingerprint is sha256: and 64 hex characters, as reports show it.",
  );
}

function mustBeComplete(report: Report): void {
  if (report.complete) return;
  throw new UserError(
    "the scan is incomplete, so entries that seem unused may not be",
    report.notices.find(({ incomplete }) => incomplete)?.message ?? null,
  );
}

// `dashleaks prove`: fingerprints, reports or keys on standard input -> a statement and its status.
// What is looked at and decided is left to prove.
import { Secret, UserError, type AskedKey, type Proof, type ProofOutcome } from "../model/index.js";
import { prove, type NamedKey } from "../prove.js";
import type { ExitStatus } from "./exit-status.js";
import { readReport } from "./merge-command.js";
import { writeReport } from "./output.js";
import type { Typed } from "./parse.js";
import { all, planScan } from "./scan-plan.js";
import { print } from "./show-report.js";
import { progressDisplay } from "./terminal.js";
import { verifyOptions, verifyStage } from "./verify-options.js";

const statusOf = {
  gone: 0,
  held: 1,
  "not-shown": 2,
} as const satisfies Record<ProofOutcome, ExitStatus>;

/** Proves, shows the statement, and gives 0 (gone), 1 (held) or 2 (not shown). */
export async function proveCommand(typed: Typed): Promise<ExitStatus> {
  const plan = await planScan({ ...typed, operands: [] });
  const named = typed.operands.filter((operand) => operand !== "-");
  const keys = (await Promise.all(named.map(askedBy))).flat();
  const wantsKeys = typed.operands.includes("-") || typed.flags.has("verify");
  const secrets = wantsKeys && !process.stdin.isTTY ? await secretsOn(process.stdin) : [];
  if (keys.length + secrets.length === 0) {
    throw new UserError(
      "prove needs to know which keys",
      "Give fingerprints, reports of scan --format json, or - and the keys on standard input.",
    );
  }
  const proof = await proven(typed, plan, keys, secrets);
  const json = `${JSON.stringify(proof, null, 2)}\n`;
  for (const file of all(typed, "output")) await writeReport(file, json);
  if (!plan.look.quiet) {
    const { proofText } = await import("../report/proof.js");
    await print(typed.flags.has("json") ? json : proofText(proof, plan.look));
  }
  return statusOf[proof.statement];
}

type Plan = Awaited<ReturnType<typeof planScan>>;

async function proven(
  typed: Typed,
  plan: Plan,
  keys: readonly AskedKey[],
  secrets: readonly Secret[],
): Promise<Proof> {
  const { rules, threads, fingerprintSecret } = plan.scan;
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once("SIGINT", interrupt);
  const display = progressDisplay(plan.look.progress);
  const asking = typed.flags.has("verify")
    ? // Whoever gives a key to be verified has said that it may be sent.
      { ...verifyOptions(typed, plan.configs), verifyAmbiguous: secrets.length > 0 }
    : null;
  try {
    return await prove({
      keys,
      secrets,
      ...(rules ? { rules } : {}),
      ...(threads === undefined ? {} : { threads }),
      ...(fingerprintSecret === undefined ? {} : { fingerprintSecret }),
      ...(asking
        ? { verify: verifyStage(asking, interruption.signal, (asked) => display.asked(asked)) }
        : {}),
      signal: interruption.signal,
      onProgress: (done) => display.update(done),
    });
  } finally {
    display.stop();
    process.off("SIGINT", interrupt);
  }
}

/** A fingerprint as typed, or those of a report's keys. */
async function askedBy(operand: string): Promise<NamedKey[]> {
  if (/^(?:hmac-)?sha256:[0-9a-f]{64}$/u.test(operand)) {
    return [{ fingerprint: operand, masked: null }];
  }
  if (/^(?:hmac-)?sha256:/u.test(operand) || operand.startsWith("sk-")) {
    throw new UserError(
      "this is no whole fingerprint, and a key is never taken from the command line",
      "Copy the fingerprint from a JSON report, or give - and the key on standard input.",
    );
  }
  const {
    keys,
    tool: { fingerprintKey },
  } = await readReport(operand);
  if (keys.length === 0) {
    throw new UserError(`the report ${operand} names no key`, "There is nothing to prove.");
  }
  return keys.map(({ fingerprint, masked, rule }) => ({
    fingerprint,
    masked,
    rule,
    ...(fingerprintKey === undefined ? {} : { fingerprintKey }),
  }));
}

/** One key a line. */
async function secretsOn(input: AsyncIterable<Uint8Array>): Promise<Secret[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of input) pieces.push(piece);
  const lines = Buffer.concat(pieces).toString("latin1").split(/\r?\n/u);
  const keys = new Set(lines.map((line) => line.trim()).filter((line) => line !== ""));
  const bad = [...keys].findIndex((key) => !/^[\x21-\x7e]{8,4096}$/u.test(key));
  if (bad !== -1) {
    throw new UserError(
      `line ${bad + 1} of standard input is no key`,
      "Give one key a line and nothing else.",
    );
  }
  return [...keys].map((key) => new Secret(key));
}

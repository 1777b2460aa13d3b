// A proof on one page: state -> audit of everything, with rules that drop nothing -> statement.
// What is looked at is left to scan, what follows from it to findings (proof).
import { proofOf } from "./findings/proof.js";
import { proofRuleset } from "./findings/proof-rules.js";
import {
  fingerprintKeyOf,
  fingerprintOf,
  UserError,
  type AskedKey,
  type Notice,
  type Proof,
  type RepositoryState,
  type Secret,
  type Verdict,
} from "./model/index.js";
import { redactAll, redactorFor } from "./report/redact.js";
import { loadRuleset } from "./ruleset/load.js";
import { scan, type ScanOptions } from "./scan.js";
import { repositoryState } from "./sources/repository-state.js";
import { openRepository } from "./sources/repository.js";

export interface ProveOptions extends Pick<
  ScanOptions,
  "rules" | "threads" | "fingerprintSecret" | "verify" | "signal" | "onProgress"
> {
  /** A path in the repository. Default: the current directory. */
  readonly path?: string;
  /** The keys that are asked about, and what the report that names them says of them. */
  readonly keys: readonly NamedKey[];
  /** Keys that are known in full: asked about too, and found by their bytes alone. */
  readonly secrets?: readonly Secret[];
  /** The clock, for the statement's date. */
  readonly now?: () => Date;
}

export interface NamedKey extends AskedKey {
  /** The rule that found it. */
  readonly rule?: string;
  /** The check value of the secret that keys its fingerprint (`Tool.fingerprintKey`). */
  readonly fingerprintKey?: string;
}

/**
 * Proves that keys are gone from a repository and its worktrees, or says what still holds them.
 * With `verify` it also asks whether they work, as far as they are known in full.
 * @throws UserError when there is no repository, or a fingerprint's form does not fit
 */
export async function prove(given: ProveOptions): Promise<Proof> {
  const options = withFittingSecret(given);
  const { secrets = [], now = () => new Date() } = options;
  const repository = await openRepository(options.path ?? process.cwd());
  if (!repository) {
    throw new UserError(
      `${options.path ?? process.cwd()} is in no git repository`,
      "Stand in the repository that the proof is about.",
    );
  }
  const asked = askedKeys(options);
  const before = await repositoryState(repository);
  const wanted = new Set(asked.map(({ fingerprint }) => fingerprint));
  const { verify } = options;
  const report = await scan({
    ...passedOn(options),
    paths: [repository.worktree ?? repository.gitDirectory],
    scope: { kind: "everything" },
    cache: false,
    prepareRules: (ruleset) =>
      proofRuleset(
        ruleset,
        secrets.map((secret) => secret.reveal()),
      ),
    ...(verify
      ? { verify: async (keys) => verify(keys.filter((key) => wanted.has(key.fingerprint))) }
      : {}),
  });
  const answers = verify && secrets.length > 0 ? await verdictsOf(secrets, options) : [];
  const found = report.findings
    .filter(({ fingerprint }) => wanted.has(fingerprint))
    .map(({ fingerprint, liveness }) => [fingerprint, liveness] as const);
  const proof = proofOf({
    asked,
    findings: report.findings,
    notices: [
      ...report.notices,
      ...unknownRules(options),
      ...changed(before, await repositoryState(repository)),
    ],
    coverage: report.coverage,
    state: before,
    tool: report.tool,
    date: now().toISOString(),
    verdicts: verify ? new Map([...found, ...answers]) : null,
  });
  // A path, a ref or a name may hold a key.
  return redactAll(
    proof,
    redactorFor([...secrets, ...report.findings.map(({ secret }) => secret)]),
  );
}

function passedOn({
  rules,
  threads,
  fingerprintSecret,
  signal,
  onProgress,
}: ProveOptions): ScanOptions {
  return {
    ...(rules ? { rules } : {}),
    ...(threads === undefined ? {} : { threads }),
    ...(fingerprintSecret === undefined ? {} : { fingerprintSecret }),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  };
}

/** Plain fingerprints are looked for as such, although new ones would be keyed. */
function withFittingSecret(options: ProveOptions): ProveOptions {
  const keyed = options.keys.filter(({ fingerprint }) => fingerprint.startsWith("hmac-")).length;
  const { fingerprintSecret, ...plain } = options;
  if (keyed === 0) return options.keys.length === 0 ? options : plain;
  if (keyed < options.keys.length || fingerprintSecret === undefined) {
    throw new UserError(
      fingerprintSecret === undefined
        ? "the fingerprint is keyed (hmac-sha256:), but no fingerprint secret is set"
        : "some fingerprints are keyed (hmac-sha256:), some are not (sha256:)",
      "Set DASHLEAKS_FINGERPRINT_SECRET as it was when the fingerprints were made, and ask about one form at a time.",
    );
  }
  const check = fingerprintKeyOf(fingerprintSecret);
  if (options.keys.some(({ fingerprintKey = check }) => fingerprintKey !== check)) {
    throw new UserError(
      "the fingerprints are keyed with another secret than the one that is set here",
      "Set DASHLEAKS_FINGERPRINT_SECRET as it was when the report was made: with another one no key would be found.",
    );
  }
  return options;
}

/** Each once; keys in full are named as the others are. */
function askedKeys({ keys, secrets = [], fingerprintSecret }: ProveOptions): AskedKey[] {
  const known = secrets.map((secret) => ({
    fingerprint: fingerprintOf(secret.reveal(), fingerprintSecret),
    masked: secret.masked,
  }));
  const all = [...keys.map(({ fingerprint, masked }) => ({ fingerprint, masked })), ...known];
  return [...new Map(all.map((key) => [key.fingerprint, key])).values()];
}

/** Asks about the keys that were given, whether or not anything holds them. */
async function verdictsOf(
  secrets: readonly Secret[],
  options: ProveOptions,
): Promise<(readonly [string, Verdict])[]> {
  const text = secrets.map((secret) => `DASHSCOPE_API_KEY=${secret.reveal()}\n`).join("");
  const report = await scan({
    ...passedOn(options),
    paths: ["-"],
    standardInput: once(Buffer.from(text, "latin1")),
    ...(options.verify ? { verify: options.verify } : {}),
  });
  return report.findings.map(({ fingerprint, liveness }) => [fingerprint, liveness]);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A key of a rule that is no longer in force would not be found again. */
function unknownRules({ keys, rules }: ProveOptions): Notice[] {
  const ids = new Set(loadRuleset({ userFiles: rules ?? [] }).rules.map(({ id }) => id));
  const gone = new Set(
    keys.flatMap(({ rule }) => (rule === undefined || ids.has(rule) ? [] : rule)),
  );
  return [...gone].map((rule) => ({
    kind: "notice",
    code: "nothing-read",
    message: `The rule ${rule}, which found a key of the report, is not in force here: give the configuration that it comes from (--config).`,
    subject: rule,
    incomplete: true,
  }));
}

function changed(before: RepositoryState, after: RepositoryState): Notice[] {
  if (before.refs.digest === after.refs.digest && before.head === after.head) return [];
  return [
    {
      kind: "notice",
      code: "interrupted",
      message:
        "The repository's refs changed while it was looked at: prove it again when it rests.",
      incomplete: true,
    },
  ];
}

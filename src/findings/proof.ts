// Is a key gone from a repository? The statement, or what still holds it and what removes that.
// Looking is left to scan; which steps remove what, to removal-steps.
import type {
  AskedKey,
  Coverage,
  Finding,
  Notice,
  Place,
  Proof,
  ProofOutcome,
  ProvenKey,
  RepositoryState,
  Tool,
  Verdict,
} from "../model/index.js";
import { orderedPlaces } from "./places.js";
import { removalSteps } from "./removal-steps.js";

export interface ProofInput {
  readonly asked: readonly AskedKey[];
  /** What a whole audit found, with rules that drop nothing (proof-rules). */
  readonly findings: readonly Finding[];
  readonly notices: readonly Notice[];
  readonly coverage: Coverage;
  readonly state: RepositoryState;
  readonly tool: Tool;
  /** ISO 8601, UTC. */
  readonly date: string;
  /** What the API said by fingerprint, or null when it was not to be asked. */
  readonly verdicts: ReadonlyMap<string, Verdict> | null;
}

/** Decides for each key; the statement is that of the key that stands worst. */
export function proofOf(input: ProofInput): Proof {
  const incomplete = input.notices.filter((notice) => notice.incomplete);
  const keys = input.asked.map((asked) => provenKey(asked, input, incomplete.length > 0));
  const { repository, worktrees, head, refs } = input.state;
  return {
    schemaVersion: 1,
    statement: worstOutcome(keys.map(({ outcome }) => outcome)),
    tool: input.tool,
    date: input.date,
    state: { repository, worktrees, head, refs },
    keys,
    coverage: input.coverage,
    obstacles: [...new Set(incomplete.map(({ message }) => message))],
    limits: limitsOf(input),
  };
}

function worstOutcome(outcomes: readonly ProofOutcome[]): ProofOutcome {
  if (outcomes.includes("held")) return "held";
  return outcomes.every((outcome) => outcome === "gone") ? "gone" : "not-shown";
}

function provenKey(asked: AskedKey, input: ProofInput, incomplete: boolean): ProvenKey {
  const found = input.findings.filter(({ fingerprint }) => fingerprint === asked.fingerprint);
  const places = orderedPlaces(found.flatMap((finding) => finding.places));
  const liveness = input.verdicts ? (input.verdicts.get(asked.fingerprint) ?? notAsked) : null;
  return {
    fingerprint: asked.fingerprint,
    masked: asked.masked ?? found[0]?.secret.masked ?? null,
    ...decided(places, liveness, incomplete),
    places,
    steps: removalSteps(places, input.state),
    liveness,
  };
}

const notAsked: Verdict = { status: "unchecked", evidence: [] };

function decided(
  places: readonly Place[],
  liveness: Verdict | null,
  incomplete: boolean,
): Pick<ProvenKey, "outcome" | "reason"> {
  if (places.length > 0) {
    const count = places.length === 1 ? "1 place" : `${places.length} places`;
    return {
      outcome: "held",
      reason: `${count} of this repository still ${places.length === 1 ? "holds" : "hold"} it.`,
    };
  }
  if (liveness?.status === "live" || liveness?.status === "restricted") {
    return {
      outcome: "held",
      reason: "Nothing in this repository holds it, but the API accepts it: reset it.",
    };
  }
  if (incomplete) {
    return {
      outcome: "not-shown",
      reason: "Nothing that was looked at holds it, but something could not be looked at.",
    };
  }
  if (liveness !== null && liveness.status !== "dead") {
    return {
      outcome: "not-shown",
      reason: "Nothing in this repository holds it, but whether it is dead is not known.",
    };
  }
  return {
    outcome: "gone",
    reason:
      liveness === null
        ? "No file, index, ref, tag, reflog, stash or object of this repository holds it."
        : "No file, index, ref, tag, reflog, stash or object of this repository holds it, and every host that could know it refuses it.",
  };
}

function limitsOf({ verdicts, state, asked, notices }: ProofInput): string[] {
  return [
    "It speaks of this repository and its worktrees in this state, not of other clones, forks, caches and backups.",
    ...(state.remotes.length > 0
      ? ["Of remotes it knows what was last fetched; run git fetch --prune first."]
      : []),
    "A key in a form that no decoder reads (encrypted, in an image) is not seen.",
    ...notices.flatMap(({ code, message }) => (code === "nested-repository" ? message : [])),
    ...(asked.some(({ fingerprint }) => fingerprint.startsWith("hmac-"))
      ? [
          "Of a keyed fingerprint it knows only what DASHLEAKS_FINGERPRINT_SECRET tells: with another secret no key would be found.",
        ]
      : []),
    ...(verdicts === null ? ["Whether the key still works was not asked (--verify)."] : []),
  ];
}

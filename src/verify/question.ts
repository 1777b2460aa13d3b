// One key at one host until something is known: waits its turn, obeys 429, asks again, or asks the
// other question. What several hosts' answers add up to is left to verify.
import type { Evidence, Secret } from "../model/index.js";
import type { Asker } from "./ask.js";
import type { Endpoint } from "./endpoints.js";
import type { Clock, HostGate } from "./host-gate.js";
import { readResponse, retryAfterMilliseconds, type Meaning, type Probe } from "./read-response.js";

/** What all questions of a run share. */
export interface QuestionRun {
  readonly asker: Asker;
  readonly gateOf: (host: string) => HostGate;
  readonly clock: Clock;
  /** When the total budget ends, in milliseconds since 1970. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** Why the run was stopped, once `signal` was given. */
  readonly whyStopped: () => string;
}

export interface Reply {
  readonly meaning: Meaning;
  readonly evidence: Evidence;
}

/** How often a throttled question is put again. */
const maxRetries = 3;
/** Wait before the first retry when the host does not say; doubled each time. */
const firstBackoffMilliseconds = 1000;

/** Asks one host about one key. Never throws for what a host or the network does. */
export async function putQuestion(
  endpoint: Endpoint,
  secret: Secret,
  run: QuestionRun,
): Promise<Reply> {
  const { clock, signal } = run;
  const gate = run.gateOf(endpoint.host);
  let probe: Probe = "models";
  let retries = 0;
  for (;;) {
    const obstacle = await waitForTurn(gate, run);
    if (obstacle !== null) return reply(endpoint, "unknown", null, null, `Not asked: ${obstacle}`);
    const outcome = await run.asker.ask(endpoint, probe, secret, signal);
    gate.leave(outcome.kind === "answer");
    if (outcome.kind === "silence") {
      return reply(endpoint, "unknown", null, null, outcome.sentence);
    }
    const { answer } = outcome;
    const { meaning, code, sentence } = readResponse(answer);
    if (meaning === "no-model-list") {
      probe = "impossible-model";
      continue;
    }
    if (meaning === "throttled" && retries < maxRetries) {
      const backoff = firstBackoffMilliseconds * 2 ** retries;
      const now = clock.now();
      const until = now + (retryAfterMilliseconds(answer.headers, now) ?? backoff);
      gate.pauseUntil(until);
      if (until < run.deadline) {
        retries += 1;
        continue;
      }
    }
    return reply(endpoint, meaning, answer.status, code, sentence);
  }
}

/** Waits for a free place at a host that is not paused; gives what stands in the way, or null. */
async function waitForTurn(gate: HostGate, run: QuestionRun): Promise<string | null> {
  const { clock, signal } = run;
  for (;;) {
    if (signal.aborted) return run.whyStopped();
    if (gate.isSilent()) return "this host did not answer about other keys.";
    if (gate.pausedUntil() >= run.deadline) {
      return "this host asked to wait for longer than the time that is left.";
    }
    const pause = gate.pausedUntil() - clock.now();
    if (pause > 0) {
      await clock.sleep(pause, signal);
    } else if (await gate.enter(signal)) {
      const stillOpen = gate.pausedUntil() <= clock.now() && !gate.isSilent() && !signal.aborted;
      if (stillOpen) return null;
      gate.leave(null);
    }
  }
}

function reply(
  { host, region }: Endpoint,
  meaning: Meaning,
  status: number | null,
  code: string | null,
  sentence: string,
): Reply {
  return { meaning, evidence: { host, region, status, code, meaning: sentence } };
}

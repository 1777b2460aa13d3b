// Live or dead: asks the API about each key, politely, and adds the answers up to a verdict.
// Hosts are chosen by itinerary, answers read by read-response, what to do about it is advice's.
import { setMaxListeners } from "node:events";
import {
  UserError,
  type Evidence,
  type Finding,
  type Notice,
  type Verdict,
} from "../model/index.js";
import { createAsker, type AskOptions, type Asker } from "./ask.js";
import { checkWorkspace, endpointFromUrl, type Endpoint, type Workspace } from "./endpoints.js";
import { hostGate, systemClock, type Clock, type HostGate } from "./host-gate.js";
import { planItinerary, type Itinerary } from "./itinerary.js";
import { putQuestion, type QuestionRun } from "./question.js";

/** As much of a finding as verification needs. */
export type Verifiable = Pick<Finding, "fingerprint" | "secret" | "kind" | "provider" | "hints">;

export interface VerifyOptions extends Partial<
  Pick<AskOptions, "environment" | "requestMilliseconds" | "certificateAuthority">
> {
  readonly toolVersion: string;
  /** Workspaces that the user named, for regions that need one. */
  readonly workspaces?: readonly Workspace[];
  readonly endpoints?: readonly NamedEndpoint[];
  /** Also send keys that may belong to another provider. */
  readonly verifyAmbiguous?: boolean;
  /** For all keys together; what is left over when it ends is unknown. */
  readonly budgetMilliseconds?: number;
  readonly requestsPerHost?: number;
  readonly keysAtOnce?: number;
  /** Stops at once; what is known is kept. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  readonly clock?: Clock;
}

/** A base URL that the user named. */
export interface NamedEndpoint {
  readonly url: string;
  /** Where it was named, for messages: `--endpoint`, `DASHSCOPE_HTTP_BASE_URL`. */
  readonly from: string;
  /** Set for other ends (a variable of the SDK): when it cannot be used, a notice says so. */
  readonly optional?: boolean;
}

export interface Verification {
  /** A verdict for every key that was given, by fingerprint. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  readonly notices: readonly Notice[];
}

const defaults = {
  budgetMilliseconds: 120_000,
  requestMilliseconds: 10_000,
  requestsPerHost: 4,
  keysAtOnce: 16,
} as const;

/**
 * Asks about each key whether it is live. Sends nothing of another provider's key or of a part of a
 * key; an ambiguous one only when told to. Keys travel over verified TLS to listed hosts and to
 * those the user named, and to no other.
 * @throws UserError for an endpoint, workspace or proxy that cannot be used, before anything is sent
 */
export async function verifyFindings(
  findings: readonly Verifiable[],
  options: VerifyOptions,
): Promise<Verification> {
  const { named, ignored } = namedEndpoints(options.endpoints ?? []);
  const workspaces = (options.workspaces ?? []).map(checkWorkspace);
  const keys = [...new Map(findings.map((finding) => [finding.fingerprint, finding])).values()];
  const routes = keys.map((key) =>
    mayBeSent(key, options) ? planItinerary(key, workspaces, named) : null,
  );
  const run = await startRun(
    options,
    routes.some((route) => route !== null && route.ask.length > 0),
  );
  const verdicts = new Map<string, Verdict>(
    keys.map(({ fingerprint }) => [fingerprint, { status: "unchecked", evidence: [] }]),
  );
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    while (next < keys.length) {
      const at = next++;
      const [key, route] = [keys[at], routes[at]];
      if (key && route) verdicts.set(key.fingerprint, await askAbout(key, route, run));
      done += 1;
      options.onProgress?.({ done, total: keys.length });
    }
  };
  try {
    const workers = Math.min(options.keysAtOnce ?? defaults.keysAtOnce, keys.length);
    await Promise.all(Array.from({ length: workers }, work));
  } finally {
    await run.end();
  }
  return { verdicts, notices: [...ignored, ...noticesOf(keys, verdicts, options, run)] };
}

function namedEndpoints(given: readonly NamedEndpoint[]): {
  readonly named: readonly Endpoint[];
  readonly ignored: readonly Notice[];
} {
  const named: Endpoint[] = [];
  const ignored: Notice[] = [];
  for (const { url, from, optional } of given) {
    try {
      named.push(endpointFromUrl(url, from));
    } catch (error) {
      if (!(optional && error instanceof UserError)) throw error;
      const message = `${error.message}; it is not asked.`;
      ignored.push({ kind: "notice", code: "configuration-ignored", message, incomplete: false });
    }
  }
  return { named, ignored };
}

function mayBeSent({ provider, kind }: Verifiable, { verifyAmbiguous }: VerifyOptions): boolean {
  if (kind === "partial" || provider === "other") return false;
  return provider === "dashscope" || verifyAmbiguous === true;
}

interface Run extends QuestionRun {
  readonly end: () => Promise<void>;
}

async function startRun(options: VerifyOptions, asks: boolean): Promise<Run> {
  const budget = options.budgetMilliseconds ?? defaults.budgetMilliseconds;
  const clock = options.clock ?? systemClock;
  const stop = new AbortController();
  setMaxListeners(0, stop.signal); // every question in flight listens
  const interrupt = (): void => stop.abort();
  const asker = asks ? await createAsker(askOptions(options)) : silentAsker;
  const timer = setTimeout(interrupt, budget);
  options.signal?.addEventListener("abort", interrupt);
  if (options.signal?.aborted) interrupt();
  const gates = new Map<string, HostGate>();
  return {
    asker,
    clock,
    deadline: clock.now() + budget,
    signal: stop.signal,
    whyStopped: () =>
      options.signal?.aborted ? "interrupted." : "the time for verification ran out.",
    gateOf: (host) => {
      const gate = gates.get(host) ?? hostGate(options.requestsPerHost ?? defaults.requestsPerHost);
      gates.set(host, gate);
      return gate;
    },
    end: async () => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", interrupt);
      await asker.close();
    },
  };
}

function askOptions(options: VerifyOptions): AskOptions {
  return {
    toolVersion: options.toolVersion,
    requestMilliseconds: options.requestMilliseconds ?? defaults.requestMilliseconds,
    environment: options.environment ?? {},
    certificateAuthority: options.certificateAuthority,
  };
}

/** For runs in which no key may be sent anywhere: the network is not even loaded. */
const silentAsker: Asker = {
  ask: () => Promise.resolve({ kind: "silence", sentence: "Not asked." }),
  close: () => Promise.resolve(),
};

/** Asks host after host until one gives an answer that is not a refusal. */
async function askAbout(key: Verifiable, route: Itinerary, run: Run): Promise<Verdict> {
  const doubt = doubtOf(key);
  const evidence: Evidence[] = [];
  let refused = route.ask.length > 0 && route.unaskable.length === 0 && doubt === null;
  for (const endpoint of route.ask) {
    const reply = await putQuestion(endpoint, key.secret, run);
    const { meaning } = reply;
    const remark = meaning === "refused" ? (doubt ?? remarkOn(endpoint)) : null;
    evidence.push(withRemark(reply.evidence, remark));
    if (meaning === "live" || meaning === "restricted") return { status: meaning, evidence };
    const pointsToLife = meaning === "throttled" && reply.evidence.code !== null;
    if (pointsToLife || meaning === "probably-live") return { status: "unknown", evidence };
    refused &&= meaning === "refused";
  }
  return { status: refused ? "dead" : "unknown", evidence: [...evidence, ...route.unaskable] };
}

/** Why a refusal by every host would still not prove that this key is dead. */
function doubtOf({ provider, kind }: Verifiable): string | null {
  if (provider !== "dashscope") return "Another provider may still know it.";
  return kind === "unknown" ? "Its shape is not known, so it may not be whole." : null;
}

function remarkOn({ decisive }: Endpoint): string | null {
  return decisive ? null : "The workspace beside the key may belong to another region.";
}

function withRemark(evidence: Evidence, remark: string | null): Evidence {
  return remark === null ? evidence : { ...evidence, meaning: `${evidence.meaning} ${remark}` };
}

function noticesOf(
  keys: readonly Verifiable[],
  verdicts: Verification["verdicts"],
  { verifyAmbiguous }: VerifyOptions,
  run: Run,
): Notice[] {
  const unsent = keys.filter(({ provider }) => provider === "ambiguous" && !verifyAmbiguous).length;
  const unknown = [...verdicts.values()].filter(({ status }) => status === "unknown").length;
  const notices: Notice[] = [];
  if (unsent > 0) {
    const message = `${unsent} ${unsent === 1 ? "key was" : "keys were"} not sent anywhere, because nothing tells whose ${unsent === 1 ? "it is" : "they are"}; --verify-ambiguous asks Alibaba Cloud about them.`;
    notices.push({ kind: "notice", code: "verification", message, incomplete: false });
  }
  if (run.signal.aborted && unknown > 0) {
    const message = `Verification stopped early (${run.whyStopped().replace(/\.$/u, "")}): ${unknown} ${unknown === 1 ? "key is" : "keys are"} unknown.`;
    notices.push({ kind: "notice", code: "verification", message, incomplete: true });
  }
  return notices;
}

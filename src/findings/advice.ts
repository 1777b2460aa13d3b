// What to do about one key: the action, one sentence, and everything that is needed to do it.
// The steps are left to advice-steps, pages and facts to their tables; nothing is read or asked.
import {
  committedAt,
  isResidue,
  type Action,
  type Advice,
  type Consumer,
  type Exposure,
  type Finding,
  type LivenessStatus,
  type Place,
  type Residue,
} from "../model/index.js";
import { adviceSteps } from "./advice-steps.js";
import { consolePagesFor } from "./console-pages.js";
import { worstExposure } from "./places.js";
import { resetFacts } from "./reset-facts.js";

/** What advice depends on. A grouped key with its verdict has all of it. */
export interface AdviceInput extends Pick<
  Finding,
  "kind" | "provider" | "providerName" | "confidence" | "exposure" | "liveness" | "hints" | "places"
> {
  /** Where the key's variable is used; found by sources, given through. */
  readonly consumers?: readonly Consumer[];
}

/**
 * Decides what to do about a key and how.
 * @returns the action and the advice; pure, so that it can be asked again when a verdict came in
 */
export function adviseFinding(given: AdviceInput): { action: Action; advice: Advice } {
  const input = { ...given, consumers: consumersElsewhere(given) };
  const action = actionFor(input);
  const ours = input.provider !== "other";
  return {
    action,
    advice: {
      summary: summaryOf(action, input),
      steps: adviceSteps(action, input, exposureWindow(input.places)),
      consolePages: ours ? consolePagesFor(input) : [],
      facts: ours ? resetFacts(input) : [],
      exposureWindow: exposureWindow(input.places),
      consumers: input.consumers,
    },
  };
}

/** The line on which the key itself stands gives the variable its value; it is no user of it. */
function consumersElsewhere({ consumers = [], places }: AdviceInput): readonly Consumer[] {
  return consumers.filter(
    ({ path, line }) => !places.some((place) => place.path === path && place.line === line),
  );
}

/** How the action follows when liveness has not decided it, and it is not only left over. */
const actionOfExposure = {
  pushed: "reset",
  tagged: "reset",
  committed: "reset",
  staged: "remove",
  "working-tree": "remove",
} as const satisfies Record<Exclude<Exposure, Residue>, Action>;

function actionFor({
  provider,
  kind,
  confidence,
  exposure,
  liveness,
  places,
}: AdviceInput): Action {
  if (isAccepted(liveness.status)) return "reset-now";
  if (provider === "other" || liveness.status === "dead") return "none";
  if (provider === "ambiguous" || kind === "partial" || confidence === "possible") return "review";
  // What is left over in this clone needs a look; what would be committed next has to go.
  if (isResidue(exposure)) return places.every(isLeftOver) ? "review" : "remove";
  return actionOfExposure[exposure];
}

function isLeftOver(place: Place): boolean {
  return isResidue(place.exposure);
}

function isAccepted(status: LivenessStatus): boolean {
  return status === "live" || status === "restricted";
}

/** How far it got, as the end of "This key …". */
const whereabouts = {
  pushed: "was pushed",
  tagged: "is in a tag",
  committed: "is in committed history",
  stashed: "is left in a stash of this clone",
  reflog: "is left in the reflog of this clone",
  unreachable: "is left in an object of this clone that no branch reaches",
  staged: "is staged and not committed yet",
  "working-tree": "is in files and, as far as was looked, in nothing that is committed",
} as const satisfies Record<Exposure, string>;

function summaryOf(action: Action, input: AdviceInput): string {
  const where = whereaboutsOf(input);
  switch (action) {
    case "reset-now":
      return input.liveness.status === "live"
        ? `This key works and ${where}: reset it now.`
        : `This key is valid and ${where}; billing, quota or access rules block it for the moment: reset it now.`;
    case "reset":
      return `This key ${where} and is not known to be dead: reset it.`;
    case "remove":
      return `This key ${where}: take it out before it is; reset it if anybody else could read it.`;
    case "review":
      return reviewSummary(input, where);
    case "none":
      return input.provider === "other"
        ? `Context gives this key to ${input.providerName ?? "another provider"}: nothing to reset at Alibaba Cloud, but it is somebody's secret, so tell its owner.`
        : "Every host that could know this key refuses it, so it needs no reset; delete it if it is yours: a disabled key can be enabled again.";
  }
}

function whereaboutsOf({ exposure, places }: AdviceInput): string {
  const nearest = places.filter((place) => !isLeftOver(place));
  const [first, ...others] = nearest;
  if (!isResidue(exposure) || first === undefined) return whereabouts[exposure];
  return `${whereabouts[worstExposure([first, ...others])]}, and ${whereabouts[exposure]}`;
}

function reviewSummary({ provider, kind, confidence }: AdviceInput, where: string): string {
  if (provider === "ambiguous") {
    return `This key ${where} and nothing near it says whose it is (DashScope, DeepSeek and several gateways write keys alike): find out and reset it there.`;
  }
  if (kind === "partial") {
    return `A part of a key ${where}: find the whole key and reset it if the rest can be guessed or stands elsewhere.`;
  }
  if (confidence === "possible") {
    return `What looks like a key of an unknown shape ${where}: look at it, and reset it if it is one.`;
  }
  return `This key ${where}: it never left this clone unless the folder was copied; reset it if it was, then clear it away.`;
}

/**
 * The days (UTC) on which the key could be read. The last one is null while the key still stands
 * somewhere: then the window ends with the reset.
 */
function exposureWindow(places: readonly Place[]): Advice["exposureWindow"] {
  const from = places.flatMap((place) => dayOf(committedAt(place)));
  const gone = places.flatMap(({ removed }) => dayOf(removed && committedAt(removed)));
  return {
    from: from.sort()[0] ?? null,
    to: gone.length === places.length ? (gone.sort().at(-1) ?? null) : null,
  };
}

function dayOf(date: string | null): string[] {
  const time = date === null ? Number.NaN : Date.parse(date);
  return Number.isNaN(time) ? [] : [new Date(time).toISOString().slice(0, 10)];
}

// One key and everything known about it. How it is shown is left to report.
import type { Consumer } from "./consumer.js";
import type { Confidence, Hints, KeyKind, Provider } from "./match.js";
import type { Exposure, Place } from "./place.js";
import type { Secret } from "./secret.js";
import type { Timeline } from "./timeline.js";
import type { Verdict } from "./verdict.js";

/** What to do about a key, most urgent first. */
export const actions = ["reset-now", "reset", "remove", "review", "none"] as const;
export type Action = (typeof actions)[number];

/** A step somebody can take. */
export interface AdviceStep {
  readonly text: string;
  readonly command?: string;
  readonly url?: string;
}

export interface ConsolePage {
  readonly title: string;
  readonly url: string;
}

export interface Advice {
  /** One sentence: what to do. */
  readonly summary: string;
  readonly steps: readonly AdviceStep[];
  readonly consolePages: readonly ConsolePage[];
  /** Facts about this kind of key that matter for the reset. */
  readonly facts: readonly string[];
  /** First and last day (ISO dates) on which the key was exposed; the window for reading the bill. */
  readonly exposureWindow: { readonly from: string | null; readonly to: string | null };
  readonly consumers: readonly Consumer[];
}

/** Why a key does not fail the run although it was found. */
export interface Suppression {
  readonly by: "baseline" | "inline" | "head";
  readonly reason: string | null;
}

export interface Finding {
  readonly fingerprint: string;
  readonly secret: Secret;
  readonly kind: KeyKind;
  readonly rule: string;
  readonly confidence: Confidence;
  readonly provider: Provider;
  readonly providerName: string | null;
  readonly exposure: Exposure;
  readonly liveness: Verdict;
  readonly action: Action;
  readonly advice: Advice;
  readonly encoding: readonly string[];
  readonly places: readonly [Place, ...Place[]];
  readonly hints: Hints;
  readonly suppressed: Suppression | null;
  /** Absent when it was not asked for. */
  readonly timeline?: Timeline;
}

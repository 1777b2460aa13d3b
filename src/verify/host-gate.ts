// Manners towards one host: so many requests at once, a pause when it asks for one, and no more
// questions when it does not answer. What is asked is left to verify.
import { setTimeout as wait } from "node:timers/promises";

/** Time as verification sees it, so that a test need not wait. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Ends early, without an error, when the signal is given. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    try {
      await wait(milliseconds, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
};

/** After so many questions in a row without an answer, a host is not asked again in this run. */
const maxSilences = 3;

export interface HostGate {
  /** Waits for a free place; false when the signal came first. Each true needs one `leave`. */
  readonly enter: (signal: AbortSignal) => Promise<boolean>;
  /** @param answered whether the host gave any HTTP answer; null when it was not asked after all */
  readonly leave: (answered: boolean | null) => void;
  /** Nobody is to ask before this time (milliseconds since 1970). */
  readonly pauseUntil: (time: number) => void;
  readonly pausedUntil: () => number;
  /** It did not answer several times in a row. */
  readonly isSilent: () => boolean;
}

/** @param places requests that may run at once */
export function hostGate(places: number): HostGate {
  let free = places;
  let paused = 0;
  let silences = 0;
  const waiting = new Set<(entered: boolean) => void>();

  const enter = (signal: AbortSignal): Promise<boolean> => {
    if (signal.aborted) return Promise.resolve(false);
    if (free > 0) {
      free -= 1;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const settle = (entered: boolean): void => {
        waiting.delete(settle);
        signal.removeEventListener("abort", stop);
        resolve(entered);
      };
      const stop = (): void => settle(false);
      waiting.add(settle);
      signal.addEventListener("abort", stop);
    });
  };
  const leave = (answered: boolean | null): void => {
    if (answered !== null) silences = answered ? 0 : silences + 1;
    const [next] = waiting;
    if (next) next(true);
    else free += 1;
  };
  return {
    enter,
    leave,
    pauseUntil: (time) => {
      paused = Math.max(paused, time);
    },
    pausedUntil: () => paused,
    isSilent: () => silences >= maxSilences,
  };
}

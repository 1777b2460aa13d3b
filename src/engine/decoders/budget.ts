// Taking from the budget, and saying so when it does not reach.
// How large a budget is, is left to the engine.
import type { Notice } from "../../model/index.js";
import type { Budget } from "../view.js";

/** Takes a view of so many bytes from the budget; false, and nothing taken, when it is too large. */
export function spend(budget: Budget, bytes: number): boolean {
  if (budget.views < 1 || budget.bytes < bytes) return false;
  budget.views -= 1;
  budget.bytes -= bytes;
  return true;
}

/** @param what the decoder or the container's entry that was not read to its end */
export function limitReached(what: string): Notice {
  return {
    kind: "notice",
    code: "container-limit",
    message: `decoding stopped at its limit, so not all of this was looked at: ${what}`,
    incomplete: true,
  };
}

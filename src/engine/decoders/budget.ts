// Taking from the budget, and saying so when it does not reach; what is said of containers that
// could not be looked into.
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

/** Takes a container's entry from the budget. */
export function spendEntry(budget: Budget): boolean {
  if (budget.entries < 1 || budget.views < 1 || budget.bytes < 1) return false;
  budget.entries -= 1;
  return true;
}

/** @param what the decoder or the container's entry that was not read to its end */
export function limitReached(what: string): Notice {
  return {
    kind: "notice",
    code: "container-limit",
    message: `decoding stopped at its limit, so not all of this was looked at (${shown(what)})`,
    incomplete: true,
  };
}

/**
 * Whoever has the password reads what this scan does not, so it is not known to be clean.
 * @param what the entry, and how many more
 */
export function encrypted(what: string): Notice {
  return {
    kind: "notice",
    code: "container-encrypted",
    message: `encrypted, so not looked into: look at it by hand, then leave its path out by exclude (${shown(what)})`,
    incomplete: true,
  };
}

/**
 * Packed in a way that others can read and this scan cannot.
 * @param what the entry
 * @param how the way, as in `compression method 14`
 */
export function unsupported(what: string, how: string): Notice {
  return {
    kind: "notice",
    code: "container-unreadable",
    message: `${how} cannot be read here, so unpack it and scan what is in it, then leave its path out by exclude (${shown(what)})`,
    incomplete: true,
  };
}

/** A key of 32 hexadecimal digits takes at least so many bytes, however it is packed. */
const roomForKey = 16;

/**
 * Damaged, so that not all was looked at: behind the damage a tool for repairs may find more. Nothing
 * is said where there is no room for a key, as in samples that are only a container's first bytes.
 * @param what the entry
 * @param bytes how long its packed content is
 */
export function damaged(what: string, bytes: number): Notice[] {
  if (bytes < roomForKey) return [];
  return [
    {
      kind: "notice",
      code: "container-damaged",
      message: `damaged or cut off; what could be read of it was looked at: repair it or look by hand, then leave its path out by exclude (${shown(what)})`,
      incomplete: true,
    },
  ];
}

const longestName = 200;

/** A name from a container as it may be shown: no control characters, of bounded length. */
export function shown(name: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it is about
  const safe = name.replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu, "?");
  return safe.length > longestName ? `${safe.slice(0, longestName)}…` : safe;
}

// Git's hook protocols: what pre-push and pre-receive are told, turned into what to scan.
// Reading the objects is left to sources, standard input to the command line.
import { UserError } from "../model/errors.js";
import type { Outgoing } from "../sources/outgoing.js";

/** One line of pre-push's or pre-receive's standard input that is not a deletion. */
export interface RefUpdate {
  /** The ref on the receiving side. */
  readonly ref: string;
  /** What it is to point to. */
  readonly to: string;
  /** What it points to now as far as this side was told, or null when it is new. */
  readonly from: string | null;
}

/**
 * Reads pre-push's standard input: `<local ref> <local oid> <remote ref> <remote oid>` per line;
 * a local oid of zeros is a deletion, a remote oid of zeros a new ref.
 * Source: githooks(5), git 2.39.
 * @throws {UserError} on a line of another form: what is not understood is not clean
 */
export function readPrePush(input: string): RefUpdate[] {
  return updates(input, "pre-push", /^.+ (?<to>\S+) (?<ref>\S+) (?<from>\S+)$/u);
}

/**
 * Reads pre-receive's standard input: `<old oid> <new oid> <ref>` per line.
 * Source: githooks(5), git 2.39.
 * @throws {UserError} on a line of another form
 */
export function readPreReceive(input: string): RefUpdate[] {
  return updates(input, "pre-receive", /^(?<from>\S+) (?<to>\S+) (?<ref>\S+)$/u);
}

const objectId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u;
const zeros = /^0+$/u;

// The local side of a push may be an expression with blanks (`HEAD^{/some words}`); refs have none.
function updates(input: string, hook: string, form: RegExp): RefUpdate[] {
  const lines = input.split("\n").filter((line) => line !== "");
  return lines.flatMap((line) => {
    const { to = "", ref = "", from = "" } = form.exec(line)?.groups ?? {};
    if (!objectId.test(to) || !objectId.test(from)) {
      throw new UserError(
        `${hook} was given a line that is not in git's form`,
        "Let git run this hook, or pipe in lines as githooks(5) describes them.",
      );
    }
    return zeros.test(to) ? [] : [{ ref, to, from: zeros.test(from) ? null : from }];
  });
}

/**
 * What a push would publish.
 * @param remote the remote's name as pre-push was given it; for a push to a bare URL git gives the
 *   URL, of which nothing is known but the refs' old values
 * @param remotes names of configured remotes
 */
export function pushRange(
  updated: readonly RefUpdate[],
  remote: string | null,
  remotes: readonly string[],
): Outgoing {
  const named = remote !== null && remotes.includes(remote);
  return {
    tips: updated.map(({ to }) => to),
    names: newNames(updated),
    known: {
      revisions: updated.flatMap(({ from }) => (from === null ? [] : [from])),
      refs: named ? { kind: "remote", name: remote } : { kind: "none" },
    },
  };
}

/** What a received pack brings: all that no ref of this repository reaches yet. */
export function receivedRange(updated: readonly RefUpdate[]): Outgoing {
  return {
    tips: updated.map(({ to }) => to),
    names: newNames(updated),
    known: { revisions: [], refs: { kind: "all" } },
  };
}

/** A ref that is there already publishes its name no further. */
function newNames(updated: readonly RefUpdate[]): readonly string[] {
  return updated.flatMap(({ ref, from }) => (from === null && ref !== "" ? [ref] : []));
}

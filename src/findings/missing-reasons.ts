// Comments that would let a key pass, if they gave a reason.
// Reading them is left to engine, letting keys pass to group.
import { compareText, type Notice, type Place, type PlaceKind } from "../model/index.js";
import type { Located } from "./locate.js";

/** Places at which a comment can still be written. */
const current: ReadonlySet<PlaceKind> = new Set(["file", "index", "stdin"]);

/** Says of each key where a reason is missing, once. */
export function missingReasons(located: readonly Located[]): readonly Notice[] {
  const places = new Map<string, Place[]>();
  for (const { match, places: own } of located) {
    if (!match.allowedWithoutReason) continue;
    const fingerprint = match.secret.fingerprint;
    const here = own.filter(({ kind }) => current.has(kind));
    places.set(fingerprint, [...(places.get(fingerprint) ?? []), ...here]);
  }
  return [...places.values()].flatMap((own) => {
    const [first] = own.map(nameOf).sort(compareText);
    return first === undefined ? [] : [missing(first)];
  });
}

function nameOf({ path, line }: Place): string {
  return `${path ?? "standard input"}${line === null ? "" : `:${line}`}`;
}

function missing(subject: string): Notice {
  return {
    kind: "notice",
    code: "allow-without-reason",
    message: `The dashleaks:allow at ${subject} gives no reason, so the key there is not let pass: write behind it why it may stay.`,
    subject,
    incomplete: false,
  };
}

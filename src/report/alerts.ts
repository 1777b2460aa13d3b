// What a platform opens: one alert per key and path, so that a key in fifty versions of a file is one.
// How severe that is in each platform's words is left to the formats.
import { createHash } from "node:crypto";
import { originOf } from "./places.js";
import type { PublishedKey, PublishedPlace, PublishedReport } from "./published.js";
import { sorted } from "./sorted.js";
import { exposureWords, kindWords, livenessWords } from "./words.js";

export interface Alert {
  readonly key: PublishedKey;
  /** The place to show: where the key is now, else where it was last. */
  readonly place: PublishedPlace;
  /** With forward slashes, not encoded; made up for places that have no path. */
  readonly path: string;
}

/**
 * The alerts of a report, worst key first. Keys of other providers are not judged, and keys that
 * were let pass alert nobody.
 */
export function alertsOf({ keys }: PublishedReport): Alert[] {
  return sorted(keys).shown.flatMap((key) => {
    const byPath = new Map<string, PublishedPlace>();
    for (const place of key.places) {
      const path = pathOf(place);
      const known = byPath.get(path);
      if (known === undefined || !isCurrent(known) || isCurrent(place)) byPath.set(path, place);
    }
    const alerts = [...byPath].map(([path, place]) => ({ key, place, path }));
    return [
      ...alerts.filter(({ place }) => isCurrent(place)),
      ...alerts.filter(({ place }) => !isCurrent(place)),
    ];
  });
}

function isCurrent({ kind }: PublishedPlace): boolean {
  return kind === "file" || kind === "index" || kind === "stdin";
}

/** A place without a path gets one below `.git`, where it is in truth. */
function pathOf({ kind, path, commit, object, refs, repository }: PublishedPlace): string {
  const name = commit ?? object ?? refs[0] ?? null;
  const made =
    kind === "stdin" ? "standard-input" : `.git/${kind}${name === null ? "" : `/${name}`}`;
  const shown = (path ?? made).replace(/^\/+/u, "");
  return repository === null ? shown : `${repository.replace(/^\/+/u, "")}/${shown}`;
}

/**
 * Names an alert by its key and path alone: moved lines and rewritten commits change nothing.
 * @returns 64 lowercase hex digits
 */
export function alertId({ key, path }: Alert): string {
  return createHash("sha256").update(`${key.fingerprint}\n${path}`).digest("hex");
}

/** One paragraph about an alert. Names people nowhere: alerts are read by many. */
export function alertText({ key, place }: Alert): string {
  const { liveness, exposure, kind, masked, advice } = key;
  const status = liveness.status === "unchecked" ? "" : ` It is ${livenessWords[liveness.status]}.`;
  const [commit, date] = originOf({ ...place, author: null });
  const introduced =
    commit === undefined || place.commit === null
      ? ""
      : ` It came in with commit ${commit}${date === undefined ? "" : ` on ${date}`}.`;
  const removed = place.removed
    ? ` Commit ${originOf({ ...place.removed, author: null }).join(" of ")} took it out of this file, not out of history.`
    : "";
  return `Leaked ${kindWords[kind]} ${masked}: ${exposureWords[exposure]}.${status}${introduced}${removed} ${advice.summary}`;
}

// Reads one key of a published report back.
// The report around it is left to parse, the small decoders to decode.
import {
  actions,
  confidences,
  exposures,
  keyKinds,
  livenessStatuses,
  placeKinds,
  providers,
  timelineEventKinds,
  type Advice,
  type AdviceStep,
  type CommitAge,
  type CommitStamp,
  type Hints,
  type TimelineEvent,
  type Verdict,
} from "../model/index.js";
import {
  count,
  flag,
  list,
  matching,
  nonEmptyList,
  nullable,
  object,
  oneOf,
  orNull,
  text,
  type Decoder,
} from "./decode.js";
import type { PublishedKey, PublishedPlace } from "./published.js";

const objectId = matching(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/u, "an object id");
const fingerprint = matching(/^(?:hmac-)?sha256:[0-9a-f]{64}$/u, "a key's fingerprint");
// A report that somebody wrote by hand could hold a key here; it would be printed again.
const masked = matching(/^[a-z-]*\*{4}.{0,4}$/u, "a masked key");

type Field = <V>(name: string, decoder: Decoder<V>) => V;

/** Both are left out where there is nothing to say. */
function age(field: Field): CommitAge {
  const committed = field("committed", orNull(text));
  const generation = field("generation", orNull(count));
  return {
    ...(committed === null ? {} : { committed }),
    ...(generation === null ? {} : { generation }),
  };
}

const commitStamp: Decoder<CommitStamp> = object((field) => ({
  commit: field("commit", objectId),
  date: field("date", nullable(text)),
  author: field("author", nullable(text)),
  ...age(field),
}));

const place: Decoder<PublishedPlace> = object((field) => ({
  kind: field("kind", oneOf(placeKinds)),
  exposure: field("exposure", oneOf(exposures)),
  path: field("path", nullable(text)),
  line: field("line", nullable(count)),
  column: field("column", nullable(count)),
  commit: field("commit", nullable(objectId)),
  date: field("date", nullable(text)),
  author: field("author", nullable(text)),
  ...age(field),
  refs: field("refs", list(text)),
  object: field("object", nullable(objectId)),
  removed: field("removed", nullable(commitStamp)),
  repository: field("repository", nullable(text)),
  worktree: field("worktree", nullable(text)),
  encoding: field("encoding", list(text)),
  trail: field("trail", list(text)),
}));

const verdict: Decoder<Verdict> = object((field) => ({
  status: field("status", oneOf(livenessStatuses)),
  evidence: field(
    "evidence",
    list(
      object((of) => ({
        host: of("host", text),
        region: of("region", text),
        status: of("status", nullable(count)),
        code: of("code", nullable(text)),
        meaning: of("meaning", text),
      })),
    ),
  ),
}));

const optionalText: Decoder<string | undefined> = (at) =>
  at.value === undefined ? undefined : text(at);

const adviceStep: Decoder<AdviceStep> = object((field) => {
  const command = field("command", optionalText);
  const url = field("url", optionalText);
  return {
    text: field("text", text),
    ...(command === undefined ? {} : { command }),
    ...(url === undefined ? {} : { url }),
  };
});

const advice: Decoder<Advice> = object((field) => ({
  summary: field("summary", text),
  steps: field("steps", list(adviceStep)),
  consolePages: field(
    "consolePages",
    list(object((of) => ({ title: of("title", text), url: of("url", text) }))),
  ),
  facts: field("facts", list(text)),
  exposureWindow: field(
    "exposureWindow",
    object((of) => ({ from: of("from", nullable(text)), to: of("to", nullable(text)) })),
  ),
  consumers: field(
    "consumers",
    list(
      object((of) => ({
        path: of("path", text),
        line: of("line", count),
        variable: of("variable", text),
        what: of("what", text),
      })),
    ),
  ),
}));

const hints: Decoder<Hints> = object((field) => ({
  hosts: field("hosts", list(text)),
  workspaces: field(
    "workspaces",
    list(object((of) => ({ id: of("id", text), region: of("region", nullable(text)) }))),
  ),
  variable: field("variable", nullable(text)),
  usedAsName: field("usedAsName", flag),
}));

const timelineEvent: Decoder<TimelineEvent> = object((field) => ({
  kind: field("kind", oneOf(timelineEventKinds)),
  date: field("date", nullable(text)),
  bound: field("bound", oneOf(["exact", "not-before", "not-after"])),
  commit: field("commit", nullable(objectId)),
  author: field("author", nullable(text)),
  path: field("path", nullable(text)),
  ref: field("ref", nullable(text)),
  repository: field("repository", nullable(text)),
  evidence: field("evidence", text),
}));

/** One entry of `keys`. */
export const publishedKey: Decoder<PublishedKey> = object((field) => ({
  fingerprint: field("fingerprint", fingerprint),
  masked: field("masked", masked),
  kind: field("kind", oneOf(keyKinds)),
  rule: field("rule", text),
  confidence: field("confidence", oneOf(confidences)),
  provider: field("provider", oneOf(providers)),
  providerName: field("providerName", nullable(text)),
  exposure: field("exposure", oneOf(exposures)),
  liveness: field("liveness", verdict),
  action: field("action", oneOf(actions)),
  advice: field("advice", advice),
  encoding: field("encoding", list(text)),
  places: field("places", nonEmptyList(place)),
  hints: field("hints", hints),
  suppressed: field(
    "suppressed",
    nullable(
      object((of) => ({
        by: of("by", oneOf(["baseline", "inline", "head"])),
        reason: of("reason", nullable(text)),
      })),
    ),
  ),
  timeline: field("timeline", orNull(list(timelineEvent))),
}));

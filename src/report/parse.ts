// Reads a published report back: for joining, proving and verifying what an earlier run found.
// Files are read by the caller; what is done with the report, too.
import {
  actions,
  confidences,
  exposures,
  keyKinds,
  livenessStatuses,
  placeKinds,
  providers,
  UserError,
  type Advice,
  type AdviceStep,
  type CommitStamp,
  type Hints,
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
  text,
  type Decoder,
} from "./decode.js";
import {
  schemaVersion,
  type PublishedKey,
  type PublishedNotice,
  type PublishedPlace,
  type PublishedReport,
} from "./published.js";

/**
 * Reads a report in the JSON format. Fields that this version does not know are passed over.
 * @param content the file's text
 * @param name how to call the file in messages
 * @throws UserError when it is not JSON, no report, or of a newer version
 */
export function parseReport(content: string, name: string): PublishedReport {
  const value = parsedJson(content, name);
  const version = versionOf(value);
  if (version === null) {
    throw new UserError(
      `${name} is not a dashleaks report: it states no schemaVersion.`,
      "Give a file written with --format json.",
    );
  }
  if (version > schemaVersion) {
    throw new UserError(
      `${name} has schemaVersion ${version}; this dashleaks reads up to ${schemaVersion}.`,
      "Use the dashleaks that wrote it, or a newer one.",
    );
  }
  return report({ value, pointer: "", document: name });
}

function parsedJson(content: string, name: string): unknown {
  try {
    return JSON.parse(content.replace(/^\ufeff/u, ""));
  } catch (cause) {
    // The parser's own message may quote the text, and the text is not known to hold no key.
    throw new UserError(`${name} is not JSON.`, "Give a file written with --format json.", {
      cause,
    });
  }
}

function versionOf(value: unknown): number | null {
  if (typeof value !== "object" || value === null || !("schemaVersion" in value)) return null;
  const { schemaVersion: version } = value;
  return typeof version === "number" && Number.isInteger(version) && version > 0 ? version : null;
}

const objectId = matching(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/u, "an object id");
const fingerprint = matching(/^(?:hmac-)?sha256:[0-9a-f]{64}$/u, "a key's fingerprint");
// A report that somebody wrote by hand could hold a key here; it would be printed again.
const masked = matching(/^[a-z-]*\*{4}.{0,4}$/u, "a masked key");

const commitStamp: Decoder<CommitStamp> = object((field) => ({
  commit: field("commit", objectId),
  date: field("date", nullable(text)),
  author: field("author", nullable(text)),
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

const key: Decoder<PublishedKey> = object((field) => ({
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
}));

const notice: Decoder<PublishedNotice> = object((field) => ({
  code: field("code", text),
  message: field("message", text),
  subject: field("subject", nullable(text)),
  incomplete: field("incomplete", flag),
}));

const report: Decoder<PublishedReport> = object((field) => ({
  schemaVersion,
  tool: field(
    "tool",
    object((of) => ({
      name: of("name", oneOf(["dashleaks"])),
      version: of("version", text),
      ruleset: of("ruleset", text),
    })),
  ),
  repository: field("repository", nullable(text)),
  repositories: field("repositories", list(text)),
  complete: field("complete", flag),
  coverage: field(
    "coverage",
    object((of) => ({
      files: of("files", count),
      objects: of("objects", count),
      bytes: of("bytes", count),
      refs: of("refs", count),
      skipped: of(
        "skipped",
        list(
          object((skip) => ({
            what: skip("what", text),
            reason: skip("reason", text),
            count: skip("count", count),
          })),
        ),
      ),
    })),
  ),
  keys: field("keys", list(key)),
  notices: field("notices", list(notice)),
}));

// Reads a published report back: for joining, proving and verifying what an earlier run found.
// Files are read by the caller; what is done with the report, too.
import { UserError } from "../model/index.js";
import {
  count,
  flag,
  list,
  nullable,
  object,
  oneOf,
  orNull,
  text,
  type Decoder,
} from "./decode.js";
import { publishedKey } from "./parse-key.js";
import { schemaVersion, type PublishedNotice, type PublishedReport } from "./published.js";

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
    object((of) => {
      const fingerprintKey = of("fingerprintKey", orNull(text));
      return {
        name: of("name", oneOf(["dashleaks"])),
        version: of("version", text),
        ruleset: of("ruleset", text),
        ...(fingerprintKey === null ? {} : { fingerprintKey }),
      };
    }),
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
  shard: field(
    "shard",
    orNull(
      object((of) => ({
        index: of("index", count),
        count: of("count", count),
        work: of("work", text),
        repositories: of("repositories", list(text)),
      })),
    ),
  ),
  keys: field("keys", list(publishedKey)),
  notices: field("notices", list(notice)),
}));

// The record of what is clean: which packs and objects were read by these rules in this version, and
// in which of them there is something to look at again. Losing it costs time, nothing else.
// The file is left to record-file; findings are never kept.
import type { CleanRecord, PackIdentity } from "../model/clean-record.js";
import type { Notice } from "../model/notice.js";
import type { Repository } from "../model/source.js";
import { readRecord, recordPlaces, writeRecord } from "./record-file.js";

/** Changes when this file's form or its meaning does. */
const form = 1;
/** A record never holds more; the rest is read again each time. */
const mostPacks = 2000;
const mostObjects = 100_000;

interface Kept {
  readonly form: number;
  readonly key: string;
  readonly packs: readonly (PackIdentity & { readonly again: readonly string[] })[];
  readonly clean: readonly string[];
}

export interface KeptRecord {
  readonly record: CleanRecord;
  readonly notices: readonly Notice[];
  /**
   * Writes down what this run has told, and what it has relied on.
   * @param worthALook whether something was found or left undone in an object
   */
  save(worthALook: (oid: string) => boolean): readonly Notice[];
}

/**
 * @param key all that a verdict depends on beside the object: rules, version, settings. With another
 *   key nothing of an old record is believed.
 */
export function openCleanRecord(
  repository: Pick<Repository, "commonDirectory" | "objectFormat">,
  key: string,
  environment: Readonly<Record<string, string | undefined>>,
): KeptRecord {
  const places = recordPlaces(repository.commonDirectory, environment);
  const text = readRecord(places);
  const fullKey = `${repository.objectFormat} ${key}`;
  const kept = typeof text === "string" ? parse(text, fullKey) : null;
  const packs = new Map((kept?.packs ?? []).map((pack) => [nameOf(pack), pack.again]));
  const clean = new Set(kept?.clean);

  const told = new Map<string, PackIdentity & { readonly given: readonly string[] }>();
  const objects = new Map<string, boolean>();
  const record: CleanRecord = {
    lookAgain: (pack) => {
      const again = packs.get(nameOf(pack)) ?? null;
      if (again !== null) told.set(nameOf(pack), { ...pack, given: again });
      return again;
    },
    isClean: (oid) => {
      const known = clean.has(oid);
      if (known) objects.set(oid, false);
      return known;
    },
    packWasRead: (pack, given) => told.set(nameOf(pack), { ...pack, given }),
    objectWasRead: (oid, given) => objects.set(oid, given),
  };
  return {
    record,
    notices: text instanceof Error ? [unusable(text, "Everything is read anew.")] : [],
    save: (worthALook) => {
      const next: Kept = {
        form,
        key: fullKey,
        packs: [...told.values()].slice(0, mostPacks).map(({ checksum, bytes, given }) => ({
          checksum,
          bytes,
          again: given.filter(worthALook),
        })),
        clean: [...objects]
          .filter(([oid, given]) => !given || !worthALook(oid))
          .slice(0, mostObjects)
          .map(([oid]) => oid),
      };
      const written = JSON.stringify(next);
      if (written === text) return [];
      const failure = writeRecord(places, written);
      const consequence = "The next run will read everything again.";
      return failure === null ? [] : [unusable(failure, consequence)];
    },
  };
}

function nameOf({ checksum, bytes }: PackIdentity): string {
  return `${checksum} ${bytes}`;
}

function parse(text: string, key: string): Kept | null {
  // The seal says that this tool has written it; the form, that it was this version's.
  const kept = JSON.parse(text) as Kept;
  return kept.form === form && kept.key === key ? kept : null;
}

function unusable(error: Error, consequence: string): Notice {
  return {
    kind: "notice",
    code: "cache-unusable",
    message: `The record of what is clean cannot be used: ${error.message}. ${consequence}`,
    incomplete: false,
  };
}

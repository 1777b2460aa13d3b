// What one run has read already, handed from repository to repository: forks and repositories that
// borrow objects from each other share packs, and each is read once.
// Lives as long as the run; what is kept between runs is left to clean-record.
import type { CleanRecord, PackIdentity } from "../model/clean-record.js";

export interface SharedRecord {
  /** A record for the next repository, on top of its own kept one. */
  forRepository(own: CleanRecord | null): SharedPart;
}

export interface SharedPart {
  readonly record: CleanRecord;
  /** Whether all that was not read here was read by this run in another repository. */
  readonly readElsewhere: () => boolean;
  /**
   * Takes what was read here into account for the repositories that follow.
   * @param worthALook whether something was found or left undone in an object; such objects are read
   *   again in every repository, so that each gets its places there
   */
  done(worthALook: (oid: string) => boolean): void;
}

/** Objects stored by themselves are shared up to this many; packs are few. */
const mostObjects = 200_000;

export function sharedRecord(): SharedRecord {
  const packs = new Map<string, readonly string[]>();
  const clean = new Set<string>();
  return {
    forRepository: (own) => {
      const told = new Map<string, readonly string[]>();
      const objects = new Map<string, boolean>();
      const used = { own: false, shared: false };
      const record: CleanRecord = {
        lookAgain: (pack) => {
          const kept = own?.lookAgain(pack) ?? null;
          used.own ||= kept !== null;
          if (kept !== null) return kept;
          const again = packs.get(nameOf(pack)) ?? null;
          used.shared ||= again !== null;
          if (again !== null) own?.packWasRead(pack, again);
          return again;
        },
        isClean: (oid) => {
          const kept = own?.isClean(oid) === true;
          const shared = !kept && clean.has(oid);
          used.own ||= kept;
          used.shared ||= shared;
          return kept || shared;
        },
        packWasRead: (pack, given) => {
          own?.packWasRead(pack, given);
          told.set(nameOf(pack), given);
        },
        objectWasRead: (oid, given) => {
          own?.objectWasRead(oid, given);
          objects.set(oid, given);
        },
      };
      return {
        record,
        readElsewhere: () => used.shared && !used.own,
        done: (worthALook) => {
          for (const [name, given] of told) packs.set(name, given.filter(worthALook));
          for (const [oid, given] of objects) {
            if (clean.size < mostObjects && !(given && worthALook(oid))) clean.add(oid);
          }
        },
      };
    },
  };
}

function nameOf({ checksum, bytes }: PackIdentity): string {
  return `${checksum} ${bytes}`;
}

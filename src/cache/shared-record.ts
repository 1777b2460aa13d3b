// What one run has read already, handed from repository to repository: forks and repositories that
// borrow objects from each other share objects, and each is read once, however they are packed.
// An object's name is believed as indexes and files give it, like git does: to hash all that is expanded
// would take longer than reading it. Whoever forges a git directory can so hide what is named alike.
// Lives as long as the run; what is kept between runs is left to clean-record.
import type { CleanRecord, PackIdentity } from "../model/clean-record.js";
import {
  holdsId,
  idsOfHex,
  idsWithNumbers,
  marksOfCommon,
  numbersOfCommon,
  seemRelated,
  withList,
  withoutPlaces,
  type SortedIds,
} from "../model/sorted-ids.js";

export interface SharedRecord {
  /** A record for the next repository, on top of its own kept one. */
  forRepository(own: CleanRecord | null, objectFormat: "sha1" | "sha256"): SharedPart;
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

/** What is kept of ids takes no more room than this; beside it, there are those of one repository. */
const mostBytes = 64 << 20;

/** What is known of the objects of one format. */
interface Known {
  /** Packs by name, and which of their objects have to be looked at again. */
  readonly packs: Map<string, readonly string[]>;
  /** Objects of packs (with their sizes), and loose ones (without), in which nothing was found. */
  lists: readonly KnownList[];
  /** Counts questions, to tell what was of use when. */
  clock: number;
}

interface KnownList {
  readonly ids: SortedIds;
  lastUse: number;
}

/** @param most bytes of ids to keep; those that were of no use for longest go first */
export function sharedRecord(most: number = mostBytes): SharedRecord {
  const known = { sha1: newKnown(), sha256: newKnown() };
  return {
    forRepository: (own, format) =>
      partFor(own, known[format], format === "sha256" ? 32 : 20, most),
  };
}

function newKnown(): Known {
  return { packs: new Map(), lists: [], clock: 0 };
}

function partFor(own: CleanRecord | null, known: Known, idBytes: number, most: number): SharedPart {
  const packs = new Map<string, { given: readonly string[]; ids: SortedIds | null }>();
  const objects = new Map<string, boolean>();
  const used = { own: false, shared: false };
  const record: CleanRecord = {
    lookAgain: (pack) => {
      const kept = own?.lookAgain(pack) ?? null;
      used.own ||= kept !== null;
      if (kept !== null) return kept;
      const again = known.packs.get(nameOf(pack)) ?? null;
      used.shared ||= again !== null;
      if (again !== null) own?.packWasRead(pack, again, () => null);
      return again;
    },
    knownElsewhere: (ids) => {
      const related = known.lists.filter((list) => seemRelated(list.ids, ids));
      for (const list of related) list.lastUse = ++known.clock;
      const sizes = numbersOfCommon(
        ids,
        related.map((list) => list.ids),
      );
      return sizes === null ? null : { sizes, counts: true };
    },
    keepsSizes: true,
    isClean: (oid) => {
      const kept = own?.isClean(oid) === true;
      used.own ||= kept;
      if (kept) return true;
      const list = known.lists.find(({ ids }) => holdsId(ids, oid));
      if (list === undefined) return false;
      list.lastUse = ++known.clock;
      used.shared = true;
      return true;
    },
    packWasRead: (pack, given, contents) => {
      own?.packWasRead(pack, given, contents);
      const read = contents();
      const few = read !== null && read.ids.length <= most;
      packs.set(nameOf(pack), {
        given,
        ids: few ? idsWithNumbers(read.ids, idBytes, read.sizes) : null,
      });
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
      const clean = [...objects].filter(([oid, given]) => !given || !worthALook(oid));
      const loose = idsOfHex(
        clean.map(([oid]) => oid),
        idBytes,
      );
      keep(known, news(known, loose), most);
      let lists: readonly SortedIds[] = [];
      for (const [name, { given, ids }] of packs) {
        const again = given.filter(worthALook);
        known.packs.set(name, again);
        if (ids === null) continue;
        const marks = marksOfCommon(ids, [idsOfHex(again, idBytes)]);
        lists = withList(lists, news(known, marks === null ? ids : without(ids, marks)));
      }
      for (const ids of lists) keep(known, ids, most);
    },
  };
}

/** Those that are not known yet. */
function news({ lists }: Known, ids: SortedIds): SortedIds {
  const related = lists.flatMap((list) => (seemRelated(list.ids, ids) ? [list.ids] : []));
  const marks = marksOfCommon(ids, related);
  return marks === null ? ids : without(ids, marks);
}

function without(ids: SortedIds, marks: Uint8Array): SortedIds {
  return withoutPlaces(ids, (place) => marks[place] === 1);
}

function keep(known: Known, ids: SortedIds, most: number): void {
  const bytesOf = (list: SortedIds): number => list.count * list.stride;
  if (ids.count === 0 || bytesOf(ids) > most) return;
  known.lists = [...known.lists, { ids, lastUse: ++known.clock }];
  let bytes = known.lists.reduce((sum, list) => sum + bytesOf(list.ids), 0);
  for (const list of known.lists.toSorted((one, other) => one.lastUse - other.lastUse)) {
    if (bytes <= most) break;
    known.lists = known.lists.filter((other) => other !== list);
    bytes -= bytesOf(list.ids);
  }
}

function nameOf({ checksum, bytes }: PackIdentity): string {
  return `${checksum} ${bytes}`;
}

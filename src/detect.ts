// What the engine finds in what a source gives, and what both have to say.
// Where in git it lies is left to attribution, the whole story to scan.
import type { Engine, EngineResult, OpenDocument } from "./engine/engine.js";
import { treeEntryAt } from "./findings/tree-entry.js";
import {
  addToTally,
  type Chunk,
  type HitObject,
  type Match,
  type Notice,
  type Origin,
  type SourceItem,
  type Tally,
} from "./model/index.js";

export type ObjectName = Pick<HitObject, "oid" | "type">;

export interface Detected {
  readonly matches: readonly Match[];
  readonly notices: readonly Notice[];
  /** Of which git object a notice is, where it is of one. */
  readonly about: ReadonlyMap<Notice, ObjectName>;
  /** Of which document the engine says something. */
  readonly origins: ReadonlyMap<Notice, Origin>;
  readonly tally: Tally;
}

/**
 * Runs the engine over what a source gives, and adds up what the source says.
 * @param worthALook is filled with the git objects in which something was found, or of which something
 *   is to be said, while the source is read, which may ask it
 */
export async function detect(
  engine: Engine,
  items: AsyncIterable<SourceItem>,
  before: Tally,
  onProgress: ((done: Tally) => void) | undefined,
  worthALook: Set<string> = new Set(),
): Promise<Detected> {
  const matches: Match[] = [];
  const notices: Notice[] = [];
  let tally = before;
  let open: OpenDocument | null = null;
  let headerLines: number | null = null;
  const about = new Map<Notice, ObjectName>();
  const origins = new Map<Notice, Origin>();
  const take = ({ origin }: Chunk, found: EngineResult): void => {
    if (origin.kind === "object" && found.matches.length + found.notices.length > 0) {
      worthALook.add(origin.oid);
      for (const notice of found.notices) about.set(notice, origin);
    }
    for (const match of found.matches) matches.push(match);
    for (const notice of found.notices) {
      notices.push(notice);
      origins.set(notice, origin);
    }
  };
  for await (const item of items) {
    if (item.kind === "notice") {
      notices.push(item);
    } else if (item.kind !== "chunk") {
      tally = addToTally(tally, item);
      onProgress?.(tally);
    } else if (item.first && item.last) {
      const found = withEntries(item, engine.scan(item.origin, item.bytes));
      take(item, found.matches.length > 0 ? withHeader(found, headerLinesOf(item)) : found);
    } else {
      if (item.first || open === null) {
        open = engine.open(item.origin);
        headerLines = headerLinesOf(item);
      }
      open.push(item.bytes);
      if (item.last) take(item, withHeader(open.end(), headerLines));
    }
  }
  return { matches, notices, about, origins, tally };
}

/** Tells of each match in a tree object which entry's name it is; others are left out as noise. */
function withEntries({ origin, bytes }: Chunk, found: EngineResult): EngineResult {
  if (origin.kind !== "object" || origin.type !== "tree") return found;
  const matches = found.matches.flatMap((match) => {
    const entry = treeEntryAt(bytes, match.offset, origin.oid.length / 2);
    return entry === null ? [] : [{ ...match, origin: { ...origin, entry } }];
  });
  return { ...found, matches };
}

/**
 * How many lines of a commit or tag stand before its message; null for other documents. The first
 * empty line ends the headers, in which a line that goes on begins with a space.
 */
function headerLinesOf({ origin, bytes }: Chunk): number | null {
  if (origin.kind !== "object" || (origin.type !== "commit" && origin.type !== "tag")) return null;
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf("\n\n");
  const headers = end === -1 ? bytes : bytes.subarray(0, end + 2);
  return headers.reduce((lines, byte) => (byte === 0x0a ? lines + 1 : lines), 0);
}

function withHeader(found: EngineResult, headerLines: number | null): EngineResult {
  if (headerLines === null) return found;
  const matches = found.matches.map((match) =>
    match.origin.kind === "object" ? { ...match, origin: { ...match.origin, headerLines } } : match,
  );
  return { ...found, matches };
}

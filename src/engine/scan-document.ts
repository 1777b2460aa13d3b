// All keys in one document or window: plain ones, and those in views that decoders give of it.
// Windows of large documents are left to windows.ts, lines and columns to matches.ts.
import type { Notice } from "../model/notice.js";
import type { Ruleset } from "../model/rule.js";
import { assignmentOf, type Assignment } from "./assignment.js";
import { candidateAt, isStandIn, ruleMatcher, type Candidate } from "./candidate.js";
import { createContextReader } from "./context.js";
import { decide, type Decision } from "./decide.js";
import { parentRange, rootRange, viewDocument, type Document, type Range } from "./document.js";
import { createPrefilter } from "./prefilter.js";
import type { Budget, Decoder } from "./view.js";

/** A key in a document, decided. */
export interface Hit {
  readonly document: Document;
  readonly candidate: Candidate;
  readonly value: string;
  readonly decision: Decision;
  readonly assignment: Assignment;
  /** Where it is in the root document. */
  readonly root: Range;
}

interface DocumentResult {
  readonly hits: readonly Hit[];
  readonly notices: readonly Notice[];
}

/** Shorter documents are sooner looked at than asked about. */
const worthAsking = 512;

/** How deep views of views go. */
const deepestView = 4;
/** What decoding one document or window may cost. */
const fullBudget: Readonly<Budget> = { bytes: 256 * 1024 * 1024, views: 20_000, entries: 10_000 };

export type DocumentScanner = (document: Document) => DocumentResult;

export function createDocumentScanner(
  ruleset: Ruleset,
  decoders: readonly Decoder[],
  mayHold: (bytes: Uint8Array) => boolean,
): DocumentScanner {
  const rules = ruleset.rules.map(ruleMatcher);
  const prefilter = createPrefilter(ruleset.rules.map(({ prefix }) => prefix));
  const contextOf = createContextReader(ruleset);

  /** The first rule that finds a key at `start` decides; a stand-in is nobody's key. */
  const hitAt = (document: Document, start: number, afterKey: boolean): Hit | null => {
    for (const rule of rules) {
      const text = { bytes: document.bytes, document: document.number };
      const candidate = candidateAt(rule, text, start, afterKey);
      if (candidate === null) continue;
      if (isStandIn(candidate, document.bytes, ruleset.placeholderWords)) return null;
      const key = { from: candidate.start, to: candidate.end };
      if (standsInParent(document, key)) return null;
      const assignment = assignmentIn(document, key);
      const context = contextOf({ document, key, variable: assignment.variable });
      const decision = decide(rule.rule, candidate.proven, context);
      if (decision === null) continue;
      const value = document.bytes.toString("latin1", key.from, key.to);
      return { document, candidate, value, decision, assignment, root: rootRange(document, key) };
    }
    return null;
  };

  const scan = (document: Document, budget: Budget, hits: Hit[], notices: Notice[]): void => {
    if (document.bytes.length >= worthAsking && !mayHold(document.bytes)) return;
    let end = -1;
    const starts = prefilter(document.bytes);
    for (let next = starts.next(); next.done !== true;) {
      const start = next.value;
      const hit = hitAt(document, start, start === end);
      if (hit !== null) {
        hits.push(hit);
        end = hit.candidate.end;
      }
      next = starts.next(hit?.candidate.end ?? 0);
    }
    if (document.encoding.length >= deepestView) return;
    for (const decoder of decoders) {
      for (const item of decoder.decode(document.bytes, budget)) {
        if (item.kind === "notice") notices.push(within(document, item));
        else scan(viewDocument(document, item), budget, hits, notices);
      }
    }
  };

  return (document) => {
    const hits: Hit[] = [];
    const notices: Notice[] = [];
    scan(document, { ...fullBudget }, hits, notices);
    return { hits: eachOnce(hits), notices };
  };
}

/**
 * Says where in the document that is scanned a notice's own document is. Text that holds a damaged
 * container in base64 or the like quotes the beginning of one as a rule, and is no gap.
 */
function within({ encoding, trail }: Document, notice: Notice): Notice {
  const way = trail.length > 0 ? trail : encoding;
  if (way.length === 0) return notice;
  const quoted = notice.code === "container-damaged" && encoding.length > trail.length;
  const incomplete = notice.incomplete && !quoted;
  return {
    ...notice,
    incomplete,
    message: `${notice.message}, in ${way.toReversed().join(", in ")}`,
  };
}

/**
 * Do the very bytes of a view's key stand in what it was decoded from? Then that was the place to
 * decide on it: `=desk-…` is no key, although quoted-printable makes a byte of its `=de`.
 */
function standsInParent({ bytes, parent }: Document, { from, to }: Range): boolean {
  // An entry of a container is a place by itself, and the better one: see `eachOnce`.
  if (parent === null || parent.ownLines) return false;
  const at = parent.sourceOffset(from);
  const { bytes: outer } = parent.document;
  if (at + to - from > outer.length) return false;
  return bytes.compare(outer, at, at + to - from, from, to) === 0;
}

/** The name in the innermost document that gives one: base64's own name is in the file around it. */
function assignmentIn(document: Document, key: Range): Assignment {
  const own = assignmentOf(document, key);
  const { parent } = document;
  if (own.variable !== null || own.usedAsName || parent === null) return own;
  return assignmentIn(parent.document, parentRange(parent, key));
}

/** How far apart two views may place the same character of the root document. */
const slack = 3;

/** Places that may be the same one. */
function nearby({ from }: Range): readonly number[] {
  return Array.from({ length: 2 * slack + 1 }, (_, index) => from - slack + index);
}

/**
 * A key that is found plainly and in views of the same bytes is told once, least encoded; but where
 * its bytes stand in an entry of a container as they are, the entry is the place.
 */
function eachOnce(hits: readonly Hit[]): readonly Hit[] {
  if (hits.every(({ document }) => document.parent === null)) return hits;
  const sorted = [...hits].sort(
    (a, b) => a.document.encoding.length - b.document.encoding.length || a.root.from - b.root.from,
  );
  const told = new Set<string>();
  const longestAt = new Map<number, string>();
  for (const { value, root } of hits) {
    if (value.length > (longestAt.get(root.from)?.length ?? 0)) longestAt.set(root.from, value);
  }
  const inEntry = new Set(
    hits.flatMap(({ document: { trail }, root, value }) =>
      trail.map((_, depth) => `${root.from} ${trail.slice(0, depth).join(" ")} ${value}`),
    ),
  );
  const isCutOff = ({ value, root, candidate }: Hit): boolean =>
    (candidate.rule.kind === "partial" || candidate.rule.kind === "unknown") &&
    nearby(root).some((at) => {
      const longest = longestAt.get(at);
      return longest !== undefined && longest !== value && longest.startsWith(value);
    });
  return sorted.filter((hit) => {
    const { trail } = hit.document;
    // Entries of a container may share one place in the root document.
    const keyed = (at: number): string => `${at} ${trail.join(" ")} ${hit.value}`;
    if (nearby(hit.root).some((at) => told.has(keyed(at)))) return false;
    if (inEntry.has(keyed(hit.root.from))) return false;
    if (isCutOff(hit)) return false;
    told.add(keyed(hit.root.from));
    return true;
  });
}

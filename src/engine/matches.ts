// Hits as the house's matches: line, column, hints, inline allowance.
// Finding the hits is left to scan-document.ts.
import type { Match } from "../model/match.js";
import type { Origin } from "../model/origin.js";
import { Secret } from "../model/secret.js";
import { allowance } from "./allow.js";
import { parentRange, type Document } from "./document.js";
import { createHintReader } from "./hints.js";
import { lineCursor, type LineCursor, type LinePosition } from "./lines.js";
import type { Hit } from "./scan-document.js";

/** Where the root document's bytes lie in the whole, when they are a window of it. */
export interface Whole {
  readonly origin: Origin;
  /** Offset of the window's first byte. */
  readonly offset: number;
  /** Knows the line at which the window begins; goes forward only. */
  readonly cursor: LineCursor;
}

/** Makes matches of one window's hits, ordered by place. */
export function toMatches(
  hits: readonly Hit[],
  { origin, offset, cursor }: Whole,
  allowWords: readonly string[],
): readonly Match[] {
  const sightsOf = createHintReader();
  const sorted = [...hits].sort(
    (a, b) => a.root.from - b.root.from || a.document.encoding.length - b.document.encoding.length,
  );
  const positions = positionsOf(sorted, cursor);
  return sorted.map((hit) => {
    const { document, candidate, decision, assignment } = hit;
    const key = { from: candidate.start, to: candidate.end };
    return {
      origin,
      rule: candidate.rule.id,
      kind: candidate.rule.kind,
      secret: new Secret(hit.value),
      ...decision,
      offset: offset + hit.root.from,
      ...(positions.get(hit) ?? { line: 1, column: 1 }),
      encoding: document.encoding,
      trail: document.trail,
      hints: { ...sightsOf(document, key), ...assignment },
      ...allowance(document, key, allowWords),
    };
  });
}

/** Lines in the document that a reader sees: the root, a container's entry, UTF-16 as text. */
function positionsOf(hits: readonly Hit[], cursor: LineCursor): ReadonlyMap<Hit, LinePosition> {
  const byDocument = new Map<Document, { hit: Hit; at: number }[]>();
  for (const hit of hits) {
    const { document, at } = visible(hit);
    const list = byDocument.get(document);
    if (list === undefined) byDocument.set(document, [{ hit, at }]);
    else list.push({ hit, at });
  }
  const positions = new Map<Hit, LinePosition>();
  for (const [document, list] of byDocument) {
    list.sort((a, b) => a.at - b.at);
    const isEntry = document.trail.length > 0;
    const own =
      document.parent === null ? cursor : lineCursor(isEntry ? undefined : cursor.start());
    for (const { hit, at } of list) {
      positions.set(hit, own.at(document.bytes, at));
    }
  }
  return positions;
}

function visible(hit: Hit): { readonly document: Document; readonly at: number } {
  let { document } = hit;
  let range = { from: hit.candidate.start, to: hit.candidate.end };
  while (document.parent !== null && !document.parent.ownLines) {
    range = parentRange(document.parent, range);
    document = document.parent.document;
  }
  return { document, at: range.from };
}

// Whose key is it? Reads the words, hosts and names around a key, the nearest stretch first.
// Which stretches those are is left to surroundings.ts, what follows for a finding to decide.ts.
import type { ContextWords, Ruleset } from "../model/rule.js";
import type { Document, Range } from "./document.js";
import { parentRange } from "./document.js";
import { lineAround, linesAround, objectsAround } from "./surroundings.js";

/** What the surroundings say. */
export interface Context {
  readonly provider: string;
  /** Said beside the key (same object, about ten lines), not just somewhere in the file. */
  readonly near: boolean;
}

/** How much a mark says: a host more than a word, a word more than a model's name. */
type Weight = "host" | "word" | "model";

interface Mark extends Range {
  readonly provider: string;
  readonly weight: Weight;
}

/** A place where a key stands: the document, its bytes there, and the name it is assigned to. */
interface Site {
  readonly document: Document;
  readonly key: Range;
  readonly variable: string | null;
}

/** Asks for the context of a site; remembers each document's marks. */
export type ContextReader = (site: Site) => Context | null;

/** A remark behind a key speaks for the next thing more often than for this one, in bytes. */
const behindPenalty = 32;

export function createContextReader(
  ruleset: Pick<Ruleset, "context" | "neutralNames">,
): ContextReader {
  const vocabulary = vocabularyOf(ruleset.context);
  const neutral = new Set(ruleset.neutralNames.map(normalName));
  const remembered = new WeakMap<Document, readonly Mark[]>();

  const marksOf = (document: Document): readonly Mark[] => {
    const known = remembered.get(document);
    if (known !== undefined) return known;
    const marks = findMarks(document.text(), vocabulary);
    remembered.set(document, marks);
    return marks;
  };

  const read: ContextReader = ({ document, key, variable }) => {
    const own = variable === null ? null : providerOfName(variable, vocabulary, ruleset.context);
    if (own !== null) return { provider: own, near: true };
    const isNeutral = variable !== null && neutral.has(normalName(variable));
    const marks = marksOf(document);
    if (marks.length > 0) {
      const text = document.text();
      const nearby = [lineAround(text, key), ...objectsAround(text, key)].sort(
        (a, b) => a.to - a.from - (b.to - b.from),
      );
      for (const range of [...nearby, linesAround(text, key)]) {
        const provider = nearestProvider(marks, range, key, isNeutral ? ["host", "word"] : null);
        if (provider !== null) return { provider, near: true };
      }
    }
    const { parent } = document;
    const outer =
      parent === null
        ? null
        : read({ document: parent.document, key: parentRange(parent, key), variable });
    if (outer?.near === true) return outer;
    const all = { from: 0, to: document.bytes.length };
    const provider = nearestProvider(marks, all, key, isNeutral ? ["host"] : null);
    return provider === null ? outer : { provider, near: false };
  };
  return read;
}

/** `spring.ai.dashscope.api-key` and `DASHSCOPE_API_KEY` in one spelling. */
function normalName(name: string): string {
  return (name.split(".").at(-1) ?? name)
    .replaceAll(/([a-z])([A-Z])/gu, "$1_$2")
    .replaceAll("-", "_")
    .toUpperCase();
}

interface Vocabulary {
  readonly pattern: RegExp;
  readonly meanings: ReadonlyMap<string, { readonly provider: string; readonly weight: Weight }>;
}

/** One pattern of literals for all words; they are ours or escaped, so it cannot be slow. */
function vocabularyOf(context: readonly ContextWords[]): Vocabulary {
  const meanings = new Map<string, { provider: string; weight: Weight }>();
  const add = (words: readonly string[], provider: string, weight: Weight): void => {
    for (const word of words) {
      meanings.set(Buffer.from(word, "utf8").toString("latin1").toLowerCase(), {
        provider,
        weight,
      });
    }
  };
  for (const { provider, models, words, names, hosts } of context) {
    add(models, provider, "model");
    add(words, provider, "word");
    add(names, provider, "word");
    add(hosts, provider, "host");
  }
  const literals = [...meanings.keys()]
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, "\\$&"));
  return { pattern: new RegExp(literals.join("|"), "gi"), meanings };
}

function findMarks(text: string, { pattern, meanings }: Vocabulary): readonly Mark[] {
  const marks: Mark[] = [];
  if (meanings.size === 0) return marks;
  for (const hit of text.matchAll(pattern)) {
    const meaning = meanings.get(hit[0].toLowerCase());
    if (meaning === undefined) continue;
    marks.push({ from: hit.index, to: hit.index + hit[0].length, ...meaning });
  }
  return marks;
}

function providerOfName(
  variable: string,
  { pattern, meanings }: Vocabulary,
  context: readonly ContextWords[],
): string | null {
  const exact = normalName(variable);
  const named = context.find(({ names }) => names.includes(exact));
  if (named !== undefined) return named.provider;
  const hits = [...variable.matchAll(pattern)].flatMap(
    (hit) => meanings.get(hit[0].toLowerCase()) ?? [],
  );
  return hits[0]?.provider ?? null;
}

function nearestProvider(
  marks: readonly Mark[],
  range: Range,
  key: Range,
  weights: readonly Weight[] | null,
): string | null {
  // A model's name decides only where nothing else does: DashScope serves DeepSeek's models too.
  return (
    nearestOf(marks, range, key, (mark) => mark.weight !== "model" && allows(weights, mark)) ??
    nearestOf(marks, range, key, (mark) => mark.weight === "model" && allows(weights, mark))
  );
}

function allows(weights: readonly Weight[] | null, { weight, provider }: Mark): boolean {
  return weights === null || weights.includes(weight) || provider !== "dashscope";
}

function nearestOf(
  marks: readonly Mark[],
  range: Range,
  key: Range,
  counts: (mark: Mark) => boolean,
): string | null {
  const middle = firstFrom(marks, key.from);
  let before: Mark | null = null;
  for (let index = middle - 1; index >= 0 && before === null; index--) {
    const mark = marks[index];
    if (mark === undefined || mark.from < range.from) break;
    if (mark.to <= key.from && counts(mark)) before = mark;
  }
  let behind: Mark | null = null;
  for (let index = middle; index < marks.length && behind === null; index++) {
    const mark = marks[index];
    if (mark === undefined || mark.to > range.to) break;
    // What stands in the key itself says nothing.
    if (mark.from >= key.to && counts(mark)) behind = mark;
  }
  if (before === null || behind === null) return (before ?? behind)?.provider ?? null;
  const distanceBehind = (behind.from - key.to) * 2 + behindPenalty;
  return (key.from - before.to <= distanceBehind ? before : behind).provider;
}

/** Index of the first mark at or after `from`; marks are in order. */
function firstFrom(marks: readonly Mark[], from: number): number {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.from ?? Infinity) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

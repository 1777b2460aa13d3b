// Runs the decoders the way the engine does, with nothing of its rules: what a view holds is looked
// for as text.
import { deriveTextWitnesses } from "../../src/engine/decoders/text-witnesses.js";
import { createDecoders } from "../../src/engine/decoders/index.js";
import { encodedWitnesses } from "../../src/engine/decoders/witnesses.js";
import type { Budget } from "../../src/engine/view.js";
import type { Notice, Witness } from "../../src/model/index.js";

/** Written from the vendor's formats: what every key begins with. */
const plainWitnesses: readonly Witness[] = [
  ["s", "k", "-", ...Array.from({ length: 8 }, () => "0123456789abcdef")],
  "sk-ws-".split(""),
  "sk-sp-".split(""),
].map((characters) => characters.map((allowed) => new Set(Buffer.from(allowed, "latin1"))));

/** The decoders as they are for these. */
export const decoders = createDecoders(() => deriveTextWitnesses(plainWitnesses));

const allWitnesses = [...plainWitnesses, ...encodedWitnesses(plainWitnesses)];

export interface Found {
  readonly encoding: readonly string[];
  readonly trail: readonly string[];
  readonly offset: number;
}

export function freshBudget(): Budget {
  return { bytes: 1 << 28, views: 10_000, entries: 10_000 };
}

/** Everything that the decoders yield to a depth, flat. */
export function decodeAll(
  bytes: Uint8Array,
  depth = 4,
  budget: Budget = freshBudget(),
): {
  readonly views: readonly (Found & {
    readonly bytes: Uint8Array;
    place: (at: number) => number;
  })[];
  readonly notices: readonly Notice[];
} {
  const views: (Found & { bytes: Uint8Array; place: (at: number) => number })[] = [];
  const notices: Notice[] = [];
  const walk = (
    content: Uint8Array,
    left: number,
    encoding: readonly string[],
    trail: readonly string[],
    place: (at: number) => number,
  ): void => {
    if (left === 0) return;
    for (const decoder of decoders) {
      for (const item of decoder.decode(content, budget)) {
        if (item.kind === "notice") {
          notices.push(item);
          continue;
        }
        const inner = (at: number): number => place(item.sourceOffset(at));
        const path = item.trail === null ? trail : [...trail, item.trail];
        const names = [...encoding, item.encoding];
        views.push({ encoding: names, trail: path, offset: 0, bytes: item.bytes, place: inner });
        walk(item.bytes, left - 1, names, path, inner);
      }
    }
  };
  walk(bytes, depth, [], [], (at) => at);
  return { views, notices };
}

/** All places where a key stands in a view with nothing of a word right before or after it. */
export function findKey(content: string | Uint8Array, key: string): readonly Found[] {
  const bytes = Buffer.from(content);
  return decodeAll(bytes).views.flatMap((view) => {
    const text = Buffer.from(view.bytes).toString("latin1");
    const at = text.indexOf(key);
    if (at < 0) return [];
    if (/[A-Za-z0-9_-]/u.test((text[at - 1] ?? "") + (text[at + key.length] ?? ""))) return [];
    return [{ encoding: view.encoding, trail: view.trail, offset: view.place(at) }];
  });
}

function lineOf(bytes: Uint8Array, offset: number): number {
  return Buffer.from(bytes.subarray(0, offset)).toString("latin1").split("\n").length;
}

function occursIn(bytes: Uint8Array, witness: Witness): boolean {
  for (let at = 0; at + witness.length <= bytes.length; at++) {
    if (witness.every((allowed, index) => allowed.has(bytes[at + index] ?? 0))) return true;
  }
  return false;
}

/**
 * What is wrong with how a key is found in a document, or null when it is found in this encoding (at
 * this line) and the document holds a witness of it. The sentence quotes the document, which holds
 * a minted key only.
 */
export function wrongWith(
  content: string | Uint8Array,
  key: string,
  encoding: readonly string[],
  line?: number,
  trail?: readonly string[],
): string | null {
  const bytes = Buffer.from(content);
  const document = JSON.stringify(bytes.toString("latin1").slice(0, 2000));
  const found = findKey(bytes, key);
  const wanted = found.find((one) => one.encoding.join() === encoding.join());
  if (wanted === undefined)
    return `not as ${encoding.join()}, ${JSON.stringify(found)}: ${document}`;
  if (line !== undefined && lineOf(bytes, wanted.offset) !== line) {
    return `at line ${lineOf(bytes, wanted.offset)}, not ${line}: ${document}`;
  }
  if (trail !== undefined && wanted.trail.join() !== trail.join()) {
    return `trail ${wanted.trail.join()}, not ${trail.join()}: ${document}`;
  }
  const witnessed = allWitnesses.some((witness) => occursIn(bytes, witness));
  return witnessed ? null : `no witness in ${document}`;
}

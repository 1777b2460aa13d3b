// Packs that nobody's git would write: copies of any length that cut keys and witnesses into pieces
// and put pieces together, over both kinds of delta and every kind of compression.
// What is in them, the oracle tells by full expansion.
import {
  applyInstructions,
  deflations,
  encodeDelta,
  longestCopy,
  longestInsert,
  objectId,
  packWriter,
  type DeltaInstruction,
} from "./pack-writer.js";
import { randomFrom, type Random } from "./random.js";

/** Pieces of witnesses in every encoding, to be cut and joined like those of plain keys. */
const fragments = [
  ..."c2 c2s st s t N Nr rL L LT LW HNr XN 3 za ay y0 y1 z".split(" "),
  ..."sk-w s- ws- sp- p-".split(" "),
  ..."s\0|\0k|k\0|\0-|-\0|s\0k".split("|"),
];
/** Whole witnesses. Few objects hold one from the start: what is built on one is scanned in full. */
const wholes = ["c2st", "nNrLT", "zay1", "sk-ws-", "s\0k\0-\0", "sk-0123456789abcdef"];
const keyStarts = ["s", "sk", "k", "k-"];

interface Stored {
  readonly start: number;
  readonly id: string;
  readonly content: Buffer;
}

/** @param objects how many objects the pack gets */
export function adversarialPack(seed: number, objects: number): Buffer {
  const random = randomFrom(seed);
  const writer = packWriter();
  const stored: Stored[] = [];
  const ids = new Set<string>();
  while (ids.size < objects) {
    const base = stored.length === 0 || random.oneIn(20) ? undefined : recent(stored, random);
    const instructions = base === undefined ? [] : randomInstructions(base.content, random);
    const content =
      base === undefined
        ? text(random.below(random.oneIn(8) ? 100_000 : 4000), random, random.oneIn(10) ? 50 : 0)
        : applyInstructions(base.content, instructions);
    if (content.length === 0 || content.length > 1_000_000) continue;
    const id = objectId("blob", content);
    if (ids.has(id)) continue;
    ids.add(id);
    const deflation = random.pick(deflations);
    const start =
      base === undefined
        ? writer.add({ type: "blob", raw: content }, deflation)
        : writer.add(
            {
              raw: encodeDelta(base.content.length, content.length, instructions),
              ...(random.oneIn(2)
                ? { type: "offsetDelta", base: base.start }
                : { type: "namedDelta", base: base.id }),
            },
            deflation,
          );
    stored.push({ start, id, content });
    if (stored.length > 400) stored.shift();
  }
  return writer.finish();
}

function recent(stored: readonly Stored[], random: Random): Stored {
  const back = random.below(random.below(4) === 0 ? 300 : 3);
  return stored[Math.max(0, stored.length - 1 - back)] ?? random.pick(stored);
}

/** @param wholeIn one word of so many is a whole witness; none with 0 */
function text(length: number, random: Random, wholeIn: number): Buffer {
  const words: string[] = [];
  for (let have = 0; have < length; have += words.at(-1)?.length ?? 1) {
    words.push(wholeIn > 0 && random.oneIn(wholeIn) ? random.pick(wholes) : word(random));
  }
  return Buffer.from(words.join(""), "latin1");
}

function word(random: Random): string {
  switch (random.below(30)) {
    case 0:
      return `${random.pick(["s", "k", "-", "sk", "sk-"])} `;
    case 1:
      return ` ${random.pick(["k-", "s-"])}${random.hex(20)}`;
    case 2:
      return `${random.pick(fragments)} `;
    case 3:
      return `sk-${random.hex(random.below(7))} `;
    case 4:
    case 5:
      return random.hex(1 + random.below(40));
    default:
      return `${"lorem ipsum_".slice(random.below(8))}${String.fromCharCode(33 + random.below(90))} `;
  }
}

function randomInstructions(base: Buffer, random: Random): DeltaInstruction[] {
  const instructions: DeltaInstruction[] = [];
  const count = 1 + random.below(random.oneIn(5) ? 60 : 6);
  const copy = (from: number, length: number): void => {
    const bounded = Math.min(length, base.length - from, longestCopy);
    if (bounded > 0) instructions.push({ copy: { from, length: bounded } });
  };
  for (let i = 0; i < count; i++) {
    if (random.oneIn(8) && base.length > 200) instructions.push(...splitKey(base, random));
    else if (random.below(3) > 0 && base.length > 0) {
      let from = random.below(base.length);
      // Cuts aimed at what may be a key.
      if (random.oneIn(4)) {
        const key = base.indexOf(random.pick(["sk-", ...fragments]), from, "latin1");
        if (key >= 0) from = Math.max(0, key - random.below(4));
      }
      const length = random.pick([1 + random.below(4), 1 + random.below(60), random.below(30)]);
      copy(from, random.oneIn(4) ? 1 + random.below(base.length) : 1 + length);
    } else {
      const words = random.oneIn(3)
        ? Buffer.from(
            random.pick([...fragments, ...keyStarts, random.hex(1 + random.below(9))]),
            "latin1",
          )
        : text(1 + random.below(100), random, 0);
      const insert = words.subarray(0, 1 + random.below(Math.min(longestInsert, words.length)));
      if (insert.length > 0) instructions.push({ insert });
    }
  }
  return instructions;
}

/** A copy that ends within a key's beginning, the rest inserted, or copied from somewhere else. */
function splitKey(base: Buffer, random: Random): DeltaInstruction[] {
  const wanted = random.oneIn(2) ? random.pick(fragments) : random.pick(keyStarts);
  const found = base.indexOf(wanted, random.below(base.length), "latin1");
  if (found < 0) return [];
  const from = Math.max(0, found - random.below(150));
  const length = Math.min(found + 1 + random.below(3) - from, base.length - from);
  const tail = base.toString("latin1", from, from + length);
  const key = `sk-${random.hex(32)}`;
  let have = 3;
  while (have > 0 && !tail.endsWith(key.slice(0, have))) have--;
  const rest = Buffer.from(key.slice(have));
  const inserted = random.oneIn(3) ? random.below(rest.length) : rest.length;
  const instructions: DeltaInstruction[] = [{ copy: { from, length } }];
  if (inserted > 0) instructions.push({ insert: rest.subarray(0, inserted) });
  if (inserted < rest.length) {
    const more = base.indexOf(rest.subarray(inserted, inserted + 1), random.below(base.length));
    const most = Math.min(40 + random.below(100), base.length - more);
    if (more >= 0) instructions.push({ copy: { from: more, length: most } });
  }
  return instructions;
}

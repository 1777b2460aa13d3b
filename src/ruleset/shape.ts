// Reads the shape language: a small subset of regular expressions in which every repeat is bounded.
// Matching is left to engine/shape-match, deriving witnesses to witnesses.ts.
import type { ByteClass, Shape } from "../model/rule.js";

/** Longest text that a shape may describe, in bytes. */
const maxShapeBytes = 1024;
/**
 * Most parts that a shape may have once its group repeats are written out: matching takes so many
 * steps at each place where the prefix stands.
 */
const maxParts = 96;

/** What is wrong with a shape, and at which character (from 0) of its text. */
export class ShapeError extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.name = "ShapeError";
    this.at = at;
  }
}

const escapedClasses: Readonly<Record<string, string>> = { d: "0-9", w: "A-Za-z0-9_" };

/**
 * Parses a shape such as `sk-(ws|sp)-[A-Z]\.[a-z0-9]{4,9}`.
 * Literals, `[classes]` with ranges, `\d`, `\w`, `\xHH`, escapes, groups, `|`, `?`, `{m}`, `{m,n}`.
 * @throws ShapeError for anything else, unbounded repeats among it
 */
export function parseShape(text: string): Shape {
  const reader = new Reader(text);
  const shape = reader.choice();
  if (!reader.done) throw reader.error("a `)` without its `(`");
  if (shapeLength(shape).max > maxShapeBytes) {
    throw new ShapeError(`it can match more than ${maxShapeBytes} bytes`, 0);
  }
  if (countParts(shape) > maxParts) throw new ShapeError("it has too many repeated parts", 0);
  return shape;
}

/** Parses the inside of a class, `A-Za-z0-9_-`, as boundaries are written. */
export function parseByteClass(text: string): ByteClass {
  if (text === "") return new Set();
  const shape = parseShape(`[${text}]`);
  if (shape.kind !== "bytes") throw new ShapeError("not a set of characters", 0);
  return shape.class;
}

/** Shortest and longest text that a shape matches, in bytes. */
export function shapeLength(shape: Shape): { readonly min: number; readonly max: number } {
  switch (shape.kind) {
    case "bytes":
      return { min: shape.min, max: shape.max };
    case "sequence": {
      const lengths = shape.items.map(shapeLength);
      return {
        min: lengths.reduce((sum, length) => sum + length.min, 0),
        max: lengths.reduce((sum, length) => sum + length.max, 0),
      };
    }
    case "choice": {
      const lengths = shape.options.map(shapeLength);
      return {
        min: Math.min(...lengths.map((length) => length.min)),
        max: Math.max(...lengths.map((length) => length.max)),
      };
    }
  }
}

function countParts(shape: Shape): number {
  if (shape.kind === "bytes") return 1;
  const parts = shape.kind === "sequence" ? shape.items : shape.options;
  return parts.reduce((sum, part) => sum + countParts(part), 1);
}

class Reader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  error(message: string): ShapeError {
    return new ShapeError(message, this.#at);
  }

  choice(): Shape {
    const options = [this.#sequence()];
    while (this.#eat("|")) options.push(this.#sequence());
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : { kind: "choice", options };
  }

  #sequence(): Shape {
    const items: Shape[] = [];
    while (!this.done && this.#peek() !== "|" && this.#peek() !== ")") {
      items.push(this.#repeated(this.#atom()));
      if (items.length > maxParts) throw this.error("it has too many parts");
    }
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { kind: "sequence", items };
  }

  #atom(): Shape {
    if (this.#eat("(")) {
      this.#eat("?:");
      if (++this.#depth > 16) throw this.error("groups are nested too deeply");
      const inner = this.choice();
      if (!this.#eat(")")) throw this.error("a `(` without its `)`");
      this.#depth--;
      return inner;
    }
    const byteClass = this.#eat("[") ? this.#class() : this.#single();
    return { kind: "bytes", class: byteClass, min: 1, max: 1 };
  }

  #single(): ByteClass {
    const character = this.#peek();
    if ("*+?{}".includes(character)) {
      throw this.error(
        character === "*" || character === "+"
          ? `\`${character}\` has no upper bound: write {m,n}`
          : `\`${character}\` has nothing to repeat; for the character itself write \\${character}`,
      );
    }
    if (".^$]".includes(character)) {
      throw this.error(`\`${character}\` is not part of the shape language: write \\${character}`);
    }
    return this.#characters();
  }

  #class(): ByteClass {
    const negated = this.#eat("^");
    const members = new Set<number>();
    for (let first = true; first || this.#peek() !== "]"; first = false) {
      if (this.done) throw this.error("a `[` without its `]`");
      const from = this.#characters();
      const isRange = this.#peek() === "-" && !["]", ""].includes(this.#text[this.#at + 1] ?? "");
      if (!isRange || from.size !== 1) {
        for (const byte of from) members.add(byte);
        continue;
      }
      this.#at++;
      const [low = 0] = from;
      const [high = 0] = this.#characters();
      if (high < low) throw this.error("a range that runs backwards");
      for (let byte = low; byte <= high; byte++) members.add(byte);
    }
    this.#at++;
    return negated ? complement(members) : members;
  }

  /** One character, or the set that an escape stands for. */
  #characters(): ByteClass {
    const character = this.#text[this.#at++] ?? "";
    const code = character.charCodeAt(0);
    if (character !== "\\") {
      if (code > 0x7e || code < 0x20) {
        throw this.error("characters outside printable ASCII are written \\xHH");
      }
      return new Set([code]);
    }
    const escaped = this.#text[this.#at++];
    if (escaped === undefined) throw this.error("a `\\` at the end");
    const named = escapedClasses[escaped];
    if (named !== undefined) return parseByteClass(named);
    if (escaped === "x") {
      const digits = this.#text.slice(this.#at, this.#at + 2);
      if (!/^[0-9a-f]{2}$/iu.test(digits)) throw this.error("\\x needs two hex digits");
      this.#at += 2;
      return new Set([Number.parseInt(digits, 16)]);
    }
    if (/[A-Za-z0-9]/u.test(escaped)) throw this.error(`\\${escaped} is not known`);
    return new Set([escaped.charCodeAt(0)]);
  }

  #repeated(atom: Shape): Shape {
    const repeat = this.#repeat();
    if (repeat === null) return atom;
    const { min, max } = repeat;
    if ("*+?{".includes(this.#peek()) && !this.done) throw this.error("a repeat of a repeat");
    if (atom.kind === "bytes" && atom.min === 1 && atom.max === 1) return { ...atom, min, max };
    // Written out: (ab){1,3} is ab(ab(ab)?)?
    if (countParts(atom) * max > maxParts) throw this.error("it has too many repeated parts");
    let optional: Shape = { kind: "sequence", items: [] };
    for (let copy = min; copy < max; copy++) {
      optional = {
        kind: "choice",
        options: [
          { kind: "sequence", items: [atom, optional] },
          { kind: "sequence", items: [] },
        ],
      };
    }
    return {
      kind: "sequence",
      items: [...Array.from({ length: min }, () => atom), optional],
    };
  }

  #repeat(): { readonly min: number; readonly max: number } | null {
    if (this.#eat("?")) return { min: 0, max: 1 };
    if (this.#peek() === "*" || this.#peek() === "+") {
      throw this.error(`\`${this.#peek()}\` has no upper bound: write {m,n}`);
    }
    if (this.#peek() !== "{") return null;
    const bounds = /^\{(\d{1,6})(?:(,)(\d{0,6}))?\}/u.exec(this.#text.slice(this.#at));
    if (bounds === null) throw this.error("a repeat is written {m} or {m,n}");
    const [all, low = "", comma, high] = bounds;
    if (comma !== undefined && high === "") {
      throw this.error(`\`${all}\` has no upper bound: write {m,n}`);
    }
    const min = Number(low);
    const max = comma === undefined ? min : Number(high);
    if (max < min) throw this.error(`\`${all}\` runs backwards`);
    if (max > maxShapeBytes)
      throw this.error(`\`${all}\` repeats more than ${maxShapeBytes} times`);
    this.#at += all.length;
    return { min, max };
  }

  #peek(): string {
    return this.#text[this.#at] ?? "";
  }

  #eat(expected: string): boolean {
    if (!this.#text.startsWith(expected, this.#at)) return false;
    this.#at += expected.length;
    return true;
  }
}

function complement(members: ReadonlySet<number>): ByteClass {
  return new Set(
    Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !members.has(byte)),
  );
}

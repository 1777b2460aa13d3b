import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shapeEnds, shapeMatcher } from "../src/engine/shape-match.js";
import { parseShape, ShapeError } from "../src/ruleset/shape.js";

let documents = 0;

function endsOf(pattern: string, text: string, start = 0): number[] {
  const bytes = Buffer.from(text, "latin1");
  const ends = shapeEnds(
    shapeMatcher(parseShape(pattern)),
    { bytes, document: documents++ },
    start,
  );
  return ends.flatMap(({ from, to }) =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index),
  );
}

/** Every end that JavaScript's own engine accepts, asked one by one. */
function endsByRegExp(pattern: string, text: string): number[] {
  const whole = new RegExp(`^(?:${pattern})$`, "u");
  return Array.from({ length: text.length + 1 }, (_, end) => end).filter((end) =>
    whole.test(text.slice(0, end)),
  );
}

/** Patterns over a tiny alphabet, so that texts often fit. */
const patterns = fc.letrec<{ atom: string; item: string; sequence: string; choice: string }>(
  (tie) => ({
    atom: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom("a", "b", "[ab]", "[^b]", "[a-c]", "\\.") },
      { weight: 1, arbitrary: tie("choice").map((inner) => `(${inner})`) },
    ),
    item: fc
      .tuple(tie("atom"), fc.constantFrom("", "", "?", "{2}", "{0,2}", "{1,3}"))
      .map((parts) => parts.join("")),
    sequence: fc.array(tie("item"), { maxLength: 4 }).map((items) => items.join("")),
    choice: fc
      .array(tie("sequence"), { minLength: 1, maxLength: 3 })
      .map((options) => options.join("|")),
  }),
).choice;

/** Nested repeats soon reach the bound on a shape's parts, which has its own test. */
function isSmall(pattern: string): boolean {
  try {
    parseShape(pattern);
    return true;
  } catch (error) {
    if (String(error).includes("too many")) return false;
    throw error;
  }
}

describe("a shape", () => {
  it("ends where a regular expression of the same text would let it end", () => {
    fc.assert(
      fc.property(
        patterns,
        fc.array(fc.constantFrom("a", "b", "c", "."), { maxLength: 9 }),
        (pattern, characters) => {
          const text = characters.join("");
          fc.pre(isSmall(pattern));
          expect(endsOf(pattern, text)).toEqual(endsByRegExp(pattern, text));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("is matched from any position on", () => {
    expect(endsOf("sk-[0-9]{2,3}", "xx sk-1234", 3)).toEqual([8, 9]);
  });

  it.each([
    ["a*", "no upper bound"],
    ["a+", "no upper bound"],
    ["a{2,}", "no upper bound"],
    ["a{3,2}", "backwards"],
    ["[z-a]", "backwards"],
    ["a{2000}", "more than 1024"],
    ["(a{500}){3}", "more than 1024"],
    ["(a?b?c?d?){20}", "too many"],
    ["a{2}{3}", "repeat of a repeat"],
    [".x", "write \\."],
    ["^sk", "write \\^"],
    ["\\bsk", "\\b is not known"],
    ["(?=a)", "nothing to repeat"],
    ["(a", "without its `)`"],
    ["a)", "without its `(`"],
    ["[ab", "without its `]`"],
    ["a\\", "at the end"],
    ["密", "\\xHH"],
    ["?", "nothing to repeat"],
  ])("that is written %s is refused with a reason", (pattern, reason) => {
    expect(() => parseShape(pattern)).toThrow(ShapeError);
    expect(() => parseShape(pattern)).toThrow(reason);
  });
});

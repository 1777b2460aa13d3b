// Derives from rules what sources look for before they hand bytes to the engine.
// Searching is left to sources, witnesses of encoded forms to engine/decoders.
import type { ByteClass, Ruleset, Shape } from "../model/rule.js";
import type { Witness, WitnessSet } from "../model/witness.js";

/** Longest plain witness: one less than any witness may have, as encoded forms need the room. */
const longestPlain = 11;
/** More alternatives than this are cut short to what they have in common. */
const mostAlternatives = 64;
/** A shorter pattern is in every file, and would make everything be looked at. */
const shortestWitness = 3;

interface Partial {
  readonly classes: Witness;
  /** The shape goes on at this position for certain, so that what follows may be added. */
  readonly open: boolean;
}

/**
 * Fixed-length patterns of which every match of a shape begins with one: prefix and following
 * classes, alternatives written out, cut where the length begins to vary.
 */
export function witnessesOfShape(shape: Shape): readonly Witness[] {
  const witnesses = extend([{ classes: [], open: true }], shape).map(({ classes }) => classes);
  const isUsable = witnesses.every(
    (witness) =>
      witness.length >= shortestWitness && witness.every((byteClass) => !byteClass.has(0xff)),
  );
  return isUsable ? withoutSubsumed(witnesses) : [];
}

/**
 * The witnesses of a ruleset, each once.
 * @param encoded gives the witnesses of encoded forms from plain ones; leave out to search plain
 *   text and UTF-16 only
 */
export function witnessesOf(
  ruleset: Ruleset,
  encoded: (plain: readonly Witness[]) => readonly Witness[] = () => [],
): WitnessSet {
  const plain = withoutSubsumed(ruleset.rules.flatMap((rule) => rule.witnesses));
  return {
    witnesses: withoutSubsumed([
      ...plain,
      ...plain.map(inUtf16),
      ...encoded(decodedWitnesses(ruleset)),
    ]),
    rulesWithout: ruleset.rules
      .filter((rule) => rule.witnesses.length === 0)
      .map((rule) => rule.id),
  };
}

/** Witnesses of the rules whose keys are looked for in encoded text too: all but look-alikes. */
export function decodedWitnesses(ruleset: Ruleset): readonly Witness[] {
  return withoutSubsumed(
    ruleset.rules
      .filter((rule) => typeof rule.provider === "string")
      .flatMap((rule) => rule.witnesses),
  );
}

/**
 * UTF-16 of a pattern, from its first letter to its last: between those both byte orders have the
 * same bytes.
 */
function inUtf16(witness: Witness): Witness {
  const zero: ByteClass = new Set([0]);
  return witness
    .flatMap((byteClass) => [byteClass, zero])
    .slice(0, Math.min(longestPlain, witness.length * 2 - 1));
}

/** Leaves out each pattern that contains another one: finding the other finds it too. */
export function withoutSubsumed(witnesses: readonly Witness[]): readonly Witness[] {
  const kept: Witness[] = [];
  for (const witness of [...witnesses].sort((a, b) => a.length - b.length || width(b) - width(a))) {
    if (!kept.some((other) => contains(witness, other))) kept.push(witness);
  }
  return kept;
}

function width(witness: Witness): number {
  return witness.reduce((sum, byteClass) => sum + byteClass.size, 0);
}

function contains(witness: Witness, part: Witness): boolean {
  for (let at = 0; at + part.length <= witness.length; at++) {
    if (part.every((byteClass, index) => isSubset(witness[at + index], byteClass))) return true;
  }
  return false;
}

function isSubset(inner: ByteClass | undefined, outer: ByteClass): boolean {
  if (inner === undefined || inner.size > outer.size) return false;
  for (const byte of inner) if (!outer.has(byte)) return false;
  return true;
}

function extend(partials: readonly Partial[], shape: Shape): readonly Partial[] {
  if (partials.every(({ open }) => !open)) return partials;
  switch (shape.kind) {
    case "bytes":
      return partials.map((partial) => withRun(partial, shape));
    case "sequence":
      return shape.items.reduce<readonly Partial[]>(extend, partials);
    case "choice": {
      const options = shape.options.flatMap((option) => extend(partials, option));
      if (options.length > mostAlternatives) {
        return partials.map(({ classes }) => ({ classes, open: false }));
      }
      return options;
    }
  }
}

function withRun(partial: Partial, shape: Shape & { readonly kind: "bytes" }): Partial {
  if (!partial.open) return partial;
  const room = longestPlain - partial.classes.length;
  const classes = [
    ...partial.classes,
    ...Array.from({ length: Math.min(shape.min, room) }, () => shape.class),
  ];
  return { classes, open: shape.min === shape.max && classes.length < longestPlain };
}

// The fixed-length patterns with which every match of a shape begins.
// Which of a ruleset's patterns are searched for is left to witnesses.ts.
import type { Shape } from "../model/rule.js";
import type { Witness } from "../model/witness.js";
import { literalPrefix } from "./prefix.js";

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
 * classes, alternatives written out, cut where the length begins to vary. With too many
 * alternatives, the literal prefix; none when that is too short.
 */
export function witnessesOfShape(shape: Shape): readonly Witness[] {
  const witnesses = extend([{ classes: [], open: true }], shape).map(({ classes }) =>
    upToSeparator(classes),
  );
  if (witnesses.every((witness) => witness.length >= shortestWitness)) return witnesses;
  const prefix = literalPrefix(shape).slice(0, longestPlain);
  return prefix.length < shortestWitness
    ? []
    : [[...Buffer.from(prefix)].map((byte) => new Set([byte]))];
}

/** No class of a witness may hold 0xFF, which the history reader puts between pieces. */
function upToSeparator(witness: Witness): Witness {
  const end = witness.findIndex((byteClass) => byteClass.has(0xff));
  return end === -1 ? witness : witness.slice(0, end);
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

// What the decoders of text look for, derived from the rules' witnesses, and the same as text: to
// derive it takes as long as a whole small audit, so the build does that.
// Where the text is kept is left to ruleset.
import type { ByteClass, Witness } from "../../model/index.js";
import { oneOf } from "./algebra.js";
import { type Anchor, anchorsOf } from "./base64-anchors.js";
import { rarestProbe } from "./matcher.js";
import { type WitnessGroup, witnessesByGroup } from "./witnesses.js";

export interface TextWitnesses {
  /** The rules' own witnesses. */
  readonly plain: readonly Witness[];
  readonly groups: readonly {
    readonly group: WitnessGroup | "plain";
    readonly witnesses: readonly Witness[];
    /** For each of them the matcher's probe. */
    readonly probes: readonly number[];
  }[];
  readonly anchors: readonly Anchor[];
}

/** @param plain the rules' own witnesses */
export function deriveTextWitnesses(plain: readonly Witness[]): TextWitnesses {
  const encoded = witnessesByGroup(plain).filter(({ group }) => group !== "container");
  return {
    plain,
    groups: [{ group: "plain" as const, witnesses: plain }, ...encoded].map((each) => ({
      ...each,
      probes: each.witnesses.map(rarestProbe),
    })),
    anchors: anchorsOf(plain),
  };
}

/** A witness as text: the bytes of each class in Latin-1. */
type Written = readonly string[];

interface Packed {
  readonly plain: readonly Written[];
  readonly groups: readonly {
    readonly group: WitnessGroup | "plain";
    readonly witnesses: readonly Written[];
    readonly probes: readonly number[];
  }[];
  readonly anchors: readonly {
    readonly witness: Written;
    readonly phase: number;
    readonly begins: boolean;
  }[];
}

/** As JSON; `unpackTextWitnesses` gives the same again. */
export function packTextWitnesses({ plain, groups, anchors }: TextWitnesses): string {
  const packed: Packed = {
    plain: plain.map(written),
    groups: groups.map((each) => ({ ...each, witnesses: each.witnesses.map(written) })),
    anchors: anchors.map((anchor) => ({ ...anchor, witness: written(anchor.witness) })),
  };
  return JSON.stringify(packed);
}

export function unpackTextWitnesses(text: string): TextWitnesses {
  const { plain, groups, anchors } = JSON.parse(text) as Packed;
  return {
    plain: plain.map(read),
    groups: groups.map((each) => ({ ...each, witnesses: each.witnesses.map(read) })),
    anchors: anchors.map((anchor) => ({ ...anchor, witness: read(anchor.witness) })),
  };
}

function written(witness: Witness): Written {
  return witness.map((byteClass) => String.fromCharCode(...byteClass));
}

function read(classes: Written): Witness {
  return classes.map((characters): ByteClass => oneOf(characters));
}

// The decoders of text as one: a single pass looks for all their witnesses.
// What each form looks like and how it is undone is left to the forms.
import { aroundPlace, type QuickLook } from "../quick-look.js";
import type { Decoder } from "../view.js";
import { base64Form } from "./base64.js";
import { foldedLines, invisibleCharacters, lookAlikes, splitLiterals } from "./breaks.js";
import { backslashEscapes, html, percentEncoding, quotedPrintable } from "./escapes.js";
import { byteListForm, hexForm } from "./hex.js";
import { createMatcher, type Matcher } from "./matcher.js";
import { type Rewriting, rewritingForm } from "./rewrite.js";
import type { TextForm } from "./text-form.js";
import { wideForm } from "./wide.js";
import type { TextWitnesses } from "./text-witnesses.js";
import type { WitnessGroup } from "./witnesses.js";

/** Text that is read back; what changes least in a text comes first. */
const rewritings: readonly Rewriting[] = [
  backslashEscapes,
  percentEncoding,
  html,
  quotedPrintable,
  lookAlikes,
  invisibleCharacters,
  splitLiterals,
  foldedLines,
];

type Group = WitnessGroup | "plain";

interface Prepared {
  readonly forms: readonly TextForm[];
  readonly matcher: Matcher;
  /** The group of each of the matcher's witnesses. */
  readonly groups: readonly Group[];
}

function prepare({ plain, groups, anchors }: TextWitnesses): Prepared {
  const matcher = createMatcher(
    groups.flatMap(({ witnesses }) => witnesses),
    groups.flatMap(({ probes }) => probes),
  );
  return {
    forms: [
      ...rewritings.map((rewriting) => rewritingForm(rewriting, matcher)),
      base64Form(anchors),
      hexForm(plain),
      wideForm,
      byteListForm,
    ],
    matcher,
    groups: groups.flatMap(({ group, witnesses }) => witnesses.map(() => group)),
  };
}

/** @param witnesses asked for once, when there is something to decode */
export function textDecoder(witnesses: () => TextWitnesses, quickLook: () => QuickLook): Decoder {
  let prepared: Prepared | null = null;
  return {
    name: "text",
    *decode(bytes, budget) {
      prepared ??= prepare(witnesses());
      const { forms, matcher, groups } = prepared;
      const hits = new Map<Group, number[]>();
      for (const [from, to] of worthMatching(bytes, quickLook())) {
        matcher(bytes.subarray(from, to), (offset, index) => {
          const group = groups[index];
          if (group === undefined) return;
          const list = hits.get(group);
          if (list === undefined) hits.set(group, [from + offset]);
          else list.push(from + offset);
        });
      }
      if (hits.size === 0) return;
      for (const form of forms) {
        const own = form.groups.flatMap((group) => hits.get(group) ?? []);
        if (own.length === 0) continue;
        yield* form.decode(
          bytes,
          own.sort((one, other) => one - other),
          budget,
        );
      }
    },
  };
}

/** The stretches of a document in which a witness can lie, ascending and apart from each other. */
function worthMatching(
  bytes: Uint8Array,
  { placesIn }: QuickLook,
): readonly (readonly [from: number, to: number])[] {
  const places = placesIn(bytes);
  if (places === null) return [[0, bytes.length]];
  const stretches: [number, number][] = [];
  for (const place of places) {
    const from = Math.max(0, place - aroundPlace);
    const to = Math.min(bytes.length, place + aroundPlace);
    const last = stretches.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else stretches.push([from, to]);
  }
  return stretches;
}

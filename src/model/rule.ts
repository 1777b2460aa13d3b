// A rule as the engine uses it: data only, so that it can be sent to a worker or hashed.
// Reading rules from TOML is left to ruleset, matching to engine.
import type { KeyKind } from "./match.js";
import type { Witness } from "./witness.js";

/** A set of byte values. */
export type ByteClass = ReadonlySet<number>;

/**
 * The shape of a key: a small subset of regular expressions (literals, classes, groups, `|`, bounded
 * repeats) in which every repeat has an upper bound. It is matched in time linear in the window, so
 * that no pattern can hang a scan.
 */
export type Shape =
  | {
      readonly kind: "bytes";
      readonly class: ByteClass;
      readonly min: number;
      readonly max: number;
    }
  | { readonly kind: "sequence"; readonly items: readonly Shape[] }
  | { readonly kind: "choice"; readonly options: readonly Shape[] };

/** Offline proofs by name: the engine knows how to run each. */
export const proofNames = ["uuid-v4-marks", "ecdsa-p256-signature"] as const;
export type ProofName = (typeof proofNames)[number];

/**
 * What a hit of this rule is worth, by what could be shown.
 * `drop` means that such a hit is no finding.
 */
export type Worth = "proven" | "likely" | "possible" | "drop";

export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly family: string;
  readonly kind: KeyKind;
  readonly shape: Shape;
  /** Literal bytes that every match begins with, ASCII, at least two. */
  readonly prefix: string;
  /** Longest possible match, in bytes. */
  readonly maxBytes: number;
  /** A match is void when one of these stands right before it (escapes excepted). */
  readonly notBefore: ByteClass;
  /** A match is void when one of these follows it. */
  readonly notAfter: ByteClass;
  readonly proof: ProofName | null;
  /** Does the shape alone tell the provider, or is context needed? */
  readonly provider: "dashscope" | "by-context" | { readonly other: string };
  readonly worth: {
    /** proof held (or none is asked for), context speaks for DashScope */
    readonly provenWithContext: Worth;
    /** proof held (or none is asked for), no context */
    readonly provenWithout: Worth;
    /** proof failed, context speaks for DashScope */
    readonly unprovenWithContext: Worth;
    /** proof failed, no context */
    readonly unprovenWithout: Worth;
  };
  readonly witnesses: readonly Witness[];
  readonly references: readonly string[];
}

/** Words that speak for a provider, each lower case. */
export interface ContextWords {
  readonly provider: string;
  readonly words: readonly string[];
  /** Host suffixes: a URL whose host ends so speaks for the provider. */
  readonly hosts: readonly string[];
  /** Variable or property names, upper case with underscores. */
  readonly names: readonly string[];
}

export interface Ruleset {
  readonly rules: readonly Rule[];
  readonly context: readonly ContextWords[];
  /** Words that mark a body as a placeholder, lower case. */
  readonly placeholderWords: readonly string[];
  /** sha256 over the normalised rules and the engine's version of them. */
  readonly hash: string;
}

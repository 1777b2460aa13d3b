// A rule as the engine uses it: data only, so that it can be sent to a worker or hashed.
// Reading rules from TOML is left to ruleset, matching to engine.
import type { Confidence, KeyKind, Provider } from "./match.js";
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
  /** What has to follow a match without being part of the key, as the dots of a cut one; or null. */
  readonly followedBy: Shape | null;
  readonly proof: ProofName | null;
  /** The shape says so little that only a body that looks drawn at random counts. */
  readonly mustLookRandom: boolean;
  /** Does the shape alone tell the provider, or is context needed? */
  readonly provider:
    | "dashscope"
    | "by-context"
    | {
        readonly other: string;
        /** Several providers share the shape: the surroundings may give a better name. */
        readonly namedByContext: boolean;
      };
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
  /** Empty when none could be derived. */
  readonly witnesses: readonly Witness[];
  readonly references: readonly Reference[];
  readonly examples: readonly RuleExample[];
  /** Recipes in which this rule must find nothing. */
  readonly counterExamples: readonly string[];
}

/** Where a fact about a key's form comes from, and when it was read. */
export interface Reference {
  readonly url: string;
  /** ISO date. */
  readonly date: string;
}

/** A text with `{{…}}` where freshly minted keys go, and what must be found in it. */
export interface RuleExample {
  readonly recipe: string;
  readonly confidence: Confidence;
  readonly provider: Provider;
}

/** Words that speak for a provider, each lower case. */
export interface ContextWords {
  readonly provider: string;
  readonly words: readonly string[];
  /** Names of its models, which others serve too: they count less than `words`. */
  readonly models: readonly string[];
  /** Host suffixes: a URL whose host ends so speaks for the provider. */
  readonly hosts: readonly string[];
  /** Variable or property names, upper case with underscores. */
  readonly names: readonly string[];
}

export interface Ruleset {
  readonly rules: readonly Rule[];
  readonly context: readonly ContextWords[];
  /** Names that say nothing of the provider (`OPENAI_API_KEY`), upper case with underscores. */
  readonly neutralNames: readonly string[];
  /** Words that mark a body as a placeholder, lower case. */
  readonly placeholderWords: readonly string[];
  /** sha256 over the normalised rules and the engine's version of them. */
  readonly hash: string;
}

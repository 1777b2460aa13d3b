// What the engine says of one hit in one document.
// Grouping hits by key and finding their places in git is left to findings.
import type { Origin } from "./origin.js";
import type { Secret } from "./secret.js";

/** The kinds of keys, as reports name them. */
export const keyKinds = [
  "payg-legacy",
  "coding-plan",
  "payg",
  "token-plan",
  "partial",
  "unknown",
] as const;
export type KeyKind = (typeof keyKinds)[number];

/** Strongest first. */
export const confidences = ["proven", "likely", "possible"] as const;
export type Confidence = (typeof confidences)[number];

export const providers = ["dashscope", "ambiguous", "other"] as const;
export type Provider = (typeof providers)[number];

/** Things found near a key that help to verify or to reset it. None of them is trusted. */
export interface Hints {
  /** Hosts of known DashScope-family URLs near the key, nearest first. */
  readonly hosts: readonly string[];
  /** Workspace ids (`ws-…`, `llm-…`) near the key, with the region when the host gave one. */
  readonly workspaces: readonly { readonly id: string; readonly region: string | null }[];
  /** The variable, property or option the key is assigned to, as written. */
  readonly variable: string | null;
  /** The key stands where a variable's name belongs, as in `os.getenv("sk-…")`. */
  readonly usedAsName: boolean;
}

export interface Match {
  readonly origin: Origin;
  readonly rule: string;
  readonly kind: KeyKind;
  readonly secret: Secret;
  readonly confidence: Confidence;
  readonly provider: Provider;
  /** The other provider's name when `provider` is `other`, else null. */
  readonly providerName: string | null;
  /** Byte offset in the document where the (possibly encoded) text begins. */
  readonly offset: number;
  /** One-based line; lines end at LF, CRLF or a lone CR. */
  readonly line: number;
  /** One-based column, in Unicode code points of the line. */
  readonly column: number;
  /** Decoders that the key went through, outermost first: `["zip", "base64"]`. Empty when plain. */
  readonly encoding: readonly string[];
  /** Where inside containers it was found: `["zip:app/.env"]`. Empty when not in one. */
  readonly trail: readonly string[];
  readonly hints: Hints;
  /** An inline comment that allows this hit, with the reason it gives; others' words need none. */
  readonly allowed: { readonly by: string; readonly reason: string | null } | null;
  /** A comment would allow it, but gives no reason: so nothing does. */
  readonly allowedWithoutReason: boolean;
}

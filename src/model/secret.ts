// A key's text, kept where no log line, template string or JSON can reach it by accident.
// What a key means (kind, confidence, provider) is left to Match and Finding.
import { createHash, createHmac } from "node:crypto";

// `inspect.custom` of node:util by its documented name, so that our types need none of Node's.
const inspectCustom: unique symbol = Symbol.for("nodejs.util.inspect.custom");

const prefixes = ["sk-ws-", "sk-sp-", "sk-"] as const;

/**
 * The key itself. Everything that turns it into text gives the mask; `reveal()` is the only way to
 * the value, and is meant to be found by a text search of this code base.
 */
export class Secret {
  readonly #value: string;

  /** @param value the key as it was found, ASCII */
  constructor(value: string) {
    this.#value = value;
  }

  /** The key in full: for verification, hashing and the expressions file that a user asked for. */
  reveal(): string {
    return this.#value;
  }

  /** The prefix of the key's kind and its last four characters; never more of the random part. */
  get masked(): string {
    return maskKey(this.#value);
  }

  /** `sha256:` and the lowercase hex SHA-256 of the key's bytes. */
  get fingerprint(): string {
    return fingerprintOf(this.#value);
  }

  toString(): string {
    return this.masked;
  }

  toJSON(): string {
    return this.masked;
  }

  [inspectCustom](): string {
    return `Secret(${this.masked})`;
  }
}

/** Masks whatever looks like a key in a text of which nobody knows what keys it holds. */
export function maskKeysIn(text: string): string {
  return text.replaceAll(/sk-(?:ws-|sp-)?[\w.-]{16,}/gu, (key) => maskKey(key));
}

/** Masks a key: its kind's prefix, `****`, and its last four characters. */
export function maskKey(key: string): string {
  const prefix = prefixes.find((candidate) => key.startsWith(candidate)) ?? "";
  const body = key.slice(prefix.length);
  return body.length < 12 ? `${prefix}****` : `${prefix}****${body.slice(-4)}`;
}

/**
 * A key's fingerprint: the same key gives the same text in every report.
 * @param hmacKey when given, the fingerprint is keyed (`hmac-sha256:`), so that a report can be
 *   shared with somebody who must not be able to test guesses against it
 */
export function fingerprintOf(key: string, hmacKey?: string): string {
  if (hmacKey !== undefined) {
    return `hmac-sha256:${createHmac("sha256", hmacKey).update(key, "latin1").digest("hex")}`;
  }
  return `sha256:${createHash("sha256").update(key, "latin1").digest("hex")}`;
}

/** A check value of the secret that keys fingerprints: eight digits, which tell nothing else of it. */
export function fingerprintKeyOf(hmacKey: string): string {
  return createHmac("sha256", hmacKey).update("dashleaks fingerprints").digest("hex").slice(0, 8);
}

// Offline proofs: what a key's own bytes say of whether it was issued.
// What a proof is worth is left to the rule and to decide.ts.
import type { ProofName } from "../model/rule.js";

/**
 * How a proof looks at a match in `bytes` that starts at `start`.
 * `exactEnd` tells where a key that proves itself must end, when its bytes say so.
 */
interface Proof {
  readonly holds: (bytes: Uint8Array, start: number, end: number) => boolean;
  readonly exactEnd: ((bytes: Uint8Array, start: number, limit: number) => number | null) | null;
}

export const proofs = {
  "uuid-v4-marks": { holds: hasUuidMarks, exactEnd: null },
  "ecdsa-p256-signature": { holds: endsInSignature, exactEnd: signatureEnd },
} as const satisfies Record<ProofName, Proof>;

const hexDigits = 32;
const dot = 0x2e;

/**
 * Are the last 32 characters a version 4 UUID without its hyphens (RFC 9562: version `4` at the
 * 13th digit, variant `8`, `9`, `a` or `b` at the 17th)? Random hex passes once in 64.
 */
function hasUuidMarks(bytes: Uint8Array, start: number, end: number): boolean {
  const body = end - hexDigits;
  if (body < start) return false;
  const variant = bytes[body + 16] ?? 0;
  return bytes[body + 12] === 0x34 && [0x38, 0x39, 0x61, 0x62].includes(variant);
}

/** Is what follows the last dot the base64url of a DER ECDSA P-256 signature, complete and alone? */
function endsInSignature(bytes: Uint8Array, start: number, end: number): boolean {
  const from = bytes.lastIndexOf(dot, end - 1) + 1;
  if (from <= start) return false;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from).toString("latin1");
  const decoded = Buffer.from(text, "base64url");
  // Buffer is lenient; only the one canonical spelling without padding counts.
  return decoded.toString("base64url") === text && isSignature(decoded);
}

/**
 * Where the signature after the last dot before `limit` ends by its own account: its second byte is
 * the DER length of the rest. Null when there is no such signature.
 */
function signatureEnd(bytes: Uint8Array, start: number, limit: number): number | null {
  const from = bytes.lastIndexOf(dot, limit - 1) + 1;
  if (from <= start || from + 4 > limit) return null;
  const head = Buffer.from(bytes.buffer, bytes.byteOffset + from, 4).toString("latin1");
  const [sequence, length = 0] = Buffer.from(head, "base64url");
  if (sequence !== 0x30 || length > 0x7f) return null;
  return from + Math.ceil(((length + 2) * 4) / 3);
}

/** DER (X.690): SEQUENCE `30 L` of two INTEGERs `02 n …`, positive, minimal, nothing trailing. */
function isSignature(der: Uint8Array): boolean {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return false;
  const afterFirst = integerEnd(der, 2);
  return afterFirst !== null && integerEnd(der, afterFirst) === der.length;
}

/** End of the INTEGER at `at`, or null when there is none of 1 to 33 bytes, positive and minimal. */
function integerEnd(der: Uint8Array, at: number): number | null {
  const length = der[at + 1] ?? 0;
  const first = der[at + 2] ?? 0;
  const second = der[at + 3] ?? 0;
  const end = at + 2 + length;
  if (der[at] !== 0x02 || length < 1 || length > 33 || end > der.length) return null;
  const isNegative = first >= 0x80;
  const hasNeedlessZero = first === 0 && (length === 1 || second < 0x80);
  const isTooLong = length === 33 && first !== 0;
  return isNegative || hasNeedlessZero || isTooLong ? null : end;
}

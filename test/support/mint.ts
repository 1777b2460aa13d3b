// Mints keys of every kind at run time, from the vendor's formats and not from our rules, so that
// the rules are tested against something that does not share their mistakes.
import { generateKeyPairSync, randomBytes, randomInt, randomUUID, sign } from "node:crypto";

export const mintedKinds = [
  "payg-legacy",
  "coding-plan",
  "payg-compact",
  "token-plan-compact",
  "payg-v2",
  "token-plan-v2",
] as const;
export type MintedKind = (typeof mintedKinds)[number];

/** The `kind` that a report must give a minted key. */
export const reportedKind = {
  "payg-legacy": "payg-legacy",
  "coding-plan": "coding-plan",
  "payg-compact": "payg",
  "token-plan-compact": "token-plan",
  "payg-v2": "payg",
  "token-plan-v2": "token-plan",
} as const satisfies Record<MintedKind, string>;

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

/** A fresh key of a kind: valid in form, never issued by anybody. */
export function mint(kind: MintedKind): string {
  switch (kind) {
    case "payg-legacy":
      return `sk-${uuidHex()}`;
    case "coding-plan":
      return `sk-sp-${uuidHex()}`;
    case "payg-compact":
      return compact("ws");
    case "token-plan-compact":
      return compact("sp");
    case "payg-v2":
      return `sk-ws-djI.${randomBytes(96).toString("base64url")}.${signature()}`;
    case "token-plan-v2":
      return `sk-sp-djI.${randomBytes(96).toString("base64url")}.${signature()}`;
  }
}

/** 32 hex characters that are an MD5-like random body without the marks of a version 4 UUID. */
export function mintHexWithoutMarks(): string {
  const hex = uuidHex();
  return `${hex.slice(0, 12)}7${hex.slice(13)}`;
}

function uuidHex(): string {
  return randomUUID().replaceAll("-", "");
}

function compact(plan: "ws" | "sp"): string {
  const account = letters(randomInt(2, 13));
  const version = randomInt(2) === 0 ? "H" : "D";
  return `sk-${plan}-${version}.${account}.${randomBytes(3).toString("base64url")}.${signature()}`;
}

function letters(count: number): string {
  const alphabet = "DEHILMPRXY";
  return Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)]).join("");
}

/** A real ECDSA P-256 signature over random bytes, DER, base64url without padding. */
function signature(): string {
  return sign("sha256", randomBytes(32), privateKey).toString("base64url");
}

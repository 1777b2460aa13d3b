// Draws keys that fit a rule, for its examples: fresh each time, never issued by anybody.
// Which texts they are put into is left to recipe.ts.
import { generateKeyPairSync, randomBytes, randomInt, sign, type KeyObject } from "node:crypto";
import { proofs } from "../engine/proofs.js";
import type { ProofName, Rule, Shape } from "../model/rule.js";

let signingKey: KeyObject | null = null;

/** How a drawn text is made to pass a proof. */
const provers = {
  "uuid-v4-marks": (text) => {
    const body = text.length - 32;
    const variant = "89ab"[randomInt(4)] ?? "8";
    return `${text.slice(0, body + 12)}4${text.slice(body + 13, body + 16)}${variant}${text.slice(body + 17)}`;
  },
  "ecdsa-p256-signature": (text) => {
    signingKey ??= generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    const signature = sign("sha256", randomBytes(32), signingKey).toString("base64url");
    return text.slice(0, text.lastIndexOf(".") + 1) + signature;
  },
} as const satisfies Record<ProofName, (text: string) => string>;

/** A key that fits the rule's shape and passes its proof. */
export function mintKey(rule: Rule): string {
  const text = draw(rule.shape);
  return rule.proof === null ? text : provers[rule.proof](text);
}

/** A text that fits the rule's shape and fails its proof. @throws when the rule has no proof */
export function mintUnproven(rule: Rule): string {
  if (rule.proof === null) throw new Error(`rule ${rule.id} has no proof to fail`);
  for (;;) {
    const text = draw(rule.shape);
    const bytes = Buffer.from(text, "latin1");
    if (!proofs[rule.proof].holds(bytes, 0, bytes.length)) return text;
  }
}

/** `count` characters of an alphabet. */
export function drawFrom(alphabet: string, count: number): string {
  return Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)] ?? "").join("");
}

function draw(shape: Shape): string {
  switch (shape.kind) {
    case "bytes": {
      const alphabet = [...shape.class].map((byte) => String.fromCharCode(byte)).join("");
      return drawFrom(alphabet, randomInt(shape.min, shape.max + 1));
    }
    case "sequence":
      return shape.items.map(draw).join("");
    case "choice": {
      const option = shape.options[randomInt(shape.options.length)];
      return option === undefined ? "" : draw(option);
    }
  }
}

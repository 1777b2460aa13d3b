import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { proofs } from "../src/engine/proofs.js";
import { mint, mintHexWithoutMarks } from "./support/mint.js";

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const signature = () => sign("sha256", randomBytes(32), privateKey);

function signs(bytes: Uint8Array): boolean {
  const key = Buffer.from(`sk-ws-H.AB.1234.${Buffer.from(bytes).toString("base64url")}`);
  return proofs["ecdsa-p256-signature"].holds(key, 0, key.length);
}

/** DER of two integers, as they are given. */
function der(...integers: readonly (readonly number[])[]): Uint8Array {
  const body = integers.flatMap((bytes) => [0x02, bytes.length, ...bytes]);
  return Uint8Array.from([0x30, body.length, ...body]);
}

const full = Array.from({ length: 32 }, () => 0x7f);

describe("the signature's proof", () => {
  it("holds for every signature that OpenSSL makes", () => {
    for (let run = 0; run < 200; run++) expect(signs(signature())).toBe(true);
  });

  it("fails for a signature cut anywhere", () => {
    const whole = signature();
    for (let length = 0; length < whole.length; length++) {
      expect(signs(whole.subarray(0, length))).toBe(false);
    }
  });

  it("fails when a byte of its frame is another one", () => {
    const whole = signature();
    const second = 4 + (whole[3] ?? 0);
    for (const at of [0, 1, 2, 3, second, second + 1]) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0x15;
      expect(signs(changed)).toBe(false);
    }
  });

  it("fails for anything behind the signature", () => {
    expect(signs(Buffer.concat([signature(), Buffer.from([0])]))).toBe(false);
  });

  it.each([
    ["a negative integer", der([0x80, ...full.slice(1)], full)],
    ["a needless zero", der([0x00, ...full], full)],
    ["an integer of no bytes", der([], full)],
    ["zero", der([0], full)],
    ["an integer that is too long", der([1, ...full], full)],
    ["one integer", der(full)],
    ["three integers", der([1], [1], [1])],
  ])("fails for %s", (_, bytes) => {
    expect(signs(bytes)).toBe(false);
  });

  it("fails for another spelling of the same bytes", () => {
    let der64 = "";
    // A length that leaves unused bits in the last character.
    do der64 = signature().toString("base64url");
    while (der64.length % 4 === 0);
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const last = alphabet.indexOf(der64.at(-1) ?? "");
    const other = der64.slice(0, -1) + (alphabet[last | 1] ?? "");
    expect(Buffer.from(other, "base64url")).toEqual(Buffer.from(der64, "base64url"));
    const key = Buffer.from(`sk-ws-H.AB.1234.${other}`);
    expect(proofs["ecdsa-p256-signature"].holds(key, 0, key.length)).toBe(false);
  });
});

describe("the UUID's proof", () => {
  const holds = (key: string) => proofs["uuid-v4-marks"].holds(Buffer.from(key), 0, key.length);

  it("holds for every version 4 UUID", () => {
    for (let run = 0; run < 200; run++) expect(holds(mint("payg-legacy"))).toBe(true);
  });

  it("fails for hex without the version or without the variant", () => {
    const key = mint("payg-legacy");
    expect(holds(`sk-${mintHexWithoutMarks()}`)).toBe(false);
    for (const variant of "01234567cdef") {
      expect(holds(key.slice(0, 19) + variant + key.slice(20))).toBe(false);
    }
  });
});

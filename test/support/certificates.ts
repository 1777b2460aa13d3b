// Certificates made at run time with nothing but node:crypto, so that tests need no openssl.
// Just enough X.509 (RFC 5280) for a test's own authority and the servers it vouches for.
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";

export interface Authority {
  /** PEM of the authority's own certificate. */
  readonly certificate: string;
  /** A server certificate for these host names. */
  issue(
    names: readonly string[],
    validity?: Validity,
  ): { readonly cert: string; readonly key: string };
}

interface Validity {
  readonly from: Date;
  readonly to: Date;
}

const day = 86_400_000;

/** A fresh certificate authority that nobody else trusts. */
export function freshAuthority(): Authority {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer = name(`dashleaks test authority ${randomBytes(4).toString("hex")}`);
  const valid = { from: new Date(Date.now() - day), to: new Date(Date.now() + day) };
  const basicConstraints = extension("551d13", sequence(der(0x01, Buffer.of(0xff))));
  return {
    certificate: certificate(issuer, issuer, keys.publicKey, keys.privateKey, valid, [
      basicConstraints,
    ]),
    issue: (names, validity = valid) => {
      const server = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const alternatives = sequence(...names.map((host) => der(0x82, Buffer.from(host))));
      return {
        cert: certificate(issuer, name("server"), server.publicKey, keys.privateKey, validity, [
          extension("551d11", alternatives),
        ]),
        key: server.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      };
    },
  };
}

function certificate(
  issuer: Buffer,
  subject: Buffer,
  publicKey: KeyObject,
  signingKey: KeyObject,
  { from, to }: Validity,
  extensions: readonly Buffer[],
): string {
  const ecdsaWithSha256 = sequence(objectIdentifier("2a8648ce3d040302"));
  const serial = Buffer.concat([Buffer.of(0x01), randomBytes(8)]);
  const body = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, serial),
    ecdsaWithSha256,
    issuer,
    sequence(time(from), time(to)),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = der(0x03, Buffer.of(0), sign("sha256", body, signingKey));
  const base64 = sequence(body, ecdsaWithSha256, signature).toString("base64");
  const lines = base64.match(/.{1,64}/gu) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const size = content.length;
  const length =
    size < 0x80
      ? Buffer.of(size)
      : size < 0x100
        ? Buffer.of(0x81, size)
        : Buffer.of(0x82, size >> 8, size & 0xff);
  return Buffer.concat([Buffer.of(tag), length, content]);
}

function sequence(...contents: readonly Buffer[]): Buffer {
  return der(0x30, ...contents);
}

function objectIdentifier(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

function name(commonName: string): Buffer {
  return sequence(
    der(0x31, sequence(objectIdentifier("550403"), der(0x0c, Buffer.from(commonName)))),
  );
}

function extension(identifier: string, value: Buffer): Buffer {
  return sequence(objectIdentifier(identifier), der(0x04, value));
}

function time(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/gu, "");
  return der(0x17, Buffer.from(digits.slice(2)));
}

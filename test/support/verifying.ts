// Verification as tests use it: a minted key, a double of the vendor, a verdict.
import { Secret, type Hints, type KeyKind, type Provider } from "../../src/model/index.js";
import type { Clock } from "../../src/verify/host-gate.js";
import { verifyFindings, type Verifiable, type VerifyOptions } from "../../src/verify/verify.js";
import { mint, type MintedKind, reportedKind } from "./mint.js";
import {
  json,
  modelList,
  refusal,
  startVendor,
  type Answering,
  type Vendor,
  type VendorOptions,
} from "./vendor.js";

export const beijing = "dashscope.aliyuncs.com";
export const singapore = "dashscope-intl.aliyuncs.com";
const noHints: Hints = { hosts: [], workspaces: [], variable: null, usedAsName: false };
export const bothWorkspaces = [
  { region: "eu-central-1", id: "ws-0123456789" },
  { region: "ap-northeast-1", id: "llm-abcdefghij" },
];

interface Changes {
  readonly kind?: KeyKind;
  readonly provider?: Provider;
  readonly hints?: Partial<Hints>;
}

export function key(minted: MintedKind, changes: Changes = {}): Verifiable {
  const secret = new Secret(mint(minted));
  return {
    fingerprint: secret.fingerprint,
    secret,
    kind: changes.kind ?? reportedKind[minted],
    provider: changes.provider ?? "dashscope",
    hints: { ...noHints, ...changes.hints },
  };
}

export function optionsFor(vendor: Vendor, changes: Partial<VerifyOptions> = {}): VerifyOptions {
  return {
    toolVersion: "1.2.3",
    environment: { HTTPS_PROXY: vendor.proxy },
    certificateAuthority: vendor.authority,
    requestMilliseconds: 20_000,
    ...changes,
  };
}

interface Asked {
  readonly changes?: Partial<VerifyOptions>;
  readonly vendor?: VendorOptions;
}

/** Verifies one key against a double and gives its verdict and the double. */
export async function verifyOne(finding: Verifiable, answer: Answering, asked: Asked = {}) {
  const vendor = await startVendor(answer, asked.vendor);
  const { verdicts, notices } = await verifyFindings([finding], optionsFor(vendor, asked.changes));
  const verdict = verdicts.get(finding.fingerprint);
  if (!verdict) throw new Error("no verdict");
  return { verdict, notices, vendor, meanings: verdict.evidence.map(({ meaning }) => meaning) };
}

export const refuse: Answering = (_seen, response) => json(response, 401, refusal);

export function liveAt(host: string): Answering {
  return (seen, response) =>
    seen.host === host ? json(response, 200, modelList) : json(response, 401, refusal);
}

/** A clock whose sleeps take no time but pass. */
export function fastClock(): Clock & { readonly slept: number[] } {
  let ahead = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => Date.now() + ahead,
    sleep: async (milliseconds) => {
      slept.push(milliseconds);
      ahead += milliseconds;
      await Promise.resolve();
    },
  };
}

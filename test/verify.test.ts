// Verification against a real HTTPS server under the vendor's real host names (a double of the
// vendor on loopback, behind a CONNECT proxy).
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { Secret, type Hints, type KeyKind, type Provider } from "../src/model/index.js";
import type { Clock } from "../src/verify/host-gate.js";
import { verifyFindings, type Verifiable, type VerifyOptions } from "../src/verify/verify.js";
import { freshAuthority } from "./support/certificates.js";
import { mint, type MintedKind } from "./support/mint.js";
import { temporaryFolder } from "./support/repository.js";
import {
  json,
  modelList,
  refusal,
  startVendor,
  vendorAuthority,
  vendorHosts,
  type Answering,
  type Vendor,
  type VendorOptions,
} from "./support/vendor.js";

const beijing = "dashscope.aliyuncs.com";
const singapore = "dashscope-intl.aliyuncs.com";
const noHints: Hints = { hosts: [], workspaces: [], variable: null, usedAsName: false };
const bothWorkspaces = [
  { region: "eu-central-1", id: "ws-0123456789" },
  { region: "ap-northeast-1", id: "llm-abcdefghij" },
];

interface Changes {
  readonly kind?: KeyKind;
  readonly provider?: Provider;
  readonly hints?: Partial<Hints>;
}

function key(minted: MintedKind, changes: Changes = {}): Verifiable {
  const secret = new Secret(mint(minted));
  const kinds = {
    "payg-legacy": "payg-legacy",
    "coding-plan": "coding-plan",
    "payg-compact": "payg",
    "token-plan-compact": "token-plan",
    "payg-v2": "payg",
    "token-plan-v2": "token-plan",
  } as const;
  return {
    fingerprint: secret.fingerprint,
    secret,
    kind: changes.kind ?? kinds[minted],
    provider: changes.provider ?? "dashscope",
    hints: { ...noHints, ...changes.hints },
  };
}

function optionsFor(vendor: Vendor, changes: Partial<VerifyOptions> = {}): VerifyOptions {
  return {
    toolVersion: "1.2.3",
    environment: { HTTPS_PROXY: vendor.proxy },
    certificateAuthority: vendor.authority,
    requestMilliseconds: 2000,
    ...changes,
  };
}

interface Asked {
  readonly changes?: Partial<VerifyOptions>;
  readonly vendor?: VendorOptions;
}

/** Verifies one key against a double and gives its verdict and the double. */
async function verifyOne(finding: Verifiable, answer: Answering, asked: Asked = {}) {
  const vendor = await startVendor(answer, asked.vendor);
  const { verdicts, notices } = await verifyFindings([finding], optionsFor(vendor, asked.changes));
  const verdict = verdicts.get(finding.fingerprint);
  if (!verdict) throw new Error("no verdict");
  return { verdict, notices, vendor, meanings: verdict.evidence.map(({ meaning }) => meaning) };
}

const refuse: Answering = (_seen, response) => json(response, 401, refusal);

function liveAt(host: string): Answering {
  return (seen, response) =>
    seen.host === host ? json(response, 200, modelList) : json(response, 401, refusal);
}

/** A clock whose sleeps take no time but pass. */
function fastClock(): Clock & { readonly slept: number[] } {
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

describe("the verdict", () => {
  it("is live when a region knows the key, found after others refused it", async () => {
    const { verdict, vendor } = await verifyOne(key("payg-legacy"), liveAt(singapore));
    expect(verdict.status).toBe("live");
    expect(verdict.evidence.map(({ host, status }) => [host, status])).toEqual([
      [beijing, 401],
      [singapore, 200],
    ]);
    expect(vendor.requests).toHaveLength(2);
  });

  it("is dead when every host that could know a legacy key refused it, and names them", async () => {
    const { verdict } = await verifyOne(key("payg-legacy"), refuse);
    expect(verdict.status).toBe("dead");
    expect(verdict.evidence.map(({ host }) => host).sort()).toEqual([
      "cn-hongkong.dashscope.aliyuncs.com",
      singapore,
      "dashscope-us.aliyuncs.com",
      beijing,
      "maas.qianwenaiapi.com",
      "maas.qwencloudapi.com",
    ]);
  });

  it("is not dead while Frankfurt and Tokyo cannot be asked, and says what is missing", async () => {
    const { verdict, meanings } = await verifyOne(key("payg-compact"), refuse);
    expect(verdict.status).toBe("unknown");
    expect(meanings.join("\n")).toMatch(/--workspace-id eu-central-1=ID/u);
    expect(meanings.join("\n")).toMatch(/--workspace-id ap-northeast-1=ID/u);
  });

  it("is dead once both were asked with a workspace's id", async () => {
    const { verdict, vendor } = await verifyOne(key("payg-v2"), refuse, {
      changes: { workspaces: bothWorkspaces },
    });
    expect(verdict.status).toBe("dead");
    expect(vendor.requests.map(({ host }) => host)).toContain(
      "llm-abcdefghij.ap-northeast-1.maas.aliyuncs.com",
    );
  });

  it("is live in Frankfurt by a workspace that stands beside the key", async () => {
    const host = "ws-near.eu-central-1.maas.aliyuncs.com";
    const { verdict } = await verifyOne(
      key("payg-compact", { hints: { workspaces: [{ id: "ws-near", region: null }] } }),
      liveAt(host),
    );
    expect(verdict.status).toBe("live");
    expect(verdict.evidence.at(-1)).toMatchObject({ host, region: "eu-central-1" });
  });

  it("is not dead by a workspace of unknown region", async () => {
    const { verdict, meanings } = await verifyOne(
      key("payg-compact", { hints: { workspaces: [{ id: "ws-near", region: null }] } }),
      refuse,
    );
    expect(verdict.status).toBe("unknown");
    expect(meanings.join("\n")).toMatch(/may belong to another region/u);
  });

  it.each([
    [400, "Arrearage"],
    [403, "AllocationQuota.FreeTierOnly"],
    [403, "Model.AccessDenied"],
    [429, "PrepaidBillOverdue"],
  ])("is restricted by %i %s, and no other host is asked", async (status, code) => {
    const { verdict, vendor } = await verifyOne(key("payg-legacy"), (_seen, response) =>
      json(response, status, { error: { code, type: code, message: "…" } }),
    );
    expect(verdict).toMatchObject({ status: "restricted", evidence: [{ status, code }] });
    expect(vendor.requests).toHaveLength(1);
  });

  it("is unknown for a Coding Plan key, and nothing is sent", async () => {
    const { verdict, vendor, meanings } = await verifyOne(key("coding-plan"), (_seen, response) =>
      json(response, 200, modelList),
    );
    expect(verdict.status).toBe("unknown");
    expect(meanings[0]).toMatch(/cannot be proven for free/u);
    expect(vendor.tunnels).toEqual([]);
  });

  it("asks the Token Plan's hosts about a Token Plan key, and no pay-as-you-go host", async () => {
    const { verdict, vendor } = await verifyOne(key("token-plan-compact"), refuse);
    expect(verdict.status).toBe("dead");
    expect(vendor.requests.every(({ host }) => host.startsWith("token-plan."))).toBe(true);
    expect(vendor.requests).toHaveLength(4);
  });

  it("never calls a key of unknown shape dead, since it may be cut off", async () => {
    const { verdict } = await verifyOne(key("payg-compact", { kind: "unknown" }), refuse, {
      changes: { workspaces: bothWorkspaces },
    });
    expect(verdict.status).toBe("unknown");
  });

  it("comes from the other question where a host has no model list", async () => {
    const { verdict, vendor } = await verifyOne(key("payg-legacy"), (seen, response) =>
      seen.method === "GET"
        ? json(response, 404, { error: { message: "Not Found" } })
        : json(response, 404, { error: { code: "model_not_found", message: "" } }),
    );
    expect(verdict.status).toBe("live");
    expect(vendor.requests.map(({ method, url }) => [method, url])).toEqual([
      ["GET", "/compatible-mode/v1/models"],
      ["POST", "/compatible-mode/v1/chat/completions"],
    ]);
  });
});

describe("what is no answer of the API", () => {
  const strange: readonly (readonly [string, Answering, RegExp])[] = [
    [
      "a portal's page",
      (_seen, response) => {
        response.writeHead(200, { "content-type": "text/html" });
        response.end("<html>Sign in to the Wi-Fi</html>");
      },
      /web page/u,
    ],
    [
      "a redirect",
      (_seen, response) => {
        response.writeHead(302, { location: "https://evil.example/models" });
        response.end();
      },
      /redirect/u,
    ],
    ["a connection reset", (_seen, response) => response.socket?.destroy(), /connection failed/u],
    [
      "a body that breaks off",
      (_seen, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "500" });
        response.write('{"object":"list","data":[');
        setTimeout(() => response.socket?.destroy(), 20);
      },
      /broke off/u,
    ],
    ["a server's failure", (_seen, response) => json(response, 503, {}), /server failed/u],
    ["an unknown body", (_seen, response) => json(response, 401, { nope: 1 }), /not documented/u],
  ];

  it.each(strange)("leaves the key unknown: %s", async (_name, answer, meaning) => {
    const { verdict, meanings, vendor } = await verifyOne(key("payg-legacy"), answer);
    expect(verdict.status).toBe("unknown");
    expect(meanings[0]).toMatch(meaning);
    expect(vendor.tunnels.every((host) => !host.includes("evil"))).toBe(true);
  });

  it.each([
    ["silence", () => undefined],
    [
      "a slow trickle",
      (_seen, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        const timer = setInterval(() => response.write(" "), 20);
        response.on("close", () => clearInterval(timer));
      },
    ],
  ] satisfies (readonly [string, Answering])[])(
    "leaves the key unknown: %s",
    async (_name, answer) => {
      const { verdict, meanings } = await verifyOne(key("token-plan-compact"), answer, {
        changes: { requestMilliseconds: 200 },
      });
      expect(verdict.status).toBe("unknown");
      expect(new Set(meanings)).toEqual(new Set(["No answer in time."]));
    },
  );

  it("leaves the key unknown after an endless body, of which it reads no more than it must", async () => {
    let written = 0;
    const { verdict, meanings } = await verifyOne(
      key("payg-legacy"),
      (_seen, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        const piece = Buffer.alloc(65_536, 0x20);
        const pour = (): void => {
          while (!response.destroyed) {
            written += piece.length;
            if (!response.write(piece)) {
              response.once("drain", pour);
              return;
            }
          }
        };
        pour();
      },
      { changes: { requestMilliseconds: 3000 } },
    );
    expect(verdict.status).toBe("unknown");
    expect(meanings[0]).toMatch(/too long/u);
    expect(written / verdict.evidence.length).toBeLessThan(16 * 1024 * 1024);
  });

  it("still finds the key live in the next region", async () => {
    const { verdict } = await verifyOne(key("payg-legacy"), (seen, response) =>
      seen.host === beijing ? json(response, 500, {}) : json(response, 200, modelList),
    );
    expect(verdict.status).toBe("live");
  });

  it("makes the key unknown, never dead, when one region of all fails to answer", async () => {
    const { verdict } = await verifyOne(key("payg-legacy"), (seen, response) =>
      seen.host === "dashscope-us.aliyuncs.com"
        ? json(response, 502, {})
        : json(response, 401, refusal),
    );
    expect(verdict.status).toBe("unknown");
  });
});

describe("a stranger in the way", () => {
  const stranger = freshAuthority();
  const yesterday = { from: new Date(Date.now() - 2e8), to: new Date(Date.now() - 1e8) };

  it.each([
    ["issued by nobody we trust", stranger.issue(vendorHosts)],
    ["for another name", vendorAuthority.issue(["evil.example"])],
    ["expired", vendorAuthority.issue(vendorHosts, yesterday)],
  ])("with a certificate %s never sees the key", async (_name, certificate) => {
    const { verdict, vendor, meanings } = await verifyOne(
      key("payg-legacy"),
      (_seen, response) => json(response, 200, modelList),
      { vendor: { certificate } },
    );
    expect(verdict.status).toBe("unknown");
    expect(meanings[0]).toBe("The host's certificate is not trusted, so the key was not sent.");
    expect(vendor.requests).toEqual([]);
  });

  it("is not trusted because the process was told to trust everybody", async () => {
    const before = process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    try {
      const { vendor } = await verifyOne(key("payg-legacy"), refuse, {
        vendor: { certificate: stranger.issue(vendorHosts) },
      });
      expect(vendor.requests).toEqual([]);
    } finally {
      if (before === undefined) delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
      else process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = before;
    }
  });

  it("such as a proxy that refuses or hangs leaves the key unknown", async () => {
    const { verdict, meanings } = await verifyOne(key("payg-legacy"), refuse, {
      vendor: { admit: (host) => (host.startsWith("dashscope-") ? null : false) },
      changes: { requestMilliseconds: 300 },
    });
    expect(verdict.status).toBe("unknown");
    expect(meanings).toContain("The proxy refused the connection.");
    expect(meanings).toContain("No answer in time.");
  });
});

describe("too many requests", () => {
  it("waits as long as it was told and asks again", async () => {
    const clock = fastClock();
    const { verdict, vendor } = await verifyOne(
      key("payg-legacy"),
      (_seen, response, count) =>
        count === 1
          ? json(response, 429, { error: { code: "limit_requests" } }, { "retry-after": "7" })
          : json(response, 200, modelList),
      { changes: { clock } },
    );
    expect(verdict.status).toBe("live");
    expect(vendor.requests).toHaveLength(2);
    expect(clock.slept.reduce((sum, milliseconds) => sum + milliseconds, 0)).toBeGreaterThan(6900);
  });

  it("waits longer each time when it is not told how long, and then gives up", async () => {
    const clock = fastClock();
    const { verdict, vendor } = await verifyOne(
      key("payg-legacy"),
      (_seen, response) => json(response, 429, { error: { code: "Throttling.RateQuota" } }),
      { changes: { clock } },
    );
    expect(verdict).toMatchObject({
      status: "unknown",
      evidence: [{ status: 429, code: "Throttling.RateQuota" }],
    });
    expect(vendor.requests).toHaveLength(4);
    expect(clock.slept.map((milliseconds) => Math.round(milliseconds / 1000))).toEqual([1, 2, 4]);
  });

  it("does not wait for longer than there is time", async () => {
    const clock = fastClock();
    const { verdict } = await verifyOne(
      key("payg-legacy"),
      (_seen, response) => json(response, 429, "", { "retry-after": "3600" }),
      { changes: { clock, budgetMilliseconds: 5000 } },
    );
    expect(verdict.status).toBe("unknown");
    expect(clock.slept).toEqual([]);
  });
});

describe("who is asked", () => {
  it("first is the host whose URL stands near the key", async () => {
    const finding = key("payg-legacy", { hints: { hosts: [singapore] } });
    const { vendor } = await verifyOne(finding, liveAt(singapore));
    expect(vendor.requests.map(({ host }) => host)).toEqual([singapore]);
  });

  it("is no host that only stands near the key", async () => {
    const hosts = ["evil.example", `${beijing}.evil.example`, "api.deepseek.com"];
    const hints = { hosts, workspaces: [{ id: "ws-a.evil.example/", region: "eu-central-1" }] };
    const { vendor } = await verifyOne(key("payg-legacy", { hints }), refuse);
    expect(vendor.tunnels.filter((host) => !/(?:aliyuncs|api)\.com:443$/u.test(host))).toEqual([]);
    expect(vendor.tunnels).toHaveLength(6);
  });

  it("is also a host that the user named, and then it counts", async () => {
    const certificate = vendorAuthority.issue([...vendorHosts, "gateway.example"]);
    const { verdict, vendor } = await verifyOne(key("payg-legacy"), liveAt("gateway.example"), {
      vendor: { certificate },
      changes: {
        endpoints: [{ url: "https://gateway.example/api/v1", from: "DASHSCOPE_HTTP_BASE_URL" }],
      },
    });
    expect(verdict.status).toBe("live");
    expect(vendor.requests[0]).toMatchObject({
      host: "gateway.example",
      url: "/compatible-mode/v1/models",
    });
  });

  it("begins with the region of the user's own base URL", async () => {
    const { vendor } = await verifyOne(key("payg-legacy"), liveAt("dashscope-us.aliyuncs.com"), {
      changes: {
        endpoints: [{ url: "https://dashscope-us.aliyuncs.com/api/v1", from: "--endpoint" }],
      },
    });
    expect(vendor.requests).toHaveLength(1);
  });

  it.each([
    ["http://dashscope.aliyuncs.com/api/v1", /not an https URL/u],
    ["dashscope.aliyuncs.com", /not an https URL/u],
    ["https://user:word@gateway.example/v1", /more than a host and a path/u],
    ["https://gateway.example/v1?key=1", /more than a host and a path/u],
    ["https://coding.dashscope.aliyuncs.com/v1", /Coding Plan host/u],
  ])("is never %s", async (url, message) => {
    const options = { toolVersion: "1", endpoints: [{ url, from: "--endpoint" }] };
    await expect(verifyFindings([], options)).rejects.toThrow(message);
  });

  it.each([
    [{ region: "mars", id: "ws-1234" }, /region that is not known/u],
    [{ region: "eu-central-1", id: "evil.example/" }, /is none/u],
  ])("needs a proper workspace: %j", async (workspace, message) => {
    const options = { toolVersion: "1", workspaces: [workspace] };
    await expect(verifyFindings([], options)).rejects.toThrow(message);
  });

  it("is nobody when the key is another provider's, ambiguous or a part of one", async () => {
    const vendor = await startVendor(refuse);
    const keys = [
      key("payg-legacy", { provider: "other" }),
      key("payg-legacy", { provider: "ambiguous" }),
      key("payg-compact", { kind: "partial" }),
    ];
    const { verdicts, notices } = await verifyFindings(keys, optionsFor(vendor));
    expect([...verdicts.values()].map(({ status }) => status)).toEqual(keys.map(() => "unchecked"));
    expect(vendor.tunnels).toEqual([]);
    expect(notices.map(({ message }) => message).join()).toMatch(/1 key was not sent anywhere/u);
  });

  it("gets an ambiguous key only when told to, and refusals do not make it dead", async () => {
    const finding = key("payg-legacy", { provider: "ambiguous" });
    const { verdict, meanings } = await verifyOne(finding, refuse, {
      changes: { verifyAmbiguous: true },
    });
    expect(verdict.status).toBe("unknown");
    expect(meanings[0]).toMatch(/Another provider may still know it/u);
  });

  it("gets the tool's name, the key in one header, and no cookie", async () => {
    const finding = key("payg-legacy");
    const { vendor } = await verifyOne(finding, (_seen, response) =>
      json(response, 401, refusal, { "set-cookie": "track=1" }),
    );
    for (const { headers, url, authorization } of vendor.requests) {
      expect(authorization).toBe(`Bearer ${finding.secret.reveal()}`);
      expect(headers["user-agent"]).toBe("dashleaks/1.2.3");
      expect(headers.cookie).toBeUndefined();
      expect(url).toBe("/compatible-mode/v1/models");
    }
  });

  it("goes past the proxy where NO_PROXY says so", async () => {
    const vendor = await startVendor((seen, response) => liveAt(vendor.direct)(seen, response, 0));
    const finding = key("payg-legacy");
    const { verdicts } = await verifyFindings(
      [finding],
      optionsFor(vendor, {
        environment: { https_proxy: vendor.proxy, no_proxy: "localhost" },
        endpoints: [{ url: `https://${vendor.direct}/`, from: "--endpoint" }],
      }),
    );
    expect(verdicts.get(finding.fingerprint)?.status).toBe("live");
    expect(vendor.tunnels).toEqual([]);
  });

  it("is nobody when the proxy's address is none", async () => {
    const options = { toolVersion: "1", environment: { HTTPS_PROXY: "socks5://127.0.0.1:1" } };
    await expect(verifyFindings([key("payg-legacy")], options)).rejects.toThrow(/HTTPS_PROXY/u);
  });
});

describe("many keys", () => {
  it("of 200 each get a verdict, asked no more than so many at once and once per host", async () => {
    const vendor = await startVendor((seen, response) => {
      setTimeout(() => refuse(seen, response, 0), 5);
    });
    const keys = Array.from({ length: 200 }, () => key("payg-legacy"));
    const progress: number[] = [];
    const { verdicts } = await verifyFindings(
      keys,
      optionsFor(vendor, { requestsPerHost: 3, onProgress: ({ done }) => progress.push(done) }),
    );
    expect(keys.map(({ fingerprint }) => verdicts.get(fingerprint)?.status)).toEqual(
      keys.map(() => "dead"),
    );
    expect(vendor.mostAtOnce()).toBeLessThanOrEqual(3);
    const asked = vendor.requests.map(({ host, authorization }) => `${host} ${authorization}`);
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked).toHaveLength(200 * 6);
    expect(progress).toEqual(keys.map((_, at) => at + 1));
  });

  it("are not all kept waiting by a host that never answers", async () => {
    const vendor = await startVendor((seen, response) => {
      if (seen.host !== beijing) refuse(seen, response, 0);
    });
    const keys = Array.from({ length: 40 }, () => key("payg-legacy"));
    const { verdicts } = await verifyFindings(
      keys,
      optionsFor(vendor, { requestMilliseconds: 200 }),
    );
    expect([...verdicts.values()].every(({ status }) => status === "unknown")).toBe(true);
    expect(vendor.requests.filter(({ host }) => host === beijing).length).toBeLessThan(10);
  });

  it("stop at once when interrupted, and keep what is known", async () => {
    const vendor = await startVendor((seen, response) => {
      if (seen.host === beijing) json(response, 200, modelList);
    });
    const interrupt = new AbortController();
    const quick = key("payg-legacy");
    const hanging = key("payg-legacy", { hints: { hosts: [singapore] } });
    const running = verifyFindings(
      [quick, hanging, key("token-plan-v2")],
      optionsFor(vendor, {
        signal: interrupt.signal,
        requestMilliseconds: 60_000,
        onProgress: () => setTimeout(() => interrupt.abort(), 50),
      }),
    );
    const { verdicts, notices } = await running;
    expect(verdicts.get(quick.fingerprint)?.status).toBe("live");
    expect(verdicts.get(hanging.fingerprint)?.status).toBe("unknown");
    expect(verdicts.get(hanging.fingerprint)?.evidence.at(-1)?.meaning).toBe(
      "Not asked: interrupted.",
    );
    expect(notices).toMatchObject([{ code: "verification", incomplete: true }]);
  });

  it("end with the total time, and what was not asked is unknown and says so", async () => {
    const finding = key("payg-legacy");
    const started = Date.now();
    const { verdict, notices } = await verifyOne(finding, () => undefined, {
      changes: { budgetMilliseconds: 300, requestMilliseconds: 60_000 },
    });
    expect(Date.now() - started).toBeLessThan(5000);
    expect(verdict.status).toBe("unknown");
    expect(verdict.evidence).toHaveLength(6);
    expect(notices[0]?.message).toMatch(/the time for verification ran out/u);
  });
});

describe("NODE_EXTRA_CA_CERTS", () => {
  it("is honoured, as companies with their own authority need", async () => {
    const vendor = await startVendor(liveAt(beijing));
    const file = join(temporaryFolder(), "authority.pem");
    writeFileSync(file, vendor.authority);
    const built = new URL("../dist/", import.meta.url);
    const script = `
      import { verifyFindings } from "${new URL("verify/verify.js", built).href}";
      import { Secret } from "${new URL("model/index.js", built).href}";
      const secret = new Secret(process.env.TEST_KEY);
      const { verdicts } = await verifyFindings(
        [{ fingerprint: "f", secret, kind: "payg-legacy", provider: "dashscope",
           hints: { hosts: [], workspaces: [], variable: null, usedAsName: false } }],
        { toolVersion: "1", environment: process.env },
      );
      process.stdout.write(verdicts.get("f").status);`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "-e", script],
      {
        env: {
          PATH: process.env["PATH"],
          NODE_EXTRA_CA_CERTS: file,
          HTTPS_PROXY: vendor.proxy,
          TEST_KEY: mint("payg-legacy"),
        },
      },
    );
    expect(stdout).toBe("live");
  });
});

// What a network can do to a question: no answer, half an answer, a stranger's answer.
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { freshAuthority } from "./support/certificates.js";
import { mint } from "./support/mint.js";
import { temporaryFolder } from "./support/repository.js";
import {
  json,
  modelList,
  refusal,
  startVendor,
  vendorAuthority,
  vendorHosts,
  type Answering,
} from "./support/vendor.js";
import { beijing, key, liveAt, refuse, verifyOne } from "./support/verifying.js";

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

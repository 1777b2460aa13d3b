// Who gets to see a key, and who never does.
import { describe, expect, it } from "vitest";
import { verifyFindings } from "../src/verify/verify.js";
import { json, refusal, startVendor, vendorAuthority, vendorHosts } from "./support/vendor.js";
import {
  beijing,
  key,
  liveAt,
  optionsFor,
  refuse,
  singapore,
  verifyOne,
} from "./support/verifying.js";

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

  it("is not stopped by a variable of the SDK that names something else", async () => {
    const { verdict, notices } = await verifyOne(key("payg-legacy"), liveAt(beijing), {
      changes: {
        endpoints: [
          { url: "http://localhost:8080", from: "DASHSCOPE_HTTP_BASE_URL", optional: true },
        ],
      },
    });
    expect(verdict.status).toBe("live");
    expect(notices).toMatchObject([{ code: "configuration-ignored", incomplete: false }]);
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

// Live, restricted, dead or unknown, asked of a real HTTPS server under the vendor's real host names
// (a double of the vendor on loopback, behind a CONNECT proxy).
import { describe, expect, it } from "vitest";
import { json, modelList } from "./support/vendor.js";
import {
  beijing,
  bothWorkspaces,
  fastClock,
  key,
  liveAt,
  refuse,
  singapore,
  verifyOne,
} from "./support/verifying.js";

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
    expect(verdict).toMatchObject({
      status: "unknown",
      evidence: [{ status: 429 }, {}, {}, {}, {}, {}],
    });
    expect(clock.slept).toEqual([]);
  });
});

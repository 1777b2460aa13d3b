// What each documented answer means, and that nothing else is taken for one.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  readResponse,
  retryAfterMilliseconds,
  type Answer,
  type Meaning,
} from "../src/verify/read-response.js";
import { modelList, refusal } from "./support/vendor.js";

function read(status: number, body: unknown, changes: Partial<Answer> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return readResponse({
    probe: "models",
    status,
    headers: { "content-type": "application/json" },
    body: new TextEncoder().encode(text),
    whole: true,
    ...changes,
  });
}

/** The documented shape with code and type alike. */
function fault(code: string) {
  return { error: { message: "…", type: code, code }, request_id: "x" };
}

describe("an answer of the API", () => {
  const table: readonly (readonly [string, number, unknown, Meaning])[] = [
    ["a model list", 200, modelList, "live"],
    ["an empty model list", 200, { object: "list", data: [] }, "live"],
    ["a refusal of the compatible interface", 401, refusal, "refused"],
    [
      "a refusal with an id",
      401,
      {
        error: {
          message: "Invalid API-key provided. For details see the page.",
          id: "x",
          type: "invalid_request_error",
          code: "invalid_api_key",
        },
      },
      "refused",
    ],
    [
      "a refusal of the native interface",
      401,
      { code: "InvalidApiKey", message: "Invalid API-key provided.", request_id: "x" },
      "refused",
    ],
    [
      "a refusal of the Coding Plan",
      401,
      { error: { message: "invalid access token or token expired" } },
      "refused",
    ],
    ["a refusal as bare text", 401, { error: "Invalid API-key provided." }, "refused"],
    ["not authorized", 401, { code: "NOT AUTHORIZED", message: "" }, "unknown"],
    ["not authorized, as message", 401, { error: { message: "NOT AUTHORIZED" } }, "unknown"],
    ["arrears", 400, fault("Arrearage"), "restricted"],
    ["nothing bought", 429, fault("CommodityNotPurchased"), "restricted"],
    ["a prepaid bill overdue", 429, fault("PrepaidBillOverdue"), "restricted"],
    ["a postpaid bill overdue", 429, fault("PostpaidBillOverdue"), "restricted"],
    ["a budget used up", 429, fault("BudgetLimitExceeded"), "restricted"],
    ["access denied", 403, fault("AccessDenied"), "restricted"],
    ["access denied in lower case", 403, fault("access_denied"), "restricted"],
    ["not purchased", 403, fault("AccessDenied.Unpurchased"), "restricted"],
    ["a model denied", 403, fault("Model.AccessDenied"), "restricted"],
    ["an app denied", 403, fault("App.AccessDenied"), "restricted"],
    ["a workspace denied", 403, fault("Workspace.AccessDenied"), "restricted"],
    ["an endpoint denied", 403, fault("Endpoint.AccessDenied"), "restricted"],
    ["the free quota used up", 403, fault("AllocationQuota.FreeTierOnly"), "restricted"],
    ["throttling", 429, fault("Throttling"), "throttled"],
    ["a rate limit", 429, fault("Throttling.RateQuota"), "throttled"],
    ["a burst limit", 429, fault("limit_burst_rate"), "throttled"],
    ["a request limit", 429, fault("limit_requests"), "throttled"],
    ["a quota", 429, fault("insufficient_quota"), "throttled"],
    ["429 with an unknown body", 429, "slow down", "throttled"],
    [
      "the Coding Agents text",
      405,
      { error: "Coding Plan is currently only available for Coding Agents" },
      "probably-live",
    ],
    ["no such path", 404, { error: { message: "Not Found" } }, "no-model-list"],
    ["a server's failure", 500, fault("InternalError"), "unknown"],
    ["a bad gateway", 502, "", "unknown"],
    ["a redirect", 302, "", "unknown"],
    ["JSON that is no list", 200, { ok: true }, "unknown"],
    ["a list of something else", 200, { data: [1, 2] }, "unknown"],
    ["401 without a body", 401, "", "unknown"],
    ["401 of somebody else", 401, { error: { message: "Login required" } }, "unknown"],
    ["403 of somebody else", 403, { message: "forbidden by policy" }, "unknown"],
    ["no JSON", 200, "welcome", "unknown"],
    ["a code under another status", 400, refusal, "unknown"],
  ];

  it.each(table)("reads %s", (_name, status, body, meaning) => {
    expect(read(status, body).meaning).toBe(meaning);
  });

  it("believes no body that is a web page, whatever the page says", () => {
    const headers = { "content-type": "text/html; charset=utf-8" };
    expect(read(200, modelList, { headers }).meaning).toBe("unknown");
    expect(read(401, refusal, { headers }).meaning).toBe("unknown");
  });

  it("believes no body that broke off or was cut", () => {
    expect(read(200, modelList, { whole: false }).meaning).toBe("unknown");
    expect(read(401, refusal, { whole: false }).meaning).toBe("unknown");
    expect(read(200, JSON.stringify(modelList).slice(0, -2)).meaning).toBe("unknown");
  });

  it("takes a missing model for a live key only when it asked for one that cannot exist", () => {
    const missing = fault("model_not_found");
    expect(read(404, missing, { probe: "impossible-model" }).meaning).toBe("live");
    expect(read(404, missing).meaning).toBe("no-model-list");
    expect(read(404, { error: {} }, { probe: "impossible-model" }).meaning).toBe("unknown");
  });

  it("names the documented code as the vendor spells it", () => {
    expect(read(403, fault("model_access_denied")).code).toBe("Model.AccessDenied");
    expect(read(401, refusal).code).toBe("invalid_api_key");
  });

  it("never repeats what a server wrote, and never throws", () => {
    const marker = "c0ffee";
    const anything = fc.oneof(
      fc.json(),
      fc.string(),
      fc.record({ error: fc.record({ code: fc.constant(marker), message: fc.constant(marker) }) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), anything, (status, body) => {
        const reading = read(status, body, {
          headers: { "content-type": marker, "retry-after": marker },
        });
        expect(JSON.stringify(reading)).not.toContain(marker);
        expect(["live", "restricted"].includes(reading.meaning) && status === 500).toBe(false);
      }),
    );
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");

  it.each([
    ["3", 3000],
    ["0", 0],
    ["Thu, 01 Jan 2026 00:00:05 GMT", 5000],
    ["Thu, 01 Jan 2020 00:00:00 GMT", 0],
    ["soon", null],
    ["-1e9x", null],
  ])("of %s", (value, milliseconds) => {
    expect(retryAfterMilliseconds({ "retry-after": value }, now)).toBe(milliseconds);
  });

  it("may be missing", () => {
    expect(retryAfterMilliseconds({}, now)).toBeNull();
  });
});

// Two hundred keys: manners towards the hosts, memory, interruption and the time budget.
import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { verifyFindings } from "../src/verify/verify.js";
import { json, modelList, refusal, startVendor } from "./support/vendor.js";
import { beijing, key, optionsFor, refuse, singapore, verifyOne } from "./support/verifying.js";

describe("many keys", () => {
  it("of 200 each get a verdict, asked no more than so many at once and once per host", async () => {
    const vendor = await startVendor((seen, response) => {
      globalThis.setTimeout(() => refuse(seen, response, 0), 5);
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

  it("take no more memory the longer it goes on", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const held: number[] = [];
    const padding = " ".repeat(16 * 1024);
    const vendor = await startVendor(async (_seen, response) => {
      if (vendor.requests.length === 200 || vendor.requests.length === 600) {
        for (let round = 0; round < 3; round += 1) {
          collect();
          await setTimeout(20);
        }
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        held.push(heapUsed + arrayBuffers);
      }
      response.writeHead(401, { "content-type": "application/json" });
      response.end(JSON.stringify(refusal) + padding);
    });
    const keys = Array.from({ length: 200 }, () => key("token-plan-v2"));
    await verifyFindings(keys, optionsFor(vendor));
    const [early = 0, late = 0] = held;
    expect(held).toHaveLength(2);
    // Keeping the 400 bodies in between would take 6 MiB.
    expect(late - early).toBeLessThan(3 * 1024 * 1024);
  });

  it("are not all kept waiting by a host that never answers", async () => {
    const vendor = await startVendor((seen, response) => {
      if (seen.host !== beijing) json(response, 401, refusal);
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
        onProgress: () => globalThis.setTimeout(() => interrupt.abort(), 50),
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

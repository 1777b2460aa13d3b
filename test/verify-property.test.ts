// Whatever a server answers: no key in any output, no host outside the list, and no key called dead
// that somebody did not clearly refuse.
import { inspect } from "node:util";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Secret } from "../src/model/index.js";
import { verifyFindings } from "../src/verify/verify.js";
import { mint } from "./support/mint.js";
import { modelList, refusal, startVendor } from "./support/vendor.js";

const hosts = [
  "dashscope.aliyuncs.com",
  "dashscope-intl.aliyuncs.com",
  "dashscope-us.aliyuncs.com",
  "cn-hongkong.dashscope.aliyuncs.com",
  "maas.qwencloudapi.com",
  "maas.qianwenaiapi.com",
] as const;

/** `KEY` in a body or header is replaced by the key that was sent: a server that echoes. */
const echoes = ["KEY", "Bearer KEY", '{"error":{"code":"KEY","message":"KEY","type":"KEY"}}'];

const bodies = fc.oneof(
  fc.constantFrom(...echoes, JSON.stringify(modelList), JSON.stringify(refusal), "", "<html>KEY"),
  fc.json(),
  fc.constant('{"object":"list","data":[{"id":"KEY"}]}'),
  fc.constant('{"code":"InvalidApiKey","message":"Invalid API-key provided: KEY"}'),
);

interface DrawnAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly location: string;
  readonly breaksOff: boolean;
}

const answers: fc.Arbitrary<DrawnAnswer> = fc.record({
  status: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(200, 401) },
    { weight: 2, arbitrary: fc.constantFrom(301, 302, 307, 308, 400, 403, 404, 405, 500, 503) },
    { weight: 1, arbitrary: fc.integer({ min: 200, max: 599 }) },
  ),
  type: fc.constantFrom("application/json", "text/html", "text/plain", ""),
  body: bodies,
  location: fc.constantFrom("https://evil.example/KEY", "http://dashscope.aliyuncs.com/", "/x"),
  breaksOff: fc.boolean(),
});

describe("whatever a server answers", () => {
  it("shows no key, contacts no other host and calls no key dead without every refusal", async () => {
    let plan: readonly DrawnAnswer[] = [];
    const vendor = await startVendor((seen, response) => {
      const answer = plan[hosts.findIndex((host) => host === seen.host)];
      const key = seen.authorization?.replace("Bearer ", "") ?? "";
      if (!answer) {
        response.socket?.destroy();
        return;
      }
      const body = answer.body.replaceAll("KEY", key);
      response.writeHead(answer.status, {
        "content-type": answer.type,
        location: answer.location.replaceAll("KEY", key),
        "x-echo": key,
        "retry-after": "0",
        "content-length": Buffer.byteLength(body) + (answer.breaksOff ? 10 : 0),
      });
      response.write(body);
      if (answer.breaksOff) response.socket?.end();
      else response.end();
    });
    await fc.assert(
      fc.asyncProperty(fc.tuple(...hosts.map(() => answers)), async (drawn) => {
        plan = drawn;
        const key = mint("payg-legacy");
        const secret = new Secret(key);
        const verification = await verifyFindings(
          [
            {
              fingerprint: "sha256:0",
              secret,
              kind: "payg-legacy",
              provider: "dashscope",
              hints: { hosts: ["evil.example"], workspaces: [], variable: null, usedAsName: false },
            },
          ],
          {
            toolVersion: "1",
            environment: { HTTPS_PROXY: vendor.proxy },
            certificateAuthority: vendor.authority,
          },
        );
        const shown =
          JSON.stringify([...verification.verdicts]) + inspect(verification, { depth: 9 });
        expect(shown).not.toContain(key.slice(3, 15));
        expect(shown).not.toContain(key.slice(-12));
        const allowed = new Set(hosts.map((host) => `${host}:443`));
        expect(vendor.tunnels.filter((host) => !allowed.has(host))).toEqual([]);
        const dead = verification.verdicts.get("sha256:0")?.status === "dead";
        const refused = drawn.every(
          ({ status, body, type, breaksOff }) =>
            status === 401 &&
            type !== "text/html" &&
            !breaksOff &&
            /invalid_?api_?key/iu.test(body),
        );
        expect(dead).toBe(refused);
      }),
      { numRuns: 60 },
    );
  });
});

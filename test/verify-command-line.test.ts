// Verification as people meet it: the real program, the vendor's real host names, a proxy and an
// authority from the environment. What each answer means is shown in verify-read-response.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compareText } from "../src/model/index.js";
import { describe, expect, it } from "vitest";
import { folderOf, leadingTo, runWithKeys, showsNone } from "./support/asking.js";
import { freshAuthority } from "./support/certificates.js";
import type { PublishedJson, Ran } from "./support/dashleaks.js";
import { mint } from "./support/mint.js";
import { freshRepository } from "./support/repository.js";
import { json, modelList, startVendor, vendorHosts, type Answering } from "./support/vendor.js";
import { beijing, liveAt, refuse, singapore } from "./support/verifying.js";

const assignment = (key: string): string => `DASHSCOPE_API_KEY=${key}\n`;
const legacyHosts = [
  beijing,
  singapore,
  "dashscope-us.aliyuncs.com",
  "cn-hongkong.dashscope.aliyuncs.com",
  "maas.qwencloudapi.com",
  "maas.qianwenaiapi.com",
];

function reportOf({ stdout, stderr }: Ran): PublishedJson {
  if (stdout === "") throw new Error(`no report; standard error: ${stderr}`);
  return JSON.parse(stdout) as PublishedJson;
}

/** A key of the report by its last characters. */
function keyIn(report: PublishedJson, key: string): PublishedJson["keys"][number] {
  const found = report.keys.find(({ masked }) => masked.endsWith(key.slice(-4)));
  if (!found) throw new Error("the key is not in the report");
  return found;
}

describe("scan --verify", () => {
  it("tells live, restricted, dead and unknown keys apart, and sends nobody else's", async () => {
    const [live, restricted, dead, portal] = [1, 2, 3, 4].map(() => mint("payg-legacy"));
    const [others, nobodys] = [mint("payg-legacy"), mint("payg-legacy")];
    const plan = mint("coding-plan");
    const answers = new Map<string, Answering>([
      [live ?? "", liveAt(singapore)],
      [
        restricted ?? "",
        (_seen, response) => json(response, 400, { error: { code: "Arrearage", message: "…" } }),
      ],
      [dead ?? "", refuse],
      [
        portal ?? "",
        (_seen, response) => {
          response.writeHead(200, { "content-type": "text/html" });
          response.end("<html>Sign in</html>");
        },
      ],
    ]);
    const keys = [...answers.keys(), others, nobodys, plan];
    const vendor = await startVendor((seen, response, count) => {
      const key = seen.authorization?.replace("Bearer ", "") ?? "";
      void (answers.get(key) ?? refuse)(seen, response, count);
    });
    const cwd = folderOf({
      "live.env": assignment(live ?? ""),
      "restricted.env": assignment(restricted ?? ""),
      "dead.env": assignment(dead ?? ""),
      "portal.env": assignment(portal ?? ""),
      "other.env": `DEEPSEEK_API_KEY=${others}\n`,
      "nobody.txt": `${nobodys}\n`,
      "plan.env": assignment(plan),
    });
    const formats = ["text", "jsonl", "sarif", "gitlab", "github", "junit", "csv", "markdown"];
    const files = [...formats, "html"].map((format) => join(cwd, `report-${format}`));
    const ran = await runWithKeys(
      [
        "scan",
        "--verify",
        ".",
        ...["json", ...formats, "html"].flatMap((format) => ["--format", format]),
        ...[join(cwd, "report.json"), ...files].flatMap((file) => ["--output", file]),
      ],
      keys,
      { cwd, environment: leadingTo(vendor) },
    );
    expect(ran.status).toBe(1);
    for (const file of files) showsNone(keys, readFileSync(file, "utf8"));
    const text = readFileSync(join(cwd, "report.json"), "utf8");
    showsNone(keys, text);
    const report = JSON.parse(text) as PublishedJson;
    const verdicts = Object.entries({ live, restricted, dead, portal, others, nobodys, plan }).map(
      ([name, key]) => {
        const { liveness, action } = keyIn(report, key ?? "");
        return [name, liveness.status, action];
      },
    );
    expect(verdicts).toEqual([
      ["live", "live", "reset-now"],
      ["restricted", "restricted", "reset-now"],
      ["dead", "dead", "none"],
      ["portal", "unknown", "remove"],
      ["others", "unchecked", "none"],
      ["nobodys", "unchecked", "review"],
      ["plan", "unknown", "remove"],
    ]);
    const { evidence } = keyIn(report, dead ?? "").liveness;
    expect(evidence.map(({ host, status }) => [host, status])).toEqual(
      legacyHosts.map((host) => [host, 401]),
    );
    const sent = new Set(vendor.requests.map(({ authorization }) => authorization));
    expect(sent).toEqual(new Set([...answers.keys()].map((key) => `Bearer ${key}`)));
    expect(vendor.tunnels.filter((host) => !legacyHosts.includes(host.slice(0, -4)))).toEqual([]);
  });

  it("sends nothing anywhere without --verify", async () => {
    const key = mint("payg-legacy");
    const vendor = await startVendor(refuse);
    const cwd = folderOf({ ".env": assignment(key) });
    await runWithKeys(["scan", "."], [key], { cwd, environment: leadingTo(vendor) });
    expect(vendor.tunnels).toEqual([]);
  });

  it("asks about a key of nobody's only when told to", async () => {
    const key = mint("payg-legacy");
    const vendor = await startVendor(liveAt(beijing));
    const cwd = folderOf({ "note.txt": `${key}\n` });
    const environment = leadingTo(vendor);
    const args = ["scan", ".", "--verify", "--verify-ambiguous", "--format", "json"];
    const ran = await runWithKeys(args, [key], { cwd, environment });
    expect(ran.status).toBe(1);
    expect(reportOf(ran).keys).toMatchObject([
      { liveness: { status: "live" }, action: "reset-now" },
    ]);
  });

  it.each<[string, Answering, RegExp]>([
    [
      "told to wait for longer than there is time",
      (_seen, response) =>
        json(response, 429, { error: { code: "limit_requests" } }, { "retry-after": "3600" }),
      /Throttled/u,
    ],
    [
      "led elsewhere",
      (_seen, response) => {
        response.writeHead(307, { location: "https://evil.example/compatible-mode/v1/models" });
        response.end();
      },
      /redirect/u,
    ],
  ])("says that it does not know when it is %s", async (_name, answer, meaning) => {
    const key = mint("payg-legacy");
    const vendor = await startVendor(answer);
    const cwd = folderOf({ ".env": assignment(key) });
    const args = ["scan", ".", "--verify", "--format", "json"];
    const ran = await runWithKeys(args, [key], { cwd, environment: leadingTo(vendor) });
    const { liveness } = keyIn(reportOf(ran), key);
    expect(liveness.status).toBe("unknown");
    expect(liveness.evidence[0]?.meaning).toMatch(meaning);
    expect(vendor.tunnels.filter((host) => host.includes("evil"))).toEqual([]);
  });

  it("ends with --verify-timeout, and says so", async () => {
    const key = mint("payg-legacy");
    const vendor = await startVendor(() => undefined);
    const cwd = folderOf({ ".env": assignment(key) });
    const started = Date.now();
    const args = ["scan", ".", "--verify", "--verify-timeout", "0.3", "--format", "json"];
    const ran = await runWithKeys(args, [key], { cwd, environment: leadingTo(vendor) });
    expect(Date.now() - started).toBeLessThan(8000);
    const report = reportOf(ran);
    expect(keyIn(report, key).liveness.status).toBe("unknown");
    expect(report.complete).toBe(false);
    expect(report.notices).toMatchObject([{ code: "verification", incomplete: true }]);
  });

  it("never shows a key to a host with a stranger's certificate", async () => {
    const key = mint("payg-legacy");
    const vendor = await startVendor((_seen, response) => json(response, 200, modelList), {
      certificate: freshAuthority().issue(vendorHosts),
    });
    const cwd = folderOf({ ".env": assignment(key) });
    const args = ["scan", ".", "--verify", "--format", "json"];
    const ran = await runWithKeys(args, [key], { cwd, environment: leadingTo(vendor) });
    const { liveness } = keyIn(reportOf(ran), key);
    expect(liveness.status).toBe("unknown");
    expect(liveness.evidence[0]?.meaning).toMatch(/certificate is not trusted/u);
    expect(vendor.requests).toEqual([]);
  });

  it("goes past the proxy where NO_PROXY says so", async () => {
    const key = mint("payg-legacy");
    const vendor = await startVendor((_seen, response) => json(response, 200, modelList));
    const cwd = folderOf({ ".env": assignment(key) });
    const environment = { ...leadingTo(vendor), NO_PROXY: "localhost" };
    const endpoint = `https://${vendor.direct}/compatible-mode/v1`;
    const args = ["scan", ".", "--verify", "--endpoint", endpoint, "--format", "json"];
    const ran = await runWithKeys(args, [key], { cwd, environment });
    expect(keyIn(reportOf(ran), key).liveness.status).toBe("live");
    expect(vendor.tunnels).toEqual([]);
  });

  it("is not stopped by a DASHSCOPE_HTTP_BASE_URL that cannot be asked, and says so", async () => {
    const key = mint("payg-legacy");
    const vendor = await startVendor(liveAt(beijing));
    const cwd = folderOf({ ".env": assignment(key) });
    const environment = {
      ...leadingTo(vendor),
      DASHSCOPE_HTTP_BASE_URL: "http://localhost:8080/api/v1",
    };
    const args = ["scan", ".", "--verify", "--format", "json"];
    const report = reportOf(await runWithKeys(args, [key], { cwd, environment }));
    expect(keyIn(report, key).liveness.status).toBe("live");
    expect(report.complete).toBe(true);
    expect(report.notices).toMatchObject([{ code: "configuration-ignored", incomplete: false }]);
  });

  it("lets no comment and no baseline silence a key that works", async () => {
    const [allowed, known] = [mint("payg-legacy"), mint("payg-legacy")];
    const vendor = await startVendor(liveAt(beijing));
    const repository = freshRepository();
    repository.commit({
      "allowed.env": `DASHSCOPE_API_KEY=${allowed} # dashleaks:allow only a test\n`,
      "known.env": assignment(known),
    });
    const cwd = repository.path;
    const baseline = ["baseline", "create", "--reason", "old"];
    const made = await runWithKeys(baseline, [allowed, known], { cwd });
    expect(made.status).toBe(0);
    const before = reportOf(await runWithKeys(["--format", "json"], [allowed, known], { cwd }));
    expect(before.keys.map(({ suppressed }) => suppressed?.by ?? "").sort(compareText)).toEqual([
      "baseline",
      "inline",
    ]);
    const text = await runWithKeys(["scan", "--verify"], [allowed, known], {
      cwd,
      environment: leadingTo(vendor),
    });
    expect(text.status).toBe(1);
    expect(text.stdout).not.toMatch(/let pass/u);
    expect(text.stdout.match(/^RESET NOW/gmu)).toHaveLength(2);
  });
});

describe("dashleaks verify", () => {
  it("asks about keys on standard input", async () => {
    const key = mint("payg-compact");
    const vendor = await startVendor(liveAt(beijing));
    const ran = await runWithKeys(["verify", "--format", "json"], [key], {
      cwd: folderOf({}),
      input: `${key}\n`,
      environment: leadingTo(vendor),
    });
    expect(ran.status).toBe(1);
    expect(reportOf(ran).keys).toMatchObject([{ liveness: { status: "live" } }]);
  });

  it("asks about a bare legacy key on standard input, for who gives it there says whose it is", async () => {
    const key = mint("payg-legacy");
    const vendor = await startVendor(refuse);
    const ran = await runWithKeys(["verify", "--format", "json"], [key], {
      cwd: folderOf({}),
      input: `${key}\n`,
      environment: leadingTo(vendor),
    });
    expect(vendor.requests.length).toBeGreaterThan(0);
    expect(reportOf(ran).keys).toHaveLength(1);
  });

  it("asks about the key in a variable that is named", async () => {
    const key = mint("payg-legacy");
    const vendor = await startVendor(refuse);
    const ran = await runWithKeys(
      ["verify", "--env", "DASHSCOPE_API_KEY", "--format", "json"],
      [key],
      { cwd: folderOf({}), environment: { ...leadingTo(vendor), DASHSCOPE_API_KEY: key } },
    );
    expect(ran.status).toBe(0);
    expect(reportOf(ran).keys).toMatchObject([{ liveness: { status: "dead" }, action: "none" }]);
  });

  it("asks about the keys of an earlier report, and no others", async () => {
    const [reported, later] = [mint("payg-legacy"), mint("payg-legacy")];
    const vendor = await startVendor(liveAt(beijing));
    const repository = freshRepository();
    const cwd = repository.path;
    repository.commit({ ".env": assignment(reported) });
    const first = await runWithKeys(["--format", "json"], [reported], { cwd });
    const file = join(folderOf({}), "report.json");
    writeFileSync(file, first.stdout);
    repository.commit({ ".env": assignment(later) });
    const ran = await runWithKeys(["verify", file, "--format", "json"], [reported, later], {
      cwd,
      environment: leadingTo(vendor),
    });
    expect(ran.status).toBe(1);
    expect(reportOf(ran).keys).toHaveLength(1);
    expect(keyIn(reportOf(ran), reported).liveness.status).toBe("live");
    expect(vendor.requests.map(({ authorization }) => authorization)).toEqual([
      `Bearer ${reported}`,
    ]);
  });

  it("does not pass over a key of the report that is not found any more", async () => {
    const key = mint("payg-legacy");
    const vendor = await startVendor(refuse);
    const cwd = folderOf({ ".env": assignment(key) });
    const first = await runWithKeys(["scan", ".", "--format", "json"], [key], { cwd });
    writeFileSync(join(cwd, "report.json"), first.stdout);
    writeFileSync(join(cwd, ".env"), "");
    const ran = await runWithKeys(["verify", "report.json", "--format", "json"], [key], {
      cwd,
      environment: leadingTo(vendor),
    });
    expect(ran.status).toBe(2);
    expect(
      reportOf(ran)
        .notices.map(({ message }) => message)
        .join(),
    ).toMatch(/1 key of .* not found/u);
  });

  it.each([
    ["verify", (key: string) => ["verify", key]],
    ["verify --env", (key: string) => ["verify", "--env", key]],
    ["verify --env=", (key: string) => ["verify", `--env=DASHSCOPE_API_KEY=${key}`]],
    ["scan", (key: string) => ["scan", key]],
    ["scan --endpoint", (key: string) => ["scan", "--verify", "--endpoint", `https://x/?k=${key}`]],
    ["an unknown flag", (key: string) => ["verify", `--key=${key}`]],
    ["a flag of its own", (key: string) => ["verify", `--${key}`]],
    ["prove", (key: string) => ["prove", key]],
    ["no command", (key: string) => [key]],
  ])("takes no key from the command line and does not repeat it: %s", async (_name, argv) => {
    for (const kind of ["payg-legacy", "token-plan-compact"] as const) {
      const key = mint(kind);
      const ran = await runWithKeys(argv(key), [key], { cwd: folderOf({}) });
      expect(ran.status).toBe(2);
    }
  });
});

describe("Ctrl-C", () => {
  it("while the API is asked keeps what is known and says that the rest is not", async () => {
    const [live, hanging] = [mint("payg-legacy"), mint("token-plan-v2")];
    let interrupt = (): void => undefined;
    const vendor = await startVendor((seen, response) => {
      if (seen.host === beijing) json(response, 200, modelList);
      else setTimeout(interrupt, 300);
    });
    const cwd = folderOf({ "a.env": assignment(live), "b.env": assignment(hanging) });
    const args = ["scan", ".", "--verify", "--format", "json"];
    let pressed = 0;
    const ran = await runWithKeys(args, [live, hanging], {
      cwd,
      environment: leadingTo(vendor),
      onStart: (child) => {
        interrupt = () => {
          pressed ||= Date.now();
          child.kill("SIGINT");
          interrupt = () => undefined;
        };
      },
    });
    expect(Date.now() - pressed).toBeLessThan(3000);
    expect(ran.status).toBe(1);
    const report = reportOf(ran);
    expect(keyIn(report, live).liveness.status).toBe("live");
    expect(keyIn(report, hanging).liveness.status).toBe("unknown");
    expect(report.complete).toBe(false);
    expect(report.notices).toContainEqual(
      expect.objectContaining({ code: "interrupted", incomplete: true }),
    );
  });

  it.each([
    ["nothing was found: not clean", "nothing yet\n", 2],
    ["a key was found: it is told", assignment(mint("payg-legacy")), 1],
  ])("while it reads ends it, and %s", async (_name, input, status) => {
    const cwd = folderOf({ "a.env": input });
    const ran = await runWithKeys(["scan", "a.env", "-", "--format", "json"], [], {
      cwd,
      input: "more to come\n",
      inputStaysOpen: true,
      onStart: (child) => setTimeout(() => child.kill("SIGINT"), 1500),
    });
    expect(ran.status).toBe(status);
    const report = reportOf(ran);
    expect(report.keys).toHaveLength(status === 1 ? 1 : 0);
    expect(report.complete).toBe(false);
    expect(report.notices).toContainEqual(
      expect.objectContaining({ code: "interrupted", incomplete: true }),
    );
  });
});

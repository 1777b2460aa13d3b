// Which plan and region a host belongs to.
import { describe, expect, it } from "vitest";
import { keyKinds, sites, siteOfHost, sitesOfKind } from "../src/model/index.js";

describe("hosts and sites", () => {
  it("lets every site be some kind's", () => {
    const known = new Set(keyKinds.flatMap((kind) => sitesOfKind[kind]));
    expect(sites.filter((site) => !known.has(site))).toEqual([]);
  });

  it.each([
    ["dashscope.aliyuncs.com", "payg/cn-beijing"],
    ["DASHSCOPE-INTL.aliyuncs.com", "payg/ap-southeast-1"],
    ["llm-abc.ap-northeast-1.maas.aliyuncs.com", "payg/ap-northeast-1"],
    ["token-plan.cn-beijing.maas.aliyuncs.com", "token-plan/cn-beijing"],
    ["token-plan.maas.qwencloudapi.com", "qwen-cloud/token-plan"],
    ["token-plan.eu-central-1.maas.aliyuncs.com", null],
    ["a.b.eu-central-1.maas.aliyuncs.com", null],
    ["dashscope.aliyuncs.com.example.org", null],
    ["xdashscope.aliyuncs.com", null],
  ])("takes %s for %s", (host, site) => {
    expect(siteOfHost(host)?.site ?? null).toBe(site);
  });
});

// Where a key can belong: the vendor's plans and regions, each with keys and hosts of its own.
// How a site is asked is left to verify, on which page its keys are reset to findings.
import type { KeyKind } from "./match.js";

/**
 * Every plan and region that issues keys.
 * Source: vendor documentation "Select region and service scope" and base URLs in public
 * configurations, read 2026-11-20.
 */
export const sites = [
  "payg/cn-beijing",
  "payg/ap-southeast-1",
  "payg/cn-hongkong",
  "payg/us-east-1",
  "payg/eu-central-1",
  "payg/ap-northeast-1",
  "qwen-cloud",
  "qianwen",
  "coding-plan/cn-beijing",
  "coding-plan/ap-southeast-1",
  "token-plan/cn-beijing",
  "token-plan/ap-southeast-1",
  "qwen-cloud/token-plan",
  "qianwen/token-plan",
] as const;
export type Site = (typeof sites)[number];

/** What people call a site. */
export const siteTitles = {
  "payg/cn-beijing": "China (Beijing)",
  "payg/ap-southeast-1": "Singapore",
  "payg/cn-hongkong": "China (Hong Kong)",
  "payg/us-east-1": "US (Virginia)",
  "payg/eu-central-1": "Germany (Frankfurt)",
  "payg/ap-northeast-1": "Japan (Tokyo)",
  "qwen-cloud": "Qwen Cloud",
  qianwen: "Qianwen (千问)",
  "coding-plan/cn-beijing": "Coding Plan, China",
  "coding-plan/ap-southeast-1": "Coding Plan, international",
  "token-plan/cn-beijing": "Token Plan, China",
  "token-plan/ap-southeast-1": "Token Plan, international",
  "qwen-cloud/token-plan": "Token Plan, Qwen Cloud",
  "qianwen/token-plan": "Token Plan, Qianwen (千问)",
} as const satisfies Record<Site, string>;

/** Sites that issue legacy keys too; the two that came later know the new style only. */
const legacyPaygSites = [
  "payg/cn-beijing",
  "payg/ap-southeast-1",
  "payg/us-east-1",
  "payg/cn-hongkong",
  "qwen-cloud",
  "qianwen",
] as const;

const paygSites = [
  "payg/cn-beijing",
  "payg/ap-southeast-1",
  "payg/cn-hongkong",
  "payg/eu-central-1",
  "payg/ap-northeast-1",
  "qwen-cloud",
  "qianwen",
] as const;

const tokenPlanSites = [
  "token-plan/cn-beijing",
  "token-plan/ap-southeast-1",
  "qwen-cloud/token-plan",
  "qianwen/token-plan",
] as const;

/** The sites that could know a key of this kind, the most frequent first. */
export const sitesOfKind: Readonly<Record<KeyKind, readonly Site[]>> = {
  "payg-legacy": legacyPaygSites,
  payg: paygSites,
  "coding-plan": ["coding-plan/cn-beijing", "coding-plan/ap-southeast-1"],
  "token-plan": tokenPlanSites,
  partial: [...paygSites, "payg/us-east-1", ...tokenPlanSites],
  unknown: [...paygSites, "payg/us-east-1", ...tokenPlanSites],
};

/** A site's region as the vendor writes it; the brands of one region have only their own name. */
export function regionOfSite(site: Site): string {
  const [plan, region] = site.split("/");
  return region === undefined || region === "token-plan" ? (plan ?? site) : region;
}

/** Hosts that stand for one site, without the workspace hosts. */
const siteOfExactHost: ReadonlyMap<string, Site> = new Map([
  ["dashscope.aliyuncs.com", "payg/cn-beijing"],
  ["dashscope-intl.aliyuncs.com", "payg/ap-southeast-1"],
  ["dashscope-us.aliyuncs.com", "payg/us-east-1"],
  ["cn-hongkong.dashscope.aliyuncs.com", "payg/cn-hongkong"],
  ["coding.dashscope.aliyuncs.com", "coding-plan/cn-beijing"],
  ["coding-intl.dashscope.aliyuncs.com", "coding-plan/ap-southeast-1"],
  ["token-plan.cn-beijing.maas.aliyuncs.com", "token-plan/cn-beijing"],
  ["token-plan.ap-southeast-1.maas.aliyuncs.com", "token-plan/ap-southeast-1"],
  ["maas.qwencloudapi.com", "qwen-cloud"],
  ["token-plan.maas.qwencloudapi.com", "qwen-cloud/token-plan"],
  ["maas.qianwenaiapi.com", "qianwen"],
  ["token-plan.maas.qianwenaiapi.com", "qianwen/token-plan"],
]);

const workspaceHost = /^([a-z0-9][a-z0-9-]*)\.([a-z0-9-]+)\.maas\.aliyuncs\.com$/u;

/**
 * Which site a host belongs to, and the workspace that the host names.
 * @param host a host name, any case, without port
 * @returns null for a host that is on no list
 */
export function siteOfHost(host: string): { site: Site; workspace: string | null } | null {
  const name = host.toLowerCase();
  const exact = siteOfExactHost.get(name);
  if (exact !== undefined) return { site: exact, workspace: null };
  const [, workspace, region] = workspaceHost.exec(name) ?? [];
  const site = sites.find((candidate) => candidate === `payg/${region}`);
  if (workspace === undefined || site === undefined || workspace === "token-plan") return null;
  return { site, workspace };
}

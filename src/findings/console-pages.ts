// The vendor's pages on which keys are reset, disabled and deleted, one list per site.
// What can be done there is left to reset-facts, in which order to advice-steps.
import {
  siteOfHost,
  sitesOfKind,
  type ConsolePage,
  type Finding,
  type Site,
} from "../model/index.js";

const international = "https://modelstudio.console.alibabacloud.com";
const china = "https://bailian.console.aliyun.com";

const chinaKeys = {
  title: "China console, API keys",
  url: `${china}/?tab=model#/api-key`,
} as const;
const singaporeKeys = {
  title: "International console, API keys (Singapore; other regions by its region switch)",
  url: `${international}/model/settings/api-key`,
} as const;
const qwenCloudKeys = {
  title: "Qwen Cloud, API keys",
  url: "https://home.qwencloud.com/api-keys",
} as const;
const qianwen = {
  title: "Qianwen platform (千问)",
  url: "https://platform.qianwenai.com",
} as const;

/**
 * Source: links in vendor documentation and public guides, read 2026-11-20. The pages of Frankfurt
 * and Tokyo have one source each; where they move, the region switch of the international console
 * leads there as well.
 */
const pagesOfSite: Readonly<Record<Site, readonly [ConsolePage, ...ConsolePage[]]>> = {
  "payg/cn-beijing": [
    chinaKeys,
    {
      title: "International console, API keys (choose China (Beijing) in its region switch)",
      url: singaporeKeys.url,
    },
  ],
  "payg/ap-southeast-1": [singaporeKeys],
  "payg/cn-hongkong": [
    {
      title: "International console, API keys, China (Hong Kong)",
      url: `${international}/cn-hongkong/settings/api-key`,
    },
  ],
  "payg/us-east-1": [
    {
      title: "International console, API keys, US (Virginia)",
      url: `${international}/us-east-1/settings/api-key`,
    },
  ],
  "payg/eu-central-1": [
    {
      title: "International console, API keys, Germany (Frankfurt)",
      url: `${international}/eu-central-1?tab=globalset#/efm/api_key`,
    },
  ],
  "payg/ap-northeast-1": [
    {
      title: "International console, API keys, Japan (Tokyo)",
      url: `${international}/ap-northeast-1?tab=globalset#/efm/api_key`,
    },
  ],
  "qwen-cloud": [qwenCloudKeys],
  qianwen: [qianwen],
  "coding-plan/cn-beijing": [
    {
      title: "China console, Coding Plan",
      url: `${china}/?tab=plan#/efm/subscription/coding-plan`,
    },
  ],
  "coding-plan/ap-southeast-1": [
    {
      title: "International console, Coding Plan",
      url: `${international}/?tab=coding-plan#/efm/coding-plan-index`,
    },
  ],
  "token-plan/cn-beijing": [
    {
      title: "China console, Token Plan",
      url: `${china}/?tab=plan#/efm/subscription/token-plan`,
    },
    {
      title: "Token Plan, team administration",
      url: "https://tokenplan-enterprise.bailian.console.aliyun.com",
    },
  ],
  "token-plan/ap-southeast-1": [
    {
      title: "International console (choose Token Plan and the region there)",
      url: singaporeKeys.url,
    },
  ],
  "qwen-cloud/token-plan": [qwenCloudKeys],
  "qianwen/token-plan": [qianwen],
};

/** What is known of where a key belongs. */
export interface SiteClues extends Pick<Finding, "kind" | "liveness" | "hints"> {}

/**
 * The sites that a key most probably belongs to: the one that accepted it; else those whose hosts
 * stand near it and could know its kind; else none.
 */
export function knownSites({ kind, liveness, hints }: SiteClues): readonly Site[] {
  const accepted =
    liveness.status === "live" || liveness.status === "restricted"
      ? siteOfHost(liveness.evidence.at(-1)?.host ?? "")
      : null;
  if (accepted) return [accepted.site];
  const near = hints.hosts.flatMap((host) => siteOfHost(host)?.site ?? []);
  return [...new Set(near)].filter((site) => sitesOfKind[kind].includes(site));
}

/** The pages on which to reset a key: its site's, or every console's when its site is not known. */
export function consolePagesFor(clues: SiteClues): readonly ConsolePage[] {
  const known = knownSites(clues);
  const pages =
    known.length > 0
      ? known.flatMap((site) => pagesOfSite[site])
      : sitesOfKind[clues.kind].filter(hasPageOfItsOwn).map((site) => pagesOfSite[site][0]);
  return pages.filter((page, at) => pages.findIndex(({ url }) => url === page.url) === at);
}

/** Regions that the international console's region switch leads to are not listed one by one. */
function hasPageOfItsOwn(site: Site): boolean {
  return !["payg/cn-hongkong", "payg/eu-central-1", "payg/ap-northeast-1"].includes(site);
}

// Where each plan and region answers, as data, and what a user's own endpoint means.
// Which of them one key is sent to is left to itinerary.
import { regionOfSite, siteOfHost, sites, UserError, type Site } from "../model/index.js";

/** A host that can be asked. */
export interface Endpoint {
  /** Host name, with the port when it is not 443; what reports name. */
  readonly host: string;
  /** The site that answers there; null for a host that only the user knows. */
  readonly site: Site | null;
  readonly region: string;
  /** Base URL of the OpenAI-compatible interface, without a slash at the end. */
  readonly base: string;
  /** False on a workspace that may be another region's: its site counts as not asked all the same. */
  readonly decisive: boolean;
}

/**
 * How a site is reached:
 * - `host`: one host for everybody;
 * - `workspace`: a host per workspace, so that the workspace's id is needed;
 * - `unprovable`: its `/models` answers without any key, and its chat is for coding agents only, so
 *   that nothing free and honest tells a live key from a dead one. Never asked.
 */
type Reach =
  | { readonly kind: "host"; readonly host: string }
  | { readonly kind: "workspace" }
  | { readonly kind: "unprovable"; readonly host: string };

const interfacePath = "/compatible-mode/v1";

/**
 * Source: base URLs in vendor documentation (regions, Token Plan, Coding Plan) and in public
 * configurations, read 2026-11-20.
 */
export const reachOfSite = {
  "payg/cn-beijing": { kind: "host", host: "dashscope.aliyuncs.com" },
  "payg/ap-southeast-1": { kind: "host", host: "dashscope-intl.aliyuncs.com" },
  "payg/cn-hongkong": { kind: "host", host: "cn-hongkong.dashscope.aliyuncs.com" },
  "payg/us-east-1": { kind: "host", host: "dashscope-us.aliyuncs.com" },
  "payg/eu-central-1": { kind: "workspace" },
  "payg/ap-northeast-1": { kind: "workspace" },
  "qwen-cloud": { kind: "host", host: "maas.qwencloudapi.com" },
  qianwen: { kind: "host", host: "maas.qianwenaiapi.com" },
  "coding-plan/cn-beijing": { kind: "unprovable", host: "coding.dashscope.aliyuncs.com" },
  "coding-plan/ap-southeast-1": { kind: "unprovable", host: "coding-intl.dashscope.aliyuncs.com" },
  "token-plan/cn-beijing": { kind: "host", host: "token-plan.cn-beijing.maas.aliyuncs.com" },
  "token-plan/ap-southeast-1": {
    kind: "host",
    host: "token-plan.ap-southeast-1.maas.aliyuncs.com",
  },
  "qwen-cloud/token-plan": { kind: "host", host: "token-plan.maas.qwencloudapi.com" },
  "qianwen/token-plan": { kind: "host", host: "token-plan.maas.qianwenaiapi.com" },
} as const satisfies Record<Site, Reach>;

/** The endpoint of a listed site on a given host of it. */
export function siteEndpoint(site: Site, host: string, decisive = true): Endpoint {
  const base = `https://${host}${interfacePath}`;
  return { host, site, region: regionOfSite(site), base, decisive };
}

/**
 * The host of a workspace. The id becomes one label below the vendor's own domain, whoever wrote it.
 * @param id a workspace id such as `ws-…` or `llm-…`
 * @returns null when the id cannot be such a label
 */
export function workspaceHost(site: Site, id: string): string | null {
  const label = id.toLowerCase();
  const valid = /^(?:ws|llm)-[a-z0-9](?:[a-z0-9-]{0,57}[a-z0-9])?$/u.test(label);
  return valid ? `${label}.${regionOfSite(site)}.maas.aliyuncs.com` : null;
}

/** A workspace that the user named, for regions that are reached by workspace only. */
export interface Workspace {
  readonly region: string;
  readonly id: string;
}

/** @throws UserError when the region has no workspace hosts or the id cannot be one */
export function checkWorkspace({ region, id }: Workspace): Workspace {
  const site = sites.find((candidate) => candidate === `payg/${region}`);
  if (site === undefined) {
    const regions = sites.filter((candidate) => candidate.startsWith("payg/")).map(regionOfSite);
    throw new UserError(
      "a workspace id was given for a region that is not known",
      `Write REGION=ID with one of these regions: ${regions.join(", ")}.`,
    );
  }
  if (workspaceHost(site, id) === null) {
    throw new UserError(
      `the workspace id given for ${region} is none`,
      "A workspace id begins with ws- or llm- and stands in the console's workspace details.",
    );
  }
  return { region, id };
}

/**
 * Reads a base URL that the user named.
 * @param from where it was named, for the error: `--endpoint`
 * @returns a listed host's endpoint, or one of the user's own
 * @throws UserError when it is no plain https URL, or a Coding Plan host
 */
export function endpointFromUrl(text: string, from: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.protocol !== "https:") {
    throw new UserError(
      `${from} is not an https URL`,
      "A key is sent over TLS only: give a base URL such as https://host.example/compatible-mode/v1.",
    );
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new UserError(
      `${from} holds more than a host and a path`,
      "Give the base URL without user name, query and fragment.",
    );
  }
  const known = url.port === "" ? siteOfHost(url.hostname) : null;
  if (known === null) {
    const base = `https://${url.host}${pathOfInterface(url.pathname)}`;
    return { host: url.host, site: null, region: "named by the user", base, decisive: true };
  }
  if (reachOfSite[known.site].kind === "unprovable") {
    throw new UserError(
      `${from} names a Coding Plan host, which answers without any key`,
      "Leave it out: whether a Coding Plan key is live cannot be proven for free.",
    );
  }
  return siteEndpoint(known.site, url.hostname);
}

/** The vendor's native and Anthropic-compatible paths stand beside the one that is asked. */
function pathOfInterface(pathname: string): string {
  const path = pathname.replace(/\/+$/u, "");
  return path === "" || path === "/api/v1" || path === "/apps/anthropic" ? interfacePath : path;
}

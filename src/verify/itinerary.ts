// Which hosts one key is sent to, in which order, and which sites cannot be asked about it.
// Sending is left to ask, what answers add up to to verify.
import {
  siteOfHost,
  sitesOfKind,
  siteTitles,
  regionOfSite,
  type Evidence,
  type Finding,
  type Site,
} from "../model/index.js";
import {
  reachOfSite,
  siteEndpoint,
  workspaceHost,
  type Endpoint,
  type Workspace,
} from "./endpoints.js";

export interface Itinerary {
  readonly ask: readonly Endpoint[];
  /** Sites that could know the key and cannot be asked: while there is one, no key is dead. */
  readonly unaskable: readonly Evidence[];
}

/** Ids beside a key are not trusted, so only so many of them are tried per region. */
const maxHintedWorkspaces = 2;

/**
 * Plans the hosts for one key. Every host is on the built-in list or was named by the user; what
 * stands near the key chooses among listed hosts and orders them, and never adds another.
 * @param named endpoints that the user named
 */
export function planItinerary(
  { kind, hints }: Pick<Finding, "kind" | "hints">,
  workspaces: readonly Workspace[],
  named: readonly Endpoint[],
): Itinerary {
  const provable = kind !== "coding-plan";
  const own = provable ? named : [];
  // A site near the key may know it although its kind says otherwise: the table is a regularity.
  const near = hints.hosts.flatMap((host) => siteOfHost(host)?.site ?? []);
  const candidates = new Set([
    ...sitesOfKind[kind],
    ...(provable ? near.filter((site) => reachOfSite[site].kind !== "unprovable") : []),
  ]);
  const visits = [...candidates].map((site) => visit(site, hints, workspaces, own));
  const all = [...visits.flatMap(({ ask }) => ask), ...own];
  const distinct = all.filter(
    ({ base }, at) => all.findIndex((endpoint) => endpoint.base === base) === at,
  );
  const rank = ({ site, base }: Endpoint): number => {
    const nearest = site === null ? -1 : near.indexOf(site);
    if (nearest >= 0) return nearest;
    return own.some((endpoint) => endpoint.base === base) ? near.length : near.length + 1;
  };
  return {
    ask: distinct.sort((a, b) => rank(a) - rank(b)),
    unaskable: visits.flatMap(({ unaskable }) => unaskable),
  };
}

function visit(
  site: Site,
  hints: Finding["hints"],
  workspaces: readonly Workspace[],
  own: readonly Endpoint[],
): Itinerary {
  const reach = reachOfSite[site];
  const region = regionOfSite(site);
  const payg = site === `payg/${region}`;
  const named = workspaces.filter((workspace) => payg && workspace.region === region);
  if (reach.kind === "unprovable") {
    const meaning =
      "Not asked: whether a Coding Plan key is live cannot be proven for free (the model list answers without a key, and chat is for coding agents only).";
    return { ask: [], unaskable: [notAsked(reach.host, region, meaning)] };
  }
  const hosts = named.flatMap(({ id }) => workspaceHost(site, id) ?? []);
  if (reach.kind === "host") {
    return { ask: [reach.host, ...hosts].map((host) => siteEndpoint(site, host)), unaskable: [] };
  }
  const inRegion = hintedHosts(site, hints, (hinted) => hinted === region);
  const known = [...hosts, ...inRegion].map((host) => siteEndpoint(site, host));
  const reached = known.length > 0 || own.some((endpoint) => endpoint.site === site);
  if (reached) return { ask: known, unaskable: [] };
  const elsewhere = hintedHosts(site, hints, (hinted) => hinted === null);
  const meaning = `Not asked: ${siteTitles[site]} needs the workspace's id (--workspace-id ${region}=ID).`;
  return {
    ask: elsewhere.map((host) => siteEndpoint(site, host, false)),
    unaskable: [notAsked(`{WorkspaceId}.${region}.maas.aliyuncs.com`, region, meaning)],
  };
}

function hintedHosts(
  site: Site,
  { workspaces, hosts }: Finding["hints"],
  wanted: (region: string | null) => boolean,
): string[] {
  const ids = workspaces.filter(({ region }) => wanted(region)).map(({ id }) => id);
  const named = hosts.flatMap((host) => {
    const known = siteOfHost(host);
    return known?.site === site && known.workspace !== null && wanted(regionOfSite(site))
      ? [known.workspace]
      : [];
  });
  const labels = [...named, ...ids].flatMap((id) => workspaceHost(site, id) ?? []);
  return [...new Set(labels)].slice(0, maxHintedWorkspaces);
}

/** Evidence of a question that was not asked. */
function notAsked(host: string, region: string, meaning: string): Evidence {
  return { host, region, status: null, code: null, meaning };
}

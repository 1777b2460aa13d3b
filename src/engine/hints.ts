// What stands near a key and helps to verify or to reset it: hosts of the vendor, workspace ids.
// None of it is trusted: whether a key is ever sent to a host is decided by verify's own list.
import type { Hints } from "../model/match.js";
import { parentRange, type Document, type Range } from "./document.js";

type Workspace = Hints["workspaces"][number];

interface Sight<T> {
  readonly value: T;
  readonly at: number;
}

export interface Sights {
  readonly hosts: readonly string[];
  readonly workspaces: readonly Workspace[];
}

/** No more of either is told: a list of endpoints in a file says nothing of this key. */
const mostTold = 8;
const mostLooked = 32;
/** A workspace id standing for itself belongs to a key only so near, in bytes. */
const workspaceReach = 4096;

/** Hosts of the vendor's API (help pages of Model Studio and Qwen Cloud, 2026-07). */
const hostEnd =
  /dashscope(?:-intl|-us)?\.aliyuncs\.com|maas\.aliyuncs\.com|qwencloudapi\.com|qianwenaiapi\.com/giu;
const loneWorkspace = /(?<![\w-])(?:ws|llm)-(?=[a-z]*[0-9])[a-z0-9]{10,40}(?![\w-])/gu;
const workspaceHost = /^([a-z0-9-]+)\.([a-z]{2}-[a-z0-9-]+)\.maas\.aliyuncs\.com$/u;
const planHosts = new Set(["token-plan", "coding", "coding-plan"]);

/** Finds hosts and workspace ids; remembers each document's. */
export function createHintReader(): (document: Document, key: Range) => Sights {
  const remembered = new WeakMap<Document, readonly Sight<string>[]>();
  const hostsIn = (document: Document): readonly Sight<string>[] => {
    const known = remembered.get(document) ?? findHosts(document.text());
    remembered.set(document, known);
    return known;
  };
  return (document, key) => {
    const hosts: string[] = [];
    const workspaces: Workspace[] = [];
    let here: Document | null = document;
    let range = key;
    while (here !== null) {
      const near = nearestFirst(hostsIn(here), range);
      hosts.push(...near);
      workspaces.push(
        ...near.flatMap(workspaceOfHost),
        ...nearestFirst(findWorkspaces(here.text(), range), range).map((id) => ({
          id,
          region: null,
        })),
      );
      const { parent }: Document = here;
      if (parent !== null) range = parentRange(parent, range);
      here = parent?.document ?? null;
    }
    return {
      hosts: [...new Set(hosts)].slice(0, mostTold),
      workspaces: workspaces
        .filter(({ id }, index) => workspaces.findIndex((other) => other.id === id) === index)
        .slice(0, mostTold),
    };
  };
}

function findHosts(text: string): readonly Sight<string>[] {
  const sights: Sight<string>[] = [];
  for (const hit of text.matchAll(hostEnd)) {
    const end = hit.index + hit[0].length;
    // `…aliyuncs.com.example.org` is somebody else's.
    if (/^(?:[a-z0-9-]|\.[a-z0-9])/iu.test(text.slice(end, end + 2))) continue;
    let from = hit.index;
    while (from > 0 && hit.index - from < 200 && /[a-z0-9.-]/iu.test(text[from - 1] ?? "")) from--;
    const host = text
      .slice(from, end)
      .toLowerCase()
      .replace(/^[.-]+/u, "");
    const labels = host.slice(0, host.length - hit[0].length);
    // `evildashscope.aliyuncs.com` is not in the family, `x.dashscope.aliyuncs.com` is.
    if (labels !== "" && !/^(?:[a-z0-9-]+\.)+$/u.test(labels)) continue;
    sights.push({ value: host, at: from });
  }
  return sights;
}

function findWorkspaces(text: string, key: Range): readonly Sight<string>[] {
  const from = Math.max(0, key.from - workspaceReach);
  return [...text.slice(from, key.to + workspaceReach).matchAll(loneWorkspace)].map((hit) => ({
    value: hit[0],
    at: from + hit.index,
  }));
}

function workspaceOfHost(host: string): Workspace[] {
  const [, id, region] = workspaceHost.exec(host) ?? [];
  return id === undefined || region === undefined || planHosts.has(id) ? [] : [{ id, region }];
}

/** The nearest first; of many only those next to the key are looked at. */
function nearestFirst(sights: readonly Sight<string>[], key: Range): string[] {
  let next = 0;
  for (let high = sights.length; next < high;) {
    const middle = (next + high) >> 1;
    if ((sights[middle]?.at ?? Infinity) < key.from) next = middle + 1;
    else high = middle;
  }
  return sights
    .slice(Math.max(0, next - mostLooked), next + mostLooked)
    .sort((a, b) => Math.abs(a.at - key.from) - Math.abs(b.at - key.from))
    .map(({ value }) => value);
}

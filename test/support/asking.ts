// The real command line against the double of the vendor: a key in a folder, a proxy and an
// authority in the environment, as in a company's network.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { dashleaks, type Ran, type RunOptions } from "./dashleaks.js";
import { temporaryFolder } from "./repository.js";
import type { Vendor } from "./vendor.js";

const noProxies = { https_proxy: "", NO_PROXY: "", no_proxy: "", DASHSCOPE_HTTP_BASE_URL: "" };

/** Variables that lead every question to a double. */
export function leadingTo(vendor: Vendor): Readonly<Record<string, string>> {
  const authority = join(temporaryFolder(), "authority.pem");
  writeFileSync(authority, vendor.authority);
  return { ...noProxies, HTTPS_PROXY: vendor.proxy, NODE_EXTRA_CA_CERTS: authority };
}

/** A folder with these files. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Runs dashleaks and sees that it says nothing of the keys. */
export async function runWithKeys(
  args: readonly string[],
  keys: readonly string[],
  options: RunOptions,
): Promise<Ran> {
  const ran = await dashleaks(args, options);
  showsNone(keys, ran.stdout + ran.stderr);
  return ran;
}

/** No text shows eight or more characters in a row of a key's random part. */
export function showsNone(keys: readonly string[], text: string): void {
  for (const key of keys) {
    const body = key.replace(/^sk-(?:ws-|sp-)?/u, "");
    expect(text.includes(body.slice(0, 8))).toBe(false);
    expect(text.includes(body.slice(-8))).toBe(false);
  }
}

// The way of `dashleaks hook run pre-commit` on a clean commit: the kernel over what is staged, with
// tables that the build has made from the rules. Whatever is not plainly clean is left to hook-run.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { configName, ownPath } from "../config/config-paths.js";
import { frameworkCall, hookEnvironment } from "../hooks/environment.js";
import { packageFile } from "../package/package-files.js";
import { kernelSearch } from "../sources/kernel/kernel-search.js";
import { unpackTables } from "../sources/kernel/witness-tables.js";
import { staged } from "../sources/staged.js";
import type { WitnessSearch } from "../sources/witness-search.js";

/**
 * Is it certain, with the built-in rules alone, that nothing staged holds a key?
 * @param directory the folder in which git started the hook: the worktree's top
 */
export async function nothingStaged(
  directory: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  try {
    return await isPlainlyClean(directory, variables);
  } catch {
    return false; // hook-run meets the same trouble, and tells of it
  }
}

async function isPlainlyClean(
  directory: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  if (!existsSync(join(directory, ".git")) || hasConfiguration(directory, variables)) return false;
  if (frameworkCall(variables).kind !== "none") return false;
  // git is at work while the kernel starts.
  let search: WitnessSearch | null = null;
  const wanted: WitnessSearch = (bytes) => (search ??= builtSearch())(bytes);
  const here = { worktree: directory, gitDirectory: directory, commonDirectory: directory };
  const environment = hookEnvironment(variables, directory);
  const items = staged(here, { environment, wanted });
  const first = items.next();
  first.catch(() => undefined); // awaited below, unless the kernel cannot start
  search = builtSearch();
  for (let next = await first; next.done !== true; next = await items.next()) {
    const item = next.value;
    if (item.kind === "notice") return false;
    if (item.kind === "chunk" && (!item.last || !item.first || wanted(item.bytes))) return false;
  }
  return true;
}

/** A configuration may bring rules of its own, which the built tables do not know. */
function hasConfiguration(
  directory: string,
  variables: Readonly<Record<string, string | undefined>>,
): boolean {
  const own = ownPath(variables);
  return existsSync(join(directory, configName)) || (own !== null && existsSync(own));
}

function builtSearch(): WitnessSearch {
  return kernelSearch(unpackTables(readFileSync(packageFile("dist/hooks/tables")))).mayHold;
}

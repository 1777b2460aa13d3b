// Which configuration files hold for a run. What is in them is left to config.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { UserError } from "../model/errors.js";
import { configName, ownPath } from "./config-paths.js";
import { emptyConfig, readConfig, type Config } from "./config.js";

/**
 * Top of the worktree that holds a folder, or null outside of one: found by the `.git` in it, since
 * to ask git costs more than all the rest of the configuration.
 */
export function projectRoot(folder: string): string | null {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return null;
  }
}

export interface ConfigRequest {
  /** `--config FILE`. */
  readonly named: string | null;
  /** `--no-config`. */
  readonly none: boolean;
  readonly currentDirectory: string;
  /** Root of the repository that holds the current directory, or null. */
  readonly currentRoot: string | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Configs {
  /** The one that `--config` names, else the one of the repository that one stands in. */
  readonly project: Config;
  /** The user's own, of all projects. */
  readonly own: Config;
}

/**
 * Reads the configurations that hold. A scanned repository's own file is honoured only when one
 * stands in that repository: a stranger's repository must not switch the search off.
 * @throws UserError when a named file cannot be read, a file holds something unknown, or a file is
 *   named and none is to be read
 */
export async function locateConfigs(request: ConfigRequest): Promise<Configs> {
  if (request.none && request.named !== null) {
    throw new UserError("--config and --no-config exclude each other", "Give one of them.");
  }
  if (request.none) return { project: emptyConfig, own: emptyConfig };
  return {
    project: await projectConfig(request),
    own: (await readIfThere(ownPath(request.environment), "user")) ?? emptyConfig,
  };
}

async function projectConfig(request: ConfigRequest): Promise<Config> {
  if (request.named !== null) {
    const path = resolve(request.currentDirectory, request.named);
    const config = await readIfThere(path, "repository");
    if (config) return config;
    throw new UserError(`there is no configuration file ${request.named}`);
  }
  const path = join(request.currentRoot ?? request.currentDirectory, configName);
  return (await readIfThere(path, "repository")) ?? emptyConfig;
}

async function readIfThere(
  path: string | null,
  owner: "repository" | "user",
): Promise<Config | null> {
  if (path === null) return null;
  try {
    return readConfig(path, await readFile(path, "utf8"), owner);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    if (code === undefined) throw error;
    throw new UserError(`the configuration ${path} cannot be read (${code})`);
  }
}

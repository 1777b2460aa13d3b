// `dashleaks hook install|uninstall|status|run`: where hooks are put, and what was done.
// Running one is left to hook-run, hook files and their places to hooks.
import { homedir } from "node:os";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { isHookName, hookNames, type HookName } from "../hooks/hook-names.js";
import { UserError } from "../model/errors.js";
import { packageFile } from "../package/package-files.js";
import type { ExitStatus } from "./exit-status.js";
import type { Typed } from "./parse.js";

const subcommands = ["install", "uninstall", "status", "run"] as const;

/** Runs the subcommand. */
export async function hookCommand(typed: Typed): Promise<ExitStatus> {
  const [word, ...rest] = typed.operands;
  const subcommand = subcommands.find((known) => known === word);
  if (subcommand === undefined) {
    throw new UserError(
      "hook needs a word: install, uninstall, status or run",
      "See dashleaks help hook.",
    );
  }
  if (subcommand === "run") {
    const [name, ...args] = rest;
    const { runHook } = await import("./hook-run.js");
    return runHook(hookName(name ?? ""), args, typed);
  }
  const { manageHooks } = await import("./hook-manage.js");
  return manageHooks(subcommand, rest.map(hookName), typed, {
    // sh takes forward slashes on every platform.
    program: fileURLToPath(packageFile("bin/dashleaks-hook")).split(sep).join("/"),
    searchPath: process.env["PATH"],
    home: homedir(),
    configuration: configurationFolder(),
  });
}

function hookName(name: string): HookName {
  if (isHookName(name)) return name;
  throw new UserError(`there is no hook "${name}" here`, `Known: ${hookNames.join(", ")}.`);
}

/** By the XDG base directory specification; %APPDATA% on Windows. */
function configurationFolder(): string {
  const { XDG_CONFIG_HOME: xdg, APPDATA: appData } = process.env;
  return xdg || appData || join(homedir(), ".config");
}

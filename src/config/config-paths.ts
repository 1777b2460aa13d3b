// Where configuration files lie. Reading them is left to locate-config.
import { isAbsolute, join } from "node:path";

/** At the root of a repository. */
export const configName = ".dashleaks.toml";

/** The user's own configuration, for all projects. By the XDG base directory specification; %APPDATA% on Windows. */
export function ownPath(environment: Readonly<Record<string, string | undefined>>): string | null {
  const { XDG_CONFIG_HOME: xdg, HOME: home, APPDATA: appData } = environment;
  if (xdg && isAbsolute(xdg)) return join(xdg, "dashleaks", "config.toml");
  if (appData) return join(appData, "dashleaks", "config.toml");
  return home ? join(home, ".config", "dashleaks", "config.toml") : null;
}

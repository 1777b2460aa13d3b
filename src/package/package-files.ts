// Where the package's own files lie: rules, what the build has made, the manifest.
// This module runs from src, from dist and from a bundle; it alone knows how far up the package is.
import { existsSync } from "node:fs";

/** The package's folder: the first above this file that holds its manifest and its rules. */
const root = packageFolder();

function packageFolder(): URL {
  for (let folder = new URL("./", import.meta.url); ;) {
    if (existsSync(new URL("rules/legacy.toml", folder))) return folder;
    const above = new URL("../", folder);
    if (above.href === folder.href) throw new Error("the package is incomplete: no rules/");
    folder = above;
  }
}

/** @param path below the package's folder, with forward slashes */
export function packageFile(path: string): URL {
  return new URL(path, root);
}

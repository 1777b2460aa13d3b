// Where the gate's program is found from a hooks folder that is committed, in which no path of this
// machine may stand. What a hook file says of it is left to hook-file.
import { existsSync } from "node:fs";
import { delimiter, dirname, join, relative, sep } from "node:path";

export const programName = "dashleaks-hook";

const inPackages = `node_modules/.bin/${programName}`;

/**
 * The program in the packages of a repository: those beside the hooks folder or of a folder above it,
 * as in a repository of several packages; else where the top's would be.
 * @param hooks the hooks folder, below the worktree's top
 * @returns the path from the top, where git starts hooks, with forward slashes
 */
export function localProgram(worktree: string, hooks: string): string {
  for (let folder = dirname(hooks); folder.startsWith(worktree + sep); folder = dirname(folder)) {
    const path = join(folder, inPackages);
    if (existsSync(path)) return relative(worktree, path).split(sep).join("/");
  }
  return inPackages;
}

/**
 * Will a hook find the program on PATH? What npm and others put there for one command alone (their
 * packages' and caches' folders) is not there when git starts a hook.
 * @param searchPath PATH as it is now
 */
export function isOnPath(searchPath: string | undefined): boolean {
  const folders = (searchPath ?? "").split(delimiter);
  return folders.some(
    (folder) =>
      folder !== "" &&
      !/[\\/]node_modules[\\/]\.bin[\\/]?$/u.test(folder) &&
      existsSync(join(folder, programName)),
  );
}

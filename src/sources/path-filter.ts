// Which paths are wanted, by the globs of a configuration or of the command line.
// What lies at them is left to the sources.
import picomatch from "picomatch";

export interface PathGlobs {
  /** Globs on the reported path; one without a slash matches a name in any folder. None: all. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Whether a path is wanted. */
export type PathFilter = (path: string) => boolean;

/** Why something is not in a report. */
export const leftOutReason = "left out by include and exclude";

/**
 * Says whether a path is wanted.
 * @returns null when all are, so that nobody need ask
 */
export function pathFilter({ include = [], exclude = [] }: Partial<PathGlobs>): PathFilter | null {
  if (include.length + exclude.length === 0) return null;
  const included = include.length === 0 ? () => true : matcher(include);
  const excluded = exclude.length === 0 ? () => false : matcher(exclude);
  return (path) => included(path) && !excluded(path);
}

/** Globs as .gitignore reads them as to where they match: without a slash, in any folder. */
function matcher(globs: readonly string[]): PathFilter {
  const patterns = globs.flatMap((glob) => {
    const trimmed = glob.replace(/^\.?\//u, "").replace(/\/$/u, "");
    const anywhere = glob.replace(/\/$/u, "").includes("/") ? trimmed : `**/${trimmed}`;
    return [anywhere, `${anywhere}/**`];
  });
  return picomatch(patterns, { dot: true });
}

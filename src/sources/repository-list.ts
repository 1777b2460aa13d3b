// The file that `--repos-from` names: one repository a line.
// Whether the paths lead to repositories is found out when they are opened.
import { isAbsolute, resolve } from "node:path";
import { UserError } from "../model/errors.js";

/**
 * Reads a list of repositories: one path a line, blank lines and lines that begin with `#` passed
 * over. Relative paths count from `folder` (the list's own). Each repository is listed once.
 * @param name how to call the file in messages
 * @throws UserError naming the line, for what cannot be a path on this machine
 */
export function readRepositoryList(text: string, name: string, folder: string): string[] {
  const paths = text
    .replace(/^\ufeff/u, "")
    .split(/\r?\n/u)
    .flatMap((line, index) => {
      const entry = line.trim();
      if (entry === "" || entry.startsWith("#")) return [];
      const problem = problemOf(entry);
      if (problem) {
        throw new UserError(`${name}:${index + 1}: ${problem.what}`, problem.remedy);
      }
      return [isAbsolute(entry) ? entry : resolve(folder, entry)];
    });
  if (paths.length === 0) {
    throw new UserError(
      `${name} lists no repository`,
      "Write one path a line; lines that begin with # are comments.",
    );
  }
  return [...new Set(paths)];
}

function problemOf(entry: string): { readonly what: string; readonly remedy: string } | null {
  // A URL, or the short form of one that ssh takes: `user@host:path`.
  if (/^[a-z][a-z0-9+.-]*:\/\//iu.test(entry) || /^[^\s/\\@]+@[^\s/\\:]+:/u.test(entry)) {
    return {
      what: "this is an address, not a folder",
      remedy: "dashleaks reads clones on this machine: git clone --mirror it first.",
    };
  }
  if (entry.includes("\0"))
    return { what: "a path cannot hold a NUL", remedy: "Correct the line." };
  if (entry.startsWith("~/") || entry.startsWith("~\\")) {
    return { what: '"~" is not expanded here', remedy: "Write the path in full." };
  }
  return null;
}

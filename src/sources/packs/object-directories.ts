// Which folders hold a repository's objects: its own, and those it borrows from.
// What is in them is left to packs and loose objects.
import { readFileSync, realpathSync } from "node:fs";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import type { Repository } from "../../model/source.js";
import type { Notice } from "../../model/notice.js";

/** As deep as git follows alternates of alternates (git 2.39, object-file.c). */
const deepestAlternate = 5;

/**
 * All object directories, the repository's own first, each once however it is named.
 * Reads `GIT_OBJECT_DIRECTORY` and `GIT_ALTERNATE_OBJECT_DIRECTORIES`, which git sets for a hook that
 * looks at objects in quarantine, and `info/alternates` (gitrepository-layout(5)).
 */
export function objectDirectories(
  repository: Repository,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly directories: readonly string[]; readonly notices: readonly Notice[] } {
  const directories: string[] = [];
  const notices: Notice[] = [];
  const seen = new Set<string>();
  const follow = (directory: string, depth: number): void => {
    let real: string;
    try {
      real = realpathSync(directory);
    } catch (error) {
      notices.push(unreadable(directory, error));
      return;
    }
    if (seen.has(real)) return;
    seen.add(real);
    directories.push(real);
    let text: string;
    try {
      text = readFileSync(join(real, "info", "alternates"), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
        notices.push(unreadable(join(real, "info", "alternates"), error));
      }
      return;
    }
    const named = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    if (named.length > 0 && depth > deepestAlternate) {
      notices.push(unreadable(join(real, "info", "alternates"), new Error("nested too deeply")));
      return;
    }
    for (const line of named) {
      const path = unquote(line);
      follow(isAbsolute(path) ? path : join(real, path), depth + 1);
    }
  };
  const own = environment["GIT_OBJECT_DIRECTORY"];
  follow(own ? resolve(repository.named, own) : join(repository.commonDirectory, "objects"), 0);
  const borrowed = environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] ?? "";
  for (const path of splitList(borrowed)) follow(resolve(repository.named, path), 0);
  return { directories, notices };
}

function unreadable(path: string, error: unknown): Notice {
  const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
  return {
    kind: "notice",
    code: "missing-object",
    message: `The object directory ${path} could not be read (${reason}): its objects were not scanned.`,
    subject: path,
    incomplete: true,
  };
}

/** Splits a path list as git does: by the system's separator, with parts quoted as in C. */
function splitList(list: string): readonly string[] {
  const paths: string[] = [];
  const part = delimiter === ";" ? /"(?:[^"\\]|\\.)*"|[^;]+/gu : /"(?:[^"\\]|\\.)*"|[^:]+/gu;
  for (const [path] of list.matchAll(part)) paths.push(unquote(path));
  return paths;
}

const escapes: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** Takes off the quotes that git puts around unusual paths (git-config(1), core.quotePath). */
function unquote(path: string): string {
  if (!path.startsWith('"') || !path.endsWith('"') || path.length < 2) return path;
  const bytes: Buffer[] = [];
  for (const [piece] of path.slice(1, -1).matchAll(/\\[0-7]{3}|\\.|[^\\]+/gsu)) {
    if (/^\\[0-7]/u.test(piece)) bytes.push(Buffer.from([Number.parseInt(piece.slice(1), 8)]));
    else if (piece.startsWith("\\")) {
      const letter = piece.slice(1);
      bytes.push(Buffer.from(escapes[letter] ?? letter));
    } else bytes.push(Buffer.from(piece));
  }
  return Buffer.concat(bytes).toString("utf8");
}

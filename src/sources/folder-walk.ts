// The files of a folder that is in no repository, with ignore files honoured as git honours them.
// Reading the files is left to read-files; folders in a repository are left to git itself.
import { constants, type Dirent } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { callbackify } from "node:util";
import createIgnore, { type Ignore } from "ignore";
import { compareText } from "../model/compare-text.js";
import type { Notice } from "../model/notice.js";
import type { Skip } from "../model/source.js";
import { shownName, systemName, textOfName } from "./file-names.js";

export interface Walked {
  /** Paths below the folder with forward slashes, in a stable order; names by file-names. */
  readonly paths: readonly string[];
  readonly notices: readonly (Notice | Skip)[];
}

/** Later ones win over earlier ones of the same folder. */
const ignoreFiles = [".gitignore", ".ignore"] as const;

/** The rules of one folder's ignore files, and of those above it. */
interface Level {
  readonly directory: string;
  readonly rules: Ignore | null;
  readonly above: Level | null;
}

/**
 * Walks a folder. Symbolic links are listed, not followed; `.git` is left out.
 * @param ignored list what ignore files name, too
 */
export async function walkFolder(folder: string, ignored: boolean): Promise<Walked> {
  const { default: fastGlob } = await import("fast-glob");
  const notices: (Notice | Skip)[] = [];
  const levels = new Map<string, Level>();

  const paths: string[] = [];
  const entriesOf = async (directory: string): Promise<Dirent[]> => {
    const entries = await readEntries(directory);
    const isRepository = entries.some(({ name }) => name === ".git");
    if (isRepository && directory === folder) {
      notices.push(...(await brokenRepository(folder)));
    } else if (isRepository) {
      notices.push({
        kind: "skip",
        what: shownName(toSlashes(relative(folder, directory))),
        reason: "its history: it is a git repository of its own, name it to have it scanned",
        count: 1,
        nested: true,
      });
    }
    const kept = entries.filter(({ name }) => name !== ".git");
    if (ignored) return kept;
    const level = await levelOf(directory, kept, levels.get(join(directory, "..")) ?? null);
    levels.set(directory, level);
    return kept.filter((entry) => !isIgnored(level, directory, entry));
  };

  // fast-glob walks; which entries there are is decided here, so that it enters no ignored folder.
  // Files are taken from here as well: fast-glob reads a backslash in a name as a separator.
  const listed = async (directory: string): Promise<Dirent[]> => {
    const entries = await entriesOf(directory);
    const below = toSlashes(relative(folder, directory));
    for (const entry of entries) {
      if (!entry.isDirectory()) paths.push(below === "" ? entry.name : `${below}/${entry.name}`);
    }
    return entries;
  };
  const stream = fastGlob.stream("**", {
    cwd: folder,
    dot: true,
    onlyFiles: false,
    followSymbolicLinks: false,
    unique: false,
    fs: {
      readdir: callbackify((directory: string) =>
        listed(directory).catch((error: NodeJS.ErrnoException): Dirent[] => {
          notices.push(unreadable(shownName(toSlashes(relative(folder, directory))), error));
          return [];
        }),
      ) as never,
    },
  });
  for await (const _ of stream as AsyncIterable<unknown>);
  return { paths: paths.sort(compareText), notices };
}

/** A folder's entries; names that are not valid UTF-8 by file-names. */
async function readEntries(directory: string): Promise<Dirent[]> {
  const place = systemName(directory);
  const entries = await readdir(place, { withFileTypes: true });
  if (!entries.some(({ name }) => name.includes("\uFFFD"))) return entries;
  const exact = await readdir(place, { withFileTypes: true, encoding: "buffer" });
  return exact.map((entry) =>
    Object.assign(entry as Dirent<never>, { name: textOfName(entry.name) }),
  );
}

/** git did not take the folder for a repository, and yet there is something in `.git`. */
async function brokenRepository(folder: string): Promise<Notice[]> {
  const inside = await readdir(join(folder, ".git")).catch(() => null); // a file: a worktree's link
  if (inside?.length === 0) return [];
  return [
    {
      kind: "notice",
      code: "broken-repository",
      message:
        "There is a .git here, but git does not take it for a repository: its history was not scanned. Repair it, or scan a fresh clone.",
      subject: folder,
      incomplete: true,
    },
  ];
}

async function levelOf(
  directory: string,
  entries: readonly Dirent[],
  above: Level | null,
): Promise<Level> {
  const present = ignoreFiles.filter((file) =>
    entries.some((entry) => entry.name === file && entry.isFile()),
  );
  if (present.length === 0) return { directory, rules: null, above };
  const rules = createIgnore({ ignorecase: false, allowRelativePaths: true });
  for (const file of present) rules.add(await textOf(join(directory, file)));
  return { directory, rules, above };
}

/** The deepest folder that has a rule for the entry decides. */
function isIgnored(level: Level, directory: string, entry: Dirent): boolean {
  const path = join(directory, entry.name);
  for (let at: Level | null = level; at !== null; at = at.above) {
    if (at.rules === null) continue;
    const name = toSlashes(relative(at.directory, path)) + (entry.isDirectory() ? "/" : "");
    const { ignored, unignored } = at.rules.test(name);
    if (ignored || unignored) return ignored;
  }
  return false;
}

/** Reads an ignore file; a link, as in git, counts as absent (gitignore(5), NOTES). */
async function textOf(file: string): Promise<string> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(systemName(file), flags);
  try {
    return (await handle.readFile("utf8")).replace(/^\uFEFF/u, "");
  } finally {
    await handle.close();
  }
}

function unreadable(path: string, error: NodeJS.ErrnoException): Notice {
  return {
    kind: "notice",
    code: "unreadable-file",
    message: `The folder ${path} could not be read (${error.code ?? error.message}). Make it readable or exclude it.`,
    subject: path,
    incomplete: true,
  };
}

function toSlashes(path: string): string {
  return sep === "/" ? path : path.split(sep).join("/");
}

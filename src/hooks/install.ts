// Puts our lines into hook files, takes them out again, and says what is there.
// Where the files lie is left to hook-place, what stands in them to hook-file.
import { chmod, lstat, mkdir, readFile, rename, rmdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../model/errors.js";
import {
  holdsBlock,
  hookBlock,
  isEmptyFrame,
  isShellScript,
  programIn,
  wholeHook,
  withBlock,
  withoutBlock,
} from "./hook-file.js";
import { hookNames, type HookName } from "./hook-names.js";
import type { HookPlace } from "./hook-place.js";

export interface HookChange {
  readonly hook: HookName;
  readonly path: string;
  /**
   * - `made`: a new file; `joined`: put before what the file did already; `wrapped`: the hook that
   *   was there is kept beside and run after ours; `updated`: an older version of our lines
   * - `restored`: the kept hook is back; `removed`: the file is gone; `left`: our lines are gone,
   *   the rest stays
   * - `unchanged`: nothing to do
   */
  readonly change:
    | "made"
    | "joined"
    | "wrapped"
    | "updated"
    | "restored"
    | "removed"
    | "left"
    | "unchanged";
}

export interface HookState {
  readonly hook: HookName;
  readonly path: string;
  readonly installed: boolean;
  /** Another hook runs beside ours, or instead of ours. */
  readonly foreign: boolean;
  /** The program that the hook starts, or looks for, is there; null when ours is not installed. */
  readonly programFound: boolean | null;
}

/** Installs hooks; those that are there keep running. Doing it again changes nothing. */
export async function installHooks(
  place: HookPlace,
  hooks: readonly HookName[],
): Promise<HookChange[]> {
  await mkdir(place.directory, { recursive: true });
  const changes: HookChange[] = [];
  for (const hook of hooks) changes.push(await installOne(place, hook));
  return changes;
}

async function installOne(place: HookPlace, hook: HookName): Promise<HookChange> {
  const path = join(place.directory, hook);
  const block = asBytes(hookBlock(hook, place.program));
  const file = await readHook(path);
  if (file === null) {
    await writeHook(path, wholeHook(block, null), 0o755);
    return { hook, path, change: "made" };
  }
  if (holdsBlock(file.text)) {
    const text = withBlock(file.text, block);
    if (text === file.text) return { hook, path, change: "unchanged" };
    await writeHook(path, text, file.mode);
    return { hook, path, change: "updated" };
  }
  // Lines put into a file that git does not run would wake up what its owner put to sleep.
  const joins = place.alwaysShell || (isShellScript(file.text) && (file.mode & 0o111) !== 0);
  if (joins && !file.link) {
    await writeHook(path, withBlock(file.text, block), file.mode);
    return { hook, path, change: "joined" };
  }
  const kept = `${path}.${keptSuffix}`;
  if ((await readHook(kept)) !== null) {
    throw new UserError(
      `${kept} is in the way: a hook of this name was kept there before`,
      "Move it away, then install again.",
    );
  }
  await rename(path, kept);
  await writeHook(path, wholeHook(block, `${hook}.${keptSuffix}`), 0o755);
  return { hook, path, change: "wrapped" };
}

const keptSuffix = "before-dashleaks";

/** Takes out exactly what `installHooks` put in, by default from every hook of the place. */
export async function uninstallHooks(
  place: HookPlace,
  hooks: readonly HookName[] = hookNames,
): Promise<HookChange[]> {
  const changes: HookChange[] = [];
  for (const hook of hooks) {
    const path = join(place.directory, hook);
    const file = await readHook(path);
    if (file === null || !holdsBlock(file.text)) continue;
    changes.push({ hook, path, change: await takeOut(path, hook, file) });
  }
  return changes;
}

async function takeOut(
  path: string,
  hook: HookName,
  file: HookFile,
): Promise<HookChange["change"]> {
  const rest = withoutBlock(file.text);
  if (!isEmptyFrame(rest, `${hook}.${keptSuffix}`)) {
    await writeHook(path, rest, file.mode);
    return "left";
  }
  const kept = `${path}.${keptSuffix}`;
  if ((await readHook(kept)) === null) {
    await rm(path);
    return "removed";
  }
  await rename(kept, path);
  return "restored";
}

/** Says for every hook whether ours is in place and whether it can run. */
export async function hookStates(place: HookPlace): Promise<HookState[]> {
  return Promise.all(
    hookNames.map(async (hook) => {
      const path = join(place.directory, hook);
      const file = await readHook(path);
      const installed = file !== null && holdsBlock(file.text);
      const frame = installed && isEmptyFrame(withoutBlock(file.text), `${hook}.${keptSuffix}`);
      const kept = frame && (await readHook(`${path}.${keptSuffix}`)) !== null;
      const program = installed ? programIn(file.text) : null;
      const found =
        program === null ? place.findsProgram : (await readHook(asText(program))) !== null;
      return {
        hook,
        path,
        installed,
        foreign: file !== null && (!frame || kept),
        programFound: installed ? found : null,
      };
    }),
  );
}

/** Removes the template folder that `--global` made, as far as nothing else is in it. */
export async function removeEmptyFolders(directories: readonly string[]): Promise<void> {
  for (const directory of directories) {
    try {
      await rmdir(directory);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOTEMPTY" || code === "EEXIST" || code === "ENOENT") return;
      throw error;
    }
  }
}

interface HookFile {
  readonly text: string;
  readonly mode: number;
  readonly link: boolean;
}

/** Bytes are kept one to one: a hook may be in any encoding, or a binary program. */
const hookEncoding = "latin1";

function asBytes(text: string): string {
  return Buffer.from(text, "utf8").toString(hookEncoding);
}

function asText(bytes: string): string {
  return Buffer.from(bytes, hookEncoding).toString("utf8");
}

async function readHook(path: string): Promise<HookFile | null> {
  try {
    const facts = await lstat(path);
    const link = facts.isSymbolicLink();
    // A link is moved as it is; what it leads to may be gone.
    const text = link ? "" : await readFile(path, hookEncoding);
    return { text, mode: facts.mode & 0o777, link };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw new UserError(
      `the hook ${path} cannot be read (${code ?? "unknown error"})`,
      "See that it is a file that you may read.",
      { cause: error },
    );
  }
}

/** Writes beside and renames: git never finds half a hook. */
async function writeHook(path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.dashleaks-draft`;
  try {
    await writeFile(draft, Buffer.from(text, hookEncoding));
    await chmod(draft, mode);
    await rename(draft, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      `the hook ${path} cannot be written (${code ?? "unknown error"})`,
      "See that you may write to its folder.",
      { cause: error },
    );
  }
}

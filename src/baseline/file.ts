// Reads and writes the baseline's file: the only place of this room that touches the disk.
// What the text means is left to format.
import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { UserError } from "../model/index.js";
import type { Baseline } from "./baseline.js";
import { formatBaseline, parseBaseline } from "./format.js";

/**
 * Reads a baseline; null when there is no such file.
 * @param path where it is
 * @param shownPath how to call it in messages
 * @throws UserError when it cannot be read or is malformed
 */
export async function readBaseline(path: string, shownPath = path): Promise<Baseline | null> {
  let content: string;
  try {
    content = await readFile(path, "utf8");
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return null;
    throw new UserError(`${shownPath} cannot be read (${codeOf(cause)}).`, null, { cause });
  }
  return parseBaseline(content, shownPath);
}

/** Writes a baseline whole or not at all. */
export async function writeBaseline(
  path: string,
  baseline: Baseline,
  shownPath = path,
): Promise<void> {
  // Beside the file, so that renaming stays within one file system; under a name that nobody can
  // foresee and only if it is new (`wx`), so that no link in the repository leads the text elsewhere.
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await writeFile(unfinished, formatBaseline(baseline), { flag: "wx" });
    await rename(unfinished, path);
  } catch (cause) {
    // What went wrong first is what the user is told; a leftover that cannot be removed adds nothing.
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw new UserError(`${shownPath} cannot be written (${codeOf(cause)}).`, null, { cause });
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
}

// Lists and opens the packs of some object directories, and says of each that cannot be opened why.
// Reading them is left to fast-history.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Notice } from "../../model/notice.js";
import { openPack, PackError, type PackFile } from "./pack-file.js";

/** Packs that were opened, and what is to be done about the others. */
export interface OpenedPacks {
  readonly files: readonly PackFile[];
  /** Ids of objects that only git may be able to read. */
  readonly ids: readonly string[];
  readonly notices: readonly Notice[];
  /** Packs that were listed but are not there: removed meanwhile, or a half is missing. */
  readonly gone: readonly string[];
}

/**
 * Opens every pack that is not in `known`, and puts it there. A pack that lies in several directories
 * is opened once.
 */
export function openPacks(
  directories: readonly string[],
  idBytes: number,
  known: Set<string>,
): OpenedPacks {
  const files: PackFile[] = [];
  const ids: string[] = [];
  const notices: Notice[] = [];
  const gone: string[] = [];
  for (const folder of directories.map((directory) => join(directory, "pack"))) {
    const names = new Set(list(folder, notices));
    for (const name of names) {
      const path = join(folder, name);
      if (name.endsWith(".pack") && !names.has(name.replace(/pack$/u, "idx"))) gone.push(path);
      if (!name.endsWith(".idx") || known.has(path)) continue;
      try {
        const file = openPack(path, idBytes);
        known.add(path);
        files.push(file);
      } catch (error) {
        if (!(error instanceof PackError)) throw error;
        if (error.why === "gone") {
          gone.push(path);
          continue;
        }
        known.add(path);
        ids.push(...(error.ids ?? []));
        notices.push(packNotice(path, error));
      }
    }
  }
  return { files, ids, notices, gone };
}

/** What is said of a pack that this reader does not read itself. */
export function packNotice(path: string, error: PackError): Notice {
  const left = error.why === "unknown" && error.ids !== null;
  return {
    kind: "notice",
    code: left ? "fallback-reader" : "corrupt-pack",
    message: left
      ? `${error.message}: its objects were read through git.`
      : `${error.message}: objects in it may not have been scanned. Run git fsck.`,
    subject: path,
    incomplete: !left,
  };
}

/** What is said of a pack that lacks its other half after the last listing. */
export function halfPackNotice(path: string): Notice {
  const other = path.endsWith(".pack") ? "its index" : "the pack itself";
  return {
    kind: "notice",
    code: "corrupt-pack",
    message: `${path} is there without ${other}: what is in it was not scanned. Run git fsck, or git index-pack on it.`,
    subject: path,
    incomplete: true,
  };
}

/** What is said of an object that is not the one that its id stands for. */
export function wrongIdNotice(oid: string, index: string | null): Notice {
  const where = index === null ? "" : ` by ${index}`;
  return {
    kind: "notice",
    code: "corrupt-pack",
    message: `Something else than object ${oid} is named so${where}, and was not scanned. Run git fsck.`,
    subject: index ?? oid,
    incomplete: true,
  };
}

function list(folder: string, notices: Notice[]): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code === "ENOENT") return [];
    notices.push({
      kind: "notice",
      code: "corrupt-pack",
      message: `${folder} could not be listed (${code}): its packs were not scanned.`,
      subject: folder,
      incomplete: true,
    });
    return [];
  }
}

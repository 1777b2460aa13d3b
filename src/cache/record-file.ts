// The file in which the record of what is clean is kept: where it lies, its seal, its size.
// What it means is left to clean-record.
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** Larger files are not read: nothing that this tool writes is so large. */
const mostBytes = 16 << 20;

export interface RecordPlaces {
  /** Where the record is looked for and written, the best place first. */
  readonly files: readonly string[];
  /** Holds the secret of this user with which records are sealed. */
  readonly secret: string;
}

/** @param commonDirectory the git directory that all linked worktrees share */
export function recordPlaces(
  commonDirectory: string,
  environment: Readonly<Record<string, string | undefined>>,
): RecordPlaces {
  const user = join(userCacheFolder(environment), "dashleaks");
  const name = createHash("sha256").update(commonDirectory).digest("hex");
  return {
    files: [join(commonDirectory, "dashleaks", "clean"), join(user, "clean", name)],
    secret: join(user, "secret"),
  };
}

/** XDG Base Directory Specification 0.8; the folders that Apple and Microsoft name for caches. */
function userCacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const named = environment["XDG_CACHE_HOME"];
  if (named) return named;
  if (process.platform === "win32") {
    return environment["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local");
  }
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches");
  return join(homedir(), ".cache");
}

/**
 * The first record that is there and whole.
 *
 * A repository can come from anybody, its git directory included. So a record counts only with a seal
 * (HMAC) made with a secret that lies in the user's own folder: nobody else can say what is clean.
 * @returns its text; null when there is none; an Error that says why one cannot be used
 */
export function readRecord(places: RecordPlaces): string | null | Error {
  for (const file of places.files) {
    let sealed: Buffer;
    try {
      if (statSync(file).size > mostBytes) return new Error(`${file} is larger than it can be`);
      sealed = readFileSync(file);
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ENOTDIR") continue;
      return new Error(`${file} could not be read (${code})`, { cause: error });
    }
    const secret = readSecret(places);
    const end = sealed.indexOf("\n");
    const text = sealed.subarray(end + 1);
    if (secret === null || !sealMatches(sealed.toString("latin1", 0, end), sealOf(secret, text))) {
      return new Error(`${file} was not written by this user, or is damaged`);
    }
    return text.toString("utf8");
  }
  return null;
}

/** Writes the record where that is possible; of two runs at once the later one's stays, whole. */
export function writeRecord(places: RecordPlaces, text: string): Error | null {
  if (Buffer.byteLength(text) > mostBytes) return new Error("it would be too large");
  let failure: Error | null = null;
  for (const file of places.files) {
    const aside = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
    try {
      const secret = readSecret(places) ?? makeSecret(places);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(aside, `${sealOf(secret, text)}\n${text}`, { flag: "wx", mode: 0o600 });
      renameSync(aside, file);
      return null;
    } catch (error) {
      discard(aside);
      failure = error as Error;
    }
  }
  return failure;
}

function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Why the file could not be written is told already.
  }
}

function readSecret(places: RecordPlaces): Buffer | null {
  try {
    const secret = readFileSync(places.secret);
    return secret.length === 32 ? secret : null;
  } catch {
    // Without it no record can be trusted; one is made when a record is written.
    return null;
  }
}

function makeSecret(places: RecordPlaces): Buffer {
  mkdirSync(dirname(places.secret), { recursive: true, mode: 0o700 });
  const secret = randomBytes(32);
  const aside = `${places.secret}.${process.pid}`;
  writeFileSync(aside, secret, { mode: 0o600 });
  renameSync(aside, places.secret);
  return readSecret(places) ?? secret;
}

function sealOf(secret: Buffer, text: string | Buffer): string {
  return createHmac("sha256", secret).update(text).digest("hex");
}

function sealMatches(seal: string, expected: string): boolean {
  return (
    seal.length === expected.length && timingSafeEqual(Buffer.from(seal), Buffer.from(expected))
  );
}

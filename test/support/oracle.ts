// What is really in a repository, by full expansion through git, and what the fast reader says.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Notice } from "../../src/model/notice.js";
import type { Repository, SourceItem } from "../../src/model/source.js";
import type { Witness } from "../../src/model/witness.js";
import { fastHistory, type FastHistoryOptions } from "../../src/sources/packs/fast-history.js";
import type { TestRepository } from "./repository.js";

const byte = (text: string): Witness =>
  Array.from(Buffer.from(text, "latin1"), (code) => new Set([code]));
const oneOf = (letters: string): ReadonlySet<number> => new Set(Buffer.from(letters, "latin1"));
const hex = oneOf("0123456789abcdef");

/** Witnesses like those of the rules: literal, with classes, at every base64 alignment, UTF-16. */
export const testWitnesses: readonly Witness[] = [
  [...byte("sk-"), hex, hex, hex, hex, hex, hex, hex, hex],
  byte("sk-ws-"),
  byte("sk-sp-"),
  byte("c2st"),
  [oneOf("HXn3"), ...byte("NrL"), oneOf("TW")],
  [...byte("zay"), oneOf("01")],
  byte("s\0k\0-"),
];

/** Every place at which a witness occurs, as a regular expression finds it. */
export function witnessPlaces(bytes: Uint8Array, witnesses: readonly Witness[]): number[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  return [...text.matchAll(patternOf(witnesses))].map((found) => found.index);
}

/** Looks ahead only, so that places may overlap. */
function patternOf(witnesses: readonly Witness[]): RegExp {
  const escaped = (code: number): string => `\\x${code.toString(16).padStart(2, "0")}`;
  const options = witnesses.map((witness) =>
    witness.map((allowed) => `[${[...allowed].map(escaped).join("")}]`).join(""),
  );
  return new RegExp(`(?=${options.join("|")})`, "gs");
}

/** Object id and place of every witness, as text, sorted. */
export function placesInAll(
  objects: ReadonlyMap<string, Uint8Array>,
  witnesses = testWitnesses,
): string[] {
  return [...objects]
    .flatMap(([oid, bytes]) => witnessPlaces(bytes, witnesses).map((at) => `${oid} ${at}`))
    .sort();
}

/** Every object, expanded by git. */
export function expandAll(path: string, environment: NodeJS.ProcessEnv = {}): Map<string, Buffer> {
  const output = execFileSync(
    "git",
    ["-C", path, "cat-file", "--batch-all-objects", "--batch", "--unordered", "--buffer"],
    { maxBuffer: 2 ** 31 - 1, env: { ...process.env, ...environment }, stdio: "pipe" },
  );
  const objects = new Map<string, Buffer>();
  for (let at = 0; at < output.length;) {
    const line = output.indexOf("\n", at);
    const [oid = "", , size] = output.toString("latin1", at, line).split(" ");
    objects.set(oid, output.subarray(line + 1, line + 1 + Number(size)));
    at = line + 2 + Number(size);
  }
  return objects;
}

/** Facts about a test's repository. */
export function factsOf(repository: TestRepository): Repository {
  const gitDirectory = repository.git("rev-parse", "--absolute-git-dir");
  return {
    named: repository.path,
    worktree: repository.path,
    gitDirectory,
    commonDirectory: gitDirectory,
    objectFormat: repository.git("rev-parse", "--show-object-format") as "sha1" | "sha256",
    bare: repository.git("rev-parse", "--is-bare-repository") === "true",
    shallow: false,
    partial: false,
    worktrees: [],
    remotes: [],
  };
}

export interface FastAnswer {
  /** Objects that were given, whole. */
  readonly given: ReadonlyMap<string, Buffer>;
  readonly types: ReadonlyMap<string, string>;
  readonly notices: readonly Notice[];
  /** Ids that were handed to the exact reader; null stands for all. */
  readonly handedOver: readonly (ReadonlySet<string> | null)[];
  readonly objects: number;
}

/** Runs the fast reader and keeps what it says. */
export async function readFast(
  repository: TestRepository,
  options: Partial<FastHistoryOptions> = {},
): Promise<FastAnswer> {
  const pieces = new Map<string, Buffer[]>();
  const types = new Map<string, string>();
  const notices: Notice[] = [];
  const handedOver: (ReadonlySet<string> | null)[] = [];
  let objects = 0;
  const items = fastHistory(factsOf(repository), {
    witnesses: { witnesses: testWitnesses, rulesWithout: [] },
    threads: 1,
    exact: (only) => {
      handedOver.push(only);
      return nothing();
    },
    ...options,
  });
  for await (const item of items) {
    if (item.kind === "notice") notices.push(item);
    if (item.kind === "progress") objects += item.objects ?? 0;
    if (item.kind !== "chunk" || item.origin.kind !== "object") continue;
    const { oid, type } = item.origin;
    if (item.first && pieces.has(oid)) throw new Error(`${oid} was given twice`);
    pieces.set(oid, [...(pieces.get(oid) ?? []), Buffer.from(item.bytes)]);
    types.set(oid, type);
  }
  const given = new Map([...pieces].map(([oid, parts]) => [oid, Buffer.concat(parts)]));
  return { given, types, notices, handedOver, objects };
}

async function* nothing(): AsyncGenerator<SourceItem> {
  yield* [];
}

/** Puts a pack into a repository and has git make its index. */
export function installPack(repository: TestRepository, pack: Buffer, name = "pack-test"): string {
  const folder = join(factsOf(repository).commonDirectory, "objects", "pack");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.pack`);
  writeFileSync(path, pack);
  repository.git("index-pack", path);
  return path;
}

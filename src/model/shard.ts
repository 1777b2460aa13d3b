// One part of a scan that several jobs share. Membership depends on names alone, never on what a
// job sees of its own clone: two jobs whose packs or sizes differ still leave nothing out.
import { UserError } from "./errors.js";

/** Part `index` (from 1) of `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** What a report of one part says, so that a merge can tell whether all parts are there. */
export interface ShardRecord extends Shard {
  /** A digest of what all parts together look at: only parts of the same work make a whole. */
  readonly work: string;
  /** Names of all that the parts together look at. */
  readonly repositories: readonly string[];
}

const most = 10_000;

/**
 * Reads `I/N`.
 * @throws UserError unless 1 <= I <= N
 */
export function parseShard(text: string): Shard {
  const [, index = 0, count = 0] = (/^(\d{1,5})\/(\d{1,5})$/u.exec(text) ?? []).map(Number);
  if (index < 1 || index > count || count > most) {
    throw new UserError(
      `--shard does not understand "${text}"`,
      `Write I/N, such as 1/4 for the first of four parts (I from 1 to N, N up to ${most}).`,
    );
  }
  return { index, count };
}

/** Does this part look at that object? Object ids are hashes, so the parts are even. */
export function shardHasObject(shard: Shard | null | undefined, oid: string): boolean {
  if (!shard || shard.count === 1) return true;
  return Number.parseInt(oid.slice(0, 12), 16) % shard.count === shard.index - 1;
}

/** The same for an id that stands in binary somewhere in some bytes. */
export function shardHasId(shard: Shard, bytes: Uint8Array, at: number): boolean {
  let number = 0;
  for (let i = at; i < at + 6; i++) number = number * 256 + (bytes[i] ?? 0);
  return number % shard.count === shard.index - 1;
}

/**
 * Does this part look at what has that name (a path or a ref)?
 * Hash: FNV-1a, 32 bits, over UTF-16 code units, then the finaliser of MurmurHash3, without which
 * the low bits of similar names are alike.
 */
export function shardHasName(shard: Shard | null | undefined, name: string): boolean {
  if (!shard || shard.count === 1) return true;
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % shard.count === shard.index - 1;
}

/** How the work of a run is split. */
export interface ShardPlan<T> {
  /** The targets that this part looks at. */
  readonly targets: readonly T[];
  /** What each of those is still split by, or null when this part looks at all of it. */
  readonly within: Shard | null;
}

/**
 * Splits a list of targets. With at least as many targets as parts, whole targets are dealt out,
 * there and back again (1 2 3 3 2 1), so that a list in order of size gives even parts. With fewer,
 * every part opens every target and takes its share of the objects and files.
 */
export function shardTargets<T>(targets: readonly T[], shard: Shard | null): ShardPlan<T> {
  if (!shard || shard.count === 1) return { targets, within: null };
  const { index, count } = shard;
  if (targets.length < count) return { targets, within: shard };
  const mine = targets.filter((_, position) => {
    const turn = position % (2 * count);
    return (turn < count ? turn : 2 * count - 1 - turn) === index - 1;
  });
  return { targets: mine, within: null };
}

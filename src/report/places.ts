// A place in words: where, and since when and by whom. Shared by the formats that people read.
// Escaping and layout are left to them.
import { neutral } from "./neutral.js";
import type { PublishedPlace } from "./published.js";
import { dayOf, nameOf, placeWords } from "./words.js";

/** Characters of a commit id that are enough for people. */
const shortIdLength = 8;

export function shortId(id: string): string {
  return id.slice(0, shortIdLength);
}

/** Where, as people write it: `config/prod.env:12:20`. Safe to show in a terminal. */
export function locationOf(place: PublishedPlace): string {
  const { kind, path, line, column, refs, repository, object } = place;
  const position = line === null ? "" : `:${line}${column === null ? "" : `:${column}`}`;
  const nameless = object === null ? placeWords[kind] : `object ${shortId(object)}`;
  const where =
    kind === "ref-name" || kind === "tag-message" || kind === "note" || kind === "commit-message"
      ? `${placeWords[kind]}${refName(kind, refs)}${position}`
      : `${path ?? nameless}${position}`;
  return neutral(repository === null ? where : `[${repository}] ${where}`);
}

function refName(kind: PublishedPlace["kind"], refs: readonly string[]): string {
  const [first] = refs;
  return first === undefined || kind === "commit-message"
    ? ""
    : ` ${first.replace(/^refs\/(?:heads|tags|remotes)\//u, "")}`;
}

/** What kind of place it is where that is not plain from its location; null for commits. */
export function settingOf(place: PublishedPlace): string | null {
  const { kind, worktree, encoding, trail, path, object } = place;
  const parts: string[] = [];
  if (kind === "file" || kind === "index") parts.push(placeWords[kind]);
  if (worktree !== null) parts.push(`linked worktree ${worktree}`);
  if (kind === "stash" || kind === "reflog" || kind === "unreachable") {
    if (path !== null || object !== null) parts.push(placeWords[kind]);
  }
  if (kind === "path-name") parts.push("the path itself");
  if (trail.length > 0) parts.push(`in ${trail.join(" › ")}`);
  if (encoding.length > 0) parts.push(`written as ${encoding.join(" in ")}`);
  return parts.length === 0 ? null : neutral(parts.join(", "));
}

/** Commit, day and author's name, as far as known: `["3f2a91c0", "2024-03-01", "Ada Author"]`. */
export function originOf(place: {
  readonly commit: string | null;
  readonly date: string | null;
  readonly author: string | null;
}): string[] {
  const { commit, date, author } = place;
  const parts = [
    commit === null ? null : shortId(commit),
    dayOf(date),
    author === null ? null : neutral(nameOf(author)),
  ];
  return parts.filter((part) => part !== null);
}

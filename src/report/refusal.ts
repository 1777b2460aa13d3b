// Why a hook refuses, in about five lines: what was found, how to take it out, how to let it pass.
// Whether it refuses, and where this text goes, is left to cli.
import { neutral } from "./neutral.js";
import { locationOf, shortId } from "./places.js";
import type { PublishedKey, PublishedPlace } from "./published.js";
import { confidenceWords, counted, kindWords } from "./words.js";

/** What is refused. */
export type Occasion = "commit" | "message" | "push" | "receive" | "tree";

interface Words {
  readonly refused: string;
  readonly takeOut: (place: PublishedPlace, parents: number) => string;
  readonly letPass: (fingerprint: string) => string;
}

const inBaseline = (fingerprint: string): string =>
  `dashleaks baseline add --reason "…" ${fingerprint}`;
const inline = 'write "dashleaks:allow" and a reason on its line';

const resetToo = "reset the key too if anybody else may have it";

const words = {
  commit: {
    refused: "this commit would add",
    takeOut: ({ path, kind }) =>
      kind === "path-name"
        ? `git mv ${shown(path)} to a name without the key, then commit again.`
        : `read the key from an environment variable, edit the file, then: git add ${shown(path)}`,
    letPass: (fingerprint) => `${inline}, or: ${inBaseline(fingerprint)}`,
  },
  message: {
    refused: "this commit's message holds",
    takeOut: () => "git commit -e -F .git/COMMIT_EDITMSG (your message is kept there).",
    letPass: (fingerprint) => `${inline}, or: ${inBaseline(fingerprint)}`,
  },
  push: {
    refused: "this push would publish",
    takeOut: (place, parents) => `${rewrite(place, parents)}; ${resetToo}.`,
    letPass: inBaseline,
  },
  receive: {
    refused: "this push would publish",
    takeOut: (place, parents) => `${rewrite(place, parents)}, then push again; ${resetToo}.`,
    letPass: (fingerprint) => `the keeper of this server runs, in it: ${inBaseline(fingerprint)}`,
  },
  tree: {
    refused: "these files hold",
    takeOut: ({ path }) => `read the key from an environment variable in ${shown(path)}.`,
    letPass: (fingerprint) => `${inline}, or: ${inBaseline(fingerprint)}`,
  },
} as const satisfies Record<Occasion, Words>;

/** More keys than this are counted, not listed. */
const mostKeys = 5;

/**
 * @param keys those that make the hook refuse, worst first; at least one
 * @param parents how many the commit of the first key's first place has, where it is in one
 */
export function refusal(
  occasion: Occasion,
  keys: readonly PublishedKey[],
  parents: number,
): string {
  const [first] = keys;
  if (first === undefined) return "";
  const { refused, takeOut, letPass }: Words = words[occasion];
  const lines = [
    `dashleaks: refused: ${refused} ${counted(keys.length, "key")}. Nothing was changed.`,
    ...keys.slice(0, mostKeys).map(listed),
    ...(keys.length > mostKeys ? [`  and ${keys.length - mostKeys} more`] : []),
    `  Take it out: ${takeOut(first.places[0], parents)}`,
    `  Let it pass: ${letPass(first.fingerprint)}`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Keys that do not stop anything, because they were there before: told in two lines for each reason. */
export function mention(keys: readonly PublishedKey[]): string {
  const reasons = new Set(keys.map(({ suppressed }) => suppressed?.reason ?? ""));
  return [...reasons]
    .map((reason) => {
      const [first, ...rest] = keys.filter((key) => (key.suppressed?.reason ?? "") === reason);
      if (first === undefined) return "";
      const more = rest.length > 0 ? ` and ${counted(rest.length, "more", "more")}` : "";
      return `dashleaks: not refused, because ${reason}:\n${listed(first)}${more}\n`;
    })
    .join("");
}

function listed({ masked, kind, confidence, places }: PublishedKey): string {
  const [place] = places;
  const since = place.commit === null ? "" : ` in commit ${shortId(place.commit)}`;
  const more = places.length > 1 ? ` and ${counted(places.length - 1, "more place")}` : "";
  // Only a commit's message comes by standard input here.
  const where = place.kind === "stdin" ? `line ${place.line ?? 1}` : locationOf(place);
  return `  ${masked}  ${kindWords[kind]}, ${confidenceWords[confidence]}: ${where}${since}${more}`;
}

function rewrite({ commit, kind, path, refs }: PublishedPlace, parents: number): string {
  if (kind === "ref-name") return "push it under a name without the key";
  if (kind === "note") return withoutNote(path ?? "", refs[0] ?? "refs/notes/commits");
  if (commit === null) {
    return kind === "tag-message" ? "make the tag again without it" : "rewrite what holds it";
  }
  return `rewrite commit ${shortId(commit)} (${rebase(shortId(commit), parents)})`;
}

/** Notes have a history of their own, which no rebase reaches. Source: git-notes(1). */
function withoutNote(object: string, ref: string): string {
  const name = shown(ref);
  return `git notes --ref=${name} remove ${object.slice(0, 12)} && git update-ref ${name} "$(git commit-tree -m Notes ${shown(`${ref}^{tree}`)})"`;
}

/** Source: git-rebase(1), `--root` for the first commit of all, `--rebase-merges` for a merge. */
function rebase(commit: string, parents: number): string {
  if (parents === 0) return 'git rebase -i --root, mark it "edit"';
  if (parents === 1) return `git rebase -i ${commit}^, mark it "edit"`;
  return `git rebase -i -r ${commit}^, write "break" behind it`;
}

/** A path as it can be typed after a command. */
function shown(path: string | null): string {
  const text = neutral(path ?? "the file");
  return /^[\w./@+-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

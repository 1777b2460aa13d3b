// The text of a hook file: our lines go in and come out again, everybody else's stay as they are.
// Which file that is, and writing it, is left to install.
import { programName } from "./find-program.js";
import { readsStandardInput, type HookName } from "./hook-names.js";

const begin =
  "# >>> dashleaks: put in by `dashleaks hook install`, taken out by `dashleaks hook uninstall` >>>";
const end = "# <<< dashleaks <<<";

/** How our program is started from a hook file. */
export type HookProgram =
  /** By its absolute path, for files that stay on this machine. */
  | { readonly kind: "path"; readonly path: string }
  /**
   * For files that are committed, in which no path of this machine may stand: in the repository's
   * packages (`local`, from the top folder, in which git starts hooks), else on PATH.
   */
  | { readonly kind: "shared"; readonly local: string };

/**
 * Our lines for a hook. A hook beside ours that reads standard input gets all of it again.
 * POSIX sh; a program that is not there ends the hook with an error, so nothing passes unseen.
 */
export function hookBlock(hook: HookName, program: HookProgram): string {
  const start = program.kind === "path" ? quoted(program.path) : '"$dashleaks_hook"';
  const find = program.kind === "path" ? [] : findLines(program.local);
  const lines = readsStandardInput[hook]
    ? [
        ...find,
        "dashleaks_input=$(cat)",
        `printf '%s\\n' "$dashleaks_input" | ${start} ${hook} "$@" || exit $?`,
        'if [ -n "$dashleaks_input" ]; then',
        "exec <<dashleaks_end",
        "$dashleaks_input",
        "dashleaks_end",
        "else exec </dev/null; fi",
      ]
    : [...find, `${start} ${hook} "$@" || exit $?`];
  return [begin, ...lines, end, ""].join("\n");
}

function findLines(local: string): readonly string[] {
  const message = `dashleaks: ${programName} was not found, so nothing could be checked. ${howToProvide}`;
  return [
    `dashleaks_hook=${quoted(local)}`,
    `[ -x "$dashleaks_hook" ] || dashleaks_hook=$(command -v ${programName}) || {`,
    `echo ${quoted(message)} >&2`,
    "exit 2; }",
  ];
}

/** What to do where the program is in neither place. */
export const howToProvide = "Run npm install, or npm install --save-dev dashleaks.";

const header = "#!/bin/sh\n# Made by `dashleaks hook install`.\n";

/**
 * A whole hook file for a place where there was none, or where the one there is kept beside it.
 * @param kept the kept hook's name in the same folder; it is run after ours, when it may be
 */
export function wholeHook(block: string, kept: string | null): string {
  return header + block + (kept === null ? "" : keptRun(kept));
}

function keptRun(kept: string): string {
  const path = `"\${0%/*}"/${quoted(kept)}`;
  return `# The hook that was here before:\n[ ! -x ${path} ] || exec ${path} "$@"\n`;
}

/** Is this, without our lines, nothing but what `wholeHook` put around them? */
export function isEmptyFrame(text: string, kept: string): boolean {
  return text === header || text === header + keptRun(kept);
}

/** Is this a script into which sh lines can be put? */
export function isShellScript(text: string): boolean {
  return /^#!\s*(?:\S*\/)?(?:env\s+)?(?:\S*\/)?(?:sh|bash|dash|ash|ksh|zsh)(?:[ \t].*)?\n/u.test(
    text,
  );
}

/** Does the file hold our lines, whole? */
export function holdsBlock(text: string): boolean {
  return blockIn(text) !== null;
}

/** Puts our lines before everything else that the file does, or where an older version of them is. */
export function withBlock(text: string, block: string): string {
  const old = blockIn(text);
  if (old !== null) return text.slice(0, old.from) + block + text.slice(old.to);
  const start = text.startsWith("#!") ? text.indexOf("\n") + 1 : 0;
  return text.slice(0, start) + block + text.slice(start);
}

/** Takes our lines out again: `withoutBlock(withBlock(text, block))` is `text`. */
export function withoutBlock(text: string): string {
  const old = blockIn(text);
  return old === null ? text : text.slice(0, old.from) + text.slice(old.to);
}

function blockIn(text: string): { readonly from: number; readonly to: number } | null {
  const from = text.indexOf(`${begin}\n`);
  const last = from === -1 ? -1 : text.indexOf(`${end}\n`, from);
  return last === -1 ? null : { from, to: last + end.length + 1 };
}

/** The program's absolute path that a block of ours starts, or null when it looks for one. */
export function programIn(text: string): string | null {
  const place = blockIn(text);
  const block = place === null ? "" : text.slice(place.from, place.to);
  const hit = /'((?:[^']|'\\'')*dashleaks-hook)' /u.exec(block);
  return hit?.[1]?.replaceAll(String.raw`'\''`, "'") ?? null;
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

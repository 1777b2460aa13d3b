// The part of a commit message file that git will record, as commit-msg finds it.
// Looking for keys in it is left to the engine.

export interface MessageOptions {
  /** False when git set GIT_EDITOR to `:`, as it does for `git commit -m` and the like. */
  readonly edited: boolean;
  /** `commit.cleanup`, or null when it is not set. */
  readonly cleanup: string | null;
  /** `core.commentChar`; null or `auto` stand for `#`. */
  readonly commentPrefix: string | null;
}

/**
 * Blanks out what git removes from an edited message after this hook has run: the diff below the
 * scissors line of `git commit --verbose` (it shows keys that the commit takes out) and comments
 * (they name removed files). Lines keep their numbers. Where it is not certain that git removes a
 * line, it is kept. Source: git-commit(1) --cleanup, --verbose; git 2.39.
 */
export function recordedMessage(text: string, options: MessageOptions): string {
  if (!options.edited) return text;
  const prefix =
    options.commentPrefix === null || options.commentPrefix === "auto"
      ? "#"
      : options.commentPrefix;
  const scissors = text.indexOf(`${prefix} ------------------------ >8 ------------------------\n`);
  const cut = scissors > 0 && text[scissors - 1] !== "\n" ? -1 : scissors;
  const kept = cut === -1 ? text : text.slice(0, cut);
  const strips = options.cleanup === null || ["default", "strip"].includes(options.cleanup);
  if (!strips) return kept;
  return kept
    .split("\n")
    .map((line) => (line.startsWith(prefix) ? "" : line))
    .join("\n");
}

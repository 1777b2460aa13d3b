// What may be said to a git command besides its arguments; without types of Node, as our own types
// build on it. Starting git is left to git.

export interface GitOptions {
  /** Written to git's standard input, which is then closed. */
  readonly input?: string | Uint8Array | AsyncIterable<string | Uint8Array>;
  /** Exit statuses that are no error; 0 alone by default. */
  readonly allowStatus?: readonly number[];
  readonly signal?: AbortSignal;
  /** Paths may be patterns such as `:(attr:…)`; else every path is just a path. */
  readonly patterns?: boolean;
  /** Extra variables, such as a hook's GIT_INDEX_FILE or quarantine. */
  readonly environment?: Readonly<Record<string, string>>;
}

// Where bytes were read from, and the bytes themselves as sources hand them to the engine.
// Which commit, author or ref that means is left to attribution (Place).

export type GitObjectType = "blob" | "commit" | "tag" | "tree";

/** Where a document came from. Paths are relative to the scanned root, with forward slashes. */
export type Origin =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "stdin" }
  | {
      readonly kind: "index";
      readonly path: string;
      readonly oid: string;
      /** The linked worktree's folder, or null for the main one. */
      readonly worktree: string | null;
    }
  | {
      readonly kind: "object";
      readonly type: GitObjectType;
      readonly oid: string;
      /** Of a match in a tree: the name of the entry that holds it. */
      readonly entry?: string;
      /** Of a match in a commit or tag: how many lines stand before its message, the empty one too. */
      readonly headerLines?: number;
    }
  | { readonly kind: "ref-name"; readonly ref: string }
  /** A file's name that no tree object holds yet: untracked files and plain folders. */
  | { readonly kind: "path-name"; readonly path: string }
  /** A reflog file below `logs/`; its messages repeat commit subjects that may be gone. */
  | { readonly kind: "reflog"; readonly ref: string; readonly path: string };

/**
 * A piece of a document. Most documents are one chunk (`first` and `last`); large ones come as
 * several chunks in order, none of another document in between. `bytes` is valid only until the
 * next chunk is asked for.
 */
export interface Chunk {
  readonly kind: "chunk";
  readonly origin: Origin;
  readonly bytes: Uint8Array;
  readonly first: boolean;
  readonly last: boolean;
}

// Which entry of a tree object holds a hit. Which path that makes is left to attribution.

/**
 * Finds the entry whose name stands at an offset.
 * Source: gitformat-pack and git-mktree documentation, git 2.39: a tree is a row of
 * `mode SP name NUL id`, the id in binary (20 bytes with SHA-1, 32 with SHA-256).
 * @param tree the tree object's content
 * @param idBytes length of an object id in bytes
 * @returns the name, or null when the offset lies in a mode or an id, or the tree is malformed
 */
export function treeEntryAt(tree: Uint8Array, offset: number, idBytes: number): string | null {
  let start = 0;
  while (start < tree.length) {
    const space = tree.indexOf(0x20, start);
    const end = space < 0 ? -1 : tree.indexOf(0, space);
    if (end < 0) return null;
    if (offset < end) {
      if (offset <= space) return null;
      return Buffer.from(tree.subarray(space + 1, end)).toString("utf8");
    }
    start = end + 1 + idBytes;
  }
  return null;
}

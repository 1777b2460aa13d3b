// Tells whether a witness occurs in the names of a tree's entries. Their binary ids are no text of
// anybody's; by chance they hold short witnesses, and one that lasts is in thousands of trees.
import { copyBytes, fence } from "./memory";
import { hasWitness } from "./witness";

const NAMES_BYTES: usize = 16384;
const LONGEST_NAME: usize = 4096;
const names: usize = memory.data(16384 + 4096 + 512, 64) + 64;

/** Bytes of an object id. */
let idBytes: usize = 20;

export function useIdBytes(bytes: usize): void {
  idBytes = bytes;
}

/**
 * @returns true, too, when this is no tree as git writes them (gitformat-tree: mode, space, name,
 *   zero, id)
 */
export function namesHaveWitness(start: usize, end: usize): bool {
  let at = start;
  let out = names;
  while (at < end) {
    const mode = at;
    while (at < end && load<u8>(at) != 32) at++;
    if (at - mode > 6) return true;
    const name = ++at;
    while (at < end && load<u8>(at) != 0) at++;
    const length = at - name;
    at += 1 + idBytes;
    if (at > end || length > LONGEST_NAME) return true;
    copyBytes(out, name, length);
    out += length;
    store<u8>(out++, 0xff);
    if (out > names + NAMES_BYTES) {
      fence(names, out);
      if (hasWitness(names, out)) return true;
      out = names;
    }
  }
  fence(names, out);
  return hasWitness(names, out);
}

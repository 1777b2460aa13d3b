// Names of files that are not valid UTF-8, carried through text without losing which they are.
// Listing and opening files are left to folder-walk and read-files.

/**
 * A name as text. Of one that is not valid UTF-8 every byte above 127 becomes a lone surrogate, U+DC80
 * to U+DCFF, which no valid name holds (as Python's `surrogateescape`, PEP 383).
 */
export function textOfName(name: Buffer): string {
  const text = name.toString("utf8");
  if (Buffer.from(text, "utf8").equals(name)) return text;
  return name
    .toString("latin1")
    .replaceAll(/[\u0080-\u00ff]/gu, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)));
}

/** What the system is to be asked for; the opposite of `textOfName`, for whole paths too. */
export function systemName(path: string): string | Buffer {
  if (!/\p{Cs}/u.test(path)) return path;
  const bytes = Array.from(path, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code >= 0xdc80 && code <= 0xdcff ? Buffer.of(code - 0xdc00) : Buffer.from(character);
  });
  return Buffer.concat(bytes);
}

/** The name as people read it: what is not valid UTF-8 is shown as U+FFFD. */
export function shownName(path: string): string {
  return systemName(path).toString("utf8");
}

// Text from a repository, made safe to show: no terminal escapes, no characters that hide or reorder.
// Escaping for HTML, XML or Markdown is left to those formats.

// C0 and C1 controls, and Unicode's invisible, line-breaking and direction-changing characters
// (bidirectional controls: Unicode Standard Annex 9; "Trojan Source", CVE-2021-42574).
const unsafe =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]|\p{Cs}/gu;

/**
 * Shows what cannot be seen: an escape character becomes `\x1b`, a right-to-left override
 * `\u{202e}`. Every other character stays, so that paths in any language can be read.
 */
export function neutral(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
  });
}

// The two files that bin/dashleaks-hook reads: a pattern for grep, and canaries that prove it works.
// Deriving witnesses is left to ruleset, writing the files to the build.
import { grepPattern } from "./grep-patterns.js";
import type { WitnessSet } from "../model/witness.js";

/** The files' contents, one character a byte (latin1). */
export interface GateFiles {
  /** For `grep -E -f`: one pattern a line. */
  readonly witnesses: string;
  /** The number of canaries, and on the second line the canaries as a format of printf(1). */
  readonly canaries: string;
}

/**
 * Texts in each of which a witness occurs, whatever the rules: plain, in UTF-16 (so that NULs are
 * seen to be dealt with), in base64, and the first bytes of a container.
 */
const canaries: readonly string[] = [
  "K=sk-ws-canary",
  "sk-01234567",
  "s\0k\0-\0w\0s\0-\0",
  Buffer.from("sk-0123456789abcdef").toString("base64"),
  "PK\u0003\u0004\u0014",
];

/** What `git cat-file --batch` says of an object that it has not: nothing that is clean. */
const missing = "[0-9a-f]{8} missing";

/**
 * @param rules the witnesses of the rules whose keys can make a hook refuse
 * @throws Error when a rule has no witness: then grep cannot stand in for the rules
 */
export function gateFiles({ witnesses, rulesWithout }: WitnessSet): GateFiles {
  if (rulesWithout.length > 0) throw new Error(`no witness for ${rulesWithout.join(", ")}`);
  const format = canaries.map((each) => `\u00ff${each}`).join("");
  return {
    witnesses: [grepPattern(witnesses), missing, ""].join("\n"),
    canaries: `${canaries.length}\n${printfFormat(`${format}\n`)}\n`,
  };
}

/** Everything but letters, digits and a few marks as three octal digits. Source: POSIX printf. */
function printfFormat(text: string): string {
  return text.replaceAll(
    /[^\w=.-]/gu,
    (each) => `\\${each.charCodeAt(0).toString(8).padStart(3, "0")}`,
  );
}

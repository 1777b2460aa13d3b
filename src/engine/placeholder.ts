// Is a key's body something a person typed as a stand-in? Such bodies never alert.
// The words that give one away come from the rules; which bodies are asked about, from candidate.ts.

/** As long a row of neighbouring digits or letters is no accident: 1 in 10^7 random keys. */
const longestInnocentRow = 7;

/**
 * @param body the key without its kind's prefix
 * @param words words that give a stand-in away, lower case
 */
export function isPlaceholder(body: string, words: readonly string[]): boolean {
  const lower = body.toLowerCase();
  return (
    hasFewCharacters(lower) ||
    hasRow(lower, 1) ||
    hasRow(lower, 2) ||
    isRepetitive(lower) ||
    words.some((word) => lower.includes(word))
  );
}

/**
 * Does a body look as if it was drawn at random, for shapes that prove nothing? Base64url of 16
 * random bytes has all three sorts of characters in all but one case in a thousand.
 */
export function looksRandom(body: string): boolean {
  return (
    /[a-z]/u.test(body) &&
    /[A-Z]/u.test(body) &&
    /[0-9]/u.test(body) &&
    new Set(body).size >= Math.min(10, body.length / 2)
  );
}

function hasFewCharacters(body: string): boolean {
  return body.length >= 16 && new Set(body).size <= 6;
}

/**
 * `12345678`, `abcdefgh`, `fedcba98` (step 1) and interleaved `a1b2c3d4e5` (step 2), also across the
 * joints `90`, `9a`, `fa` and `f0`; and the same character over and over.
 */
function hasRow(body: string, step: 1 | 2): boolean {
  for (const follows of [isSuccessor, isPredecessor, isSame]) {
    let row: number = step;
    for (let at = step; at < body.length; at++) {
      row = follows(body[at - step] ?? "", body[at] ?? "") ? row + 1 : step;
      if (row > longestInnocentRow + (follows === isSame ? 0 : step - 1)) return true;
    }
  }
  return false;
}

function isSuccessor(a: string, b: string): boolean {
  const joint = a + b;
  return (
    (b.charCodeAt(0) === a.charCodeAt(0) + 1 && /[0-9a-z]/u.test(a)) ||
    ["90", "9a", "f0"].includes(joint)
  );
}

function isPredecessor(a: string, b: string): boolean {
  return isSuccessor(b, a);
}

function isSame(a: string, b: string): boolean {
  return a === b;
}

/** Made of a short piece over and over (`abcd1234abcd1234…`), or mostly of doubled characters. */
function isRepetitive(body: string): boolean {
  let doubled = 0;
  for (let at = 1; at < body.length; at++) if (body[at] === body[at - 1]) doubled++;
  if (body.length >= 16 && doubled >= body.length * 0.4) return true;
  for (let period = 1; period <= body.length / 2; period++) {
    let at = period;
    while (at < body.length && body[at] === body[at - period]) at++;
    if (at === body.length) return true;
  }
  return false;
}

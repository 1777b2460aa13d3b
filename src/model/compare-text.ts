// Puts texts in an order that is the same on every machine.
// What the texts are is left to those who sort.

/** Orders texts by their UTF-16 code units, the same in every locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

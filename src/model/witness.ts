// What a source may look for before it hands bytes to the engine.
// How witnesses are derived from rules is left to ruleset; how they are searched for, to sources.

/**
 * A fixed-length byte pattern: the bytes allowed at each position. Every match of every rule (in
 * every encoding that is switched on) contains at least one witness of the set, so bytes in which no
 * witness occurs need not be looked at more closely. A witness is weaker than any rule: it knows no
 * boundaries and no proofs. No position allows the byte 0xFF (the history reader uses it as a
 * separator), and no witness is longer than `maxWitnessBytes`.
 */
export type Witness = readonly ReadonlySet<number>[];

/** The longest witness, in bytes. The history reader keeps this many bytes less one at each cut. */
export const maxWitnessBytes = 12;

export interface WitnessSet {
  readonly witnesses: readonly Witness[];
  /** Ids of rules for which no witness could be derived: with one, every byte must be looked at. */
  readonly rulesWithout: readonly string[];
  /** The same as the kernel searches for them, when the build has made that ready. */
  readonly tables?: Uint8Array;
}

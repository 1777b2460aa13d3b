// The words of the house, in one import.
export * from "./errors.js";
export * from "./finding.js";
export * from "./match.js";
export * from "./notice.js";
export * from "./origin.js";
export * from "./place.js";
export * from "./plain-text.js";
export * from "./report.js";
export * from "./rule.js";
export * from "./secret.js";
export * from "./shard.js";
export * from "./site.js";
export * from "./source.js";
export * from "./tally.js";
export * from "./timeline.js";
export * from "./verdict.js";
export * from "./witness.js";

// The baseline room's door: keys that are known and let pass, by fingerprint.
export {
  addToBaseline,
  baselineAttribute,
  baselineFileName,
  createBaseline,
  emptyBaseline,
  type Baseline,
  type BaselineEntry,
  type Grounds,
} from "./baseline.js";
export { applyBaseline, baselineNotices, pruneBaseline, type Applied } from "./apply.js";
export { formatBaseline, isDay, parseBaseline } from "./format.js";
export { readBaseline, writeBaseline } from "./file.js";

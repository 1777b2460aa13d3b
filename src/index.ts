// The library: what a program that imports dashleaks gets. Re-exports only.
export * from "./model/index.js";
export { scan, type Judged, type ScanOptions, type Verification } from "./scan.js";
export type { FileFilter, Scope } from "./sources/read-target.js";
export { discoverRepositories, type Discovered, type DiscoverOptions } from "./sources/discover.js";
export { readRepositoryList } from "./sources/repository-list.js";
export { verifyFindings, type VerifyOptions } from "./verify/verify.js";
export { prove, type ProveOptions } from "./prove.js";
export { planPurge, type PlanPurgeOptions } from "./plan-purge.js";
export { mergeReports, type ReportedFindings, type ReportedKey } from "./findings/merge.js";
export {
  formats,
  parseReport,
  plainOptions,
  publish,
  render,
  reporters,
  type Format,
  type PublishedKey,
  type PublishedNotice,
  type PublishedPlace,
  type PublishedReport,
  type ReportOptions,
} from "./report/index.js";
export {
  applyBaseline,
  baselineNotices,
  createBaseline,
  readBaseline,
  writeBaseline,
  type Applied,
  type Baseline,
  type BaselineEntry,
} from "./baseline/index.js";

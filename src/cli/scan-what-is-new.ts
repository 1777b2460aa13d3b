// A scan of a commit, a push or a range, in which keys that were there before are marked: it does
// not add them. Where they may have been is left to sources (held-before).
import { scan, type ScanOptions } from "../scan.js";
import type { Finding, Place, Report, Suppression } from "../model/index.js";
import type { Before } from "../sources/before.js";
import { rangeOf } from "../sources/outgoing.js";
import type { Scope } from "../sources/read-target.js";
import { failsRun, type ExitPolicy } from "./exit-status.js";

/** Scans. Of other scopes than what is new, this is all. */
export async function scanWhatIsNew(
  options: ScanOptions,
  failOn: ExitPolicy["failOn"],
): Promise<Report> {
  const { judge: _judge, verify: _verify, onProgress: _progress, ...plain } = options;
  let report = await scan(options);
  for (const beforeAt of questions(options.scope)) {
    const adding = report.findings.filter((finding) => failsRun(finding, failOn));
    if (adding.length === 0) break;
    const before = beforeAt(pathsOf(adding));
    const secrets = adding.map(({ secret }) => secret);
    const earlier = await scan({ ...plain, scope: { kind: "before", before, secrets } });
    report = marked(report, earlier, { by: "head", reason: reasons[before.kind] });
  }
  return report;
}

const reasons = {
  head: "HEAD holds it already",
  merged: "a commit that is being merged holds it already",
  known: "a commit that is there already holds it",
} as const satisfies Record<Before["kind"], string>;

/** Where to look, one after the other. */
function questions(scope: Scope | undefined): readonly ((paths: readonly string[]) => Before)[] {
  switch (scope?.kind) {
    case "staged":
      return [() => ({ kind: "head" }), () => ({ kind: "merged" })];
    case "range":
      return [(paths) => ({ kind: "known", outgoing: rangeOf(scope), paths })];
    case "outgoing":
      return [(paths) => ({ kind: "known", outgoing: scope.outgoing, paths })];
    default:
      return [];
  }
}

function pathsOf(findings: readonly Finding[]): readonly string[] {
  return [...new Set(findings.flatMap(({ places }) => places.flatMap(({ path }) => path ?? [])))];
}

/** A key is marked when it was there before in every repository in which it is new. */
function marked(report: Report, earlier: Report, suppressed: Suppression): Report {
  const held = new Map(
    earlier.findings.map(({ fingerprint, places }) => [fingerprint, repositoriesOf(places)]),
  );
  const wasHeld = ({ fingerprint, places }: Finding): boolean => {
    const there = held.get(fingerprint);
    return there !== undefined && [...repositoriesOf(places)].every((name) => there.has(name));
  };
  return {
    ...report,
    findings: report.findings.map((finding) =>
      finding.suppressed === null && wasHeld(finding) ? { ...finding, suppressed } : finding,
    ),
  };
}

function repositoriesOf(places: readonly Place[]): ReadonlySet<string | null> {
  return new Set(places.map(({ repository }) => repository));
}

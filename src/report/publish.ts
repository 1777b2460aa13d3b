// Report -> published report: the one step that sees keys, and leaves them behind.
// How it is written down is left to the formats.
import type { Finding, Notice, Place, Report, TimelineEvent } from "../model/index.js";
import {
  schemaVersion,
  type PublishedKey,
  type PublishedNotice,
  type PublishedPlace,
  type PublishedReport,
} from "./published.js";
import { redactorFor, type Redactor } from "./redact.js";

/**
 * Makes the published report. Keys stay in the order of `findings`. Text that came from the
 * repository (paths, refs, authors, variables) is cleared of keys; terminal escapes in it are left
 * to the formats, so that JSON names files as they are called.
 */
export function publish(report: Report): PublishedReport {
  const found = report.findings.map(({ secret }) => secret);
  const redact = redactorFor([...found, ...(report.alsoFound ?? [])]);
  return {
    schemaVersion,
    tool: report.tool,
    repository: report.repository === null ? null : redact(report.repository),
    repositories: report.repositories.map(redact),
    complete: report.complete,
    coverage: {
      ...report.coverage,
      skipped: report.coverage.skipped.map(({ what, reason, count }) => ({
        what: redact(what),
        reason: redact(reason),
        count,
      })),
    },
    shard: report.shard
      ? { ...report.shard, repositories: report.shard.repositories.map(redact) }
      : null,
    keys: report.findings.map((finding) => publishedKey(finding, redact)),
    notices: report.notices.map((notice) => publishedNotice(notice, redact)),
  };
}

function publishedKey(finding: Finding, redact: Redactor): PublishedKey {
  const { liveness, advice, hints, suppressed, places } = finding;
  const [first, ...rest] = places;
  return {
    fingerprint: finding.fingerprint,
    masked: finding.secret.masked,
    kind: finding.kind,
    rule: finding.rule,
    confidence: finding.confidence,
    provider: finding.provider,
    providerName: finding.providerName,
    exposure: finding.exposure,
    liveness: {
      status: liveness.status,
      evidence: liveness.evidence.map((evidence) => ({
        ...evidence,
        meaning: redact(evidence.meaning),
      })),
    },
    action: finding.action,
    advice: {
      summary: redact(advice.summary),
      steps: advice.steps.map((step) => ({
        text: redact(step.text),
        ...(step.command === undefined ? {} : { command: redact(step.command) }),
        ...(step.url === undefined ? {} : { url: step.url }),
      })),
      consolePages: advice.consolePages,
      facts: advice.facts,
      exposureWindow: advice.exposureWindow,
      consumers: advice.consumers.map((consumer) => ({
        path: redact(consumer.path),
        line: consumer.line,
        variable: redact(consumer.variable),
        what: redact(consumer.what),
      })),
    },
    encoding: finding.encoding,
    places: [publishedPlace(first, redact), ...rest.map((place) => publishedPlace(place, redact))],
    hints: {
      hosts: hints.hosts.map(redact),
      workspaces: hints.workspaces,
      variable: redacted(hints.variable, redact),
      usedAsName: hints.usedAsName,
    },
    suppressed: suppressed && { by: suppressed.by, reason: redacted(suppressed.reason, redact) },
    timeline: finding.timeline?.map((event) => publishedEvent(event, redact)) ?? null,
  };
}

function publishedPlace(place: Place, redact: Redactor): PublishedPlace {
  const { removed } = place;
  return {
    kind: place.kind,
    exposure: place.exposure,
    path: redacted(place.path, redact),
    line: place.line,
    column: place.column,
    commit: place.commit,
    date: place.date,
    author: redacted(place.author, redact),
    ...(place.committed === undefined ? {} : { committed: place.committed }),
    ...(place.generation === undefined ? {} : { generation: place.generation }),
    refs: place.refs.map(redact),
    object: place.object,
    removed: removed && { ...removed, author: redacted(removed.author, redact) },
    repository: redacted(place.repository, redact),
    worktree: redacted(place.worktree, redact),
    encoding: place.encoding,
    trail: place.trail.map(redact),
  };
}

function publishedEvent(event: TimelineEvent, redact: Redactor): TimelineEvent {
  return {
    kind: event.kind,
    date: event.date,
    bound: event.bound,
    commit: event.commit,
    author: redacted(event.author, redact),
    path: redacted(event.path, redact),
    ref: redacted(event.ref, redact),
    repository: redacted(event.repository, redact),
    evidence: redact(event.evidence),
  };
}

function publishedNotice(notice: Notice, redact: Redactor): PublishedNotice {
  return {
    code: notice.code,
    message: redact(notice.message),
    subject: notice.subject === undefined ? null : redact(notice.subject),
    incomplete: notice.incomplete,
  };
}

function redacted(text: string | null, redact: Redactor): string | null {
  return text === null ? null : redact(text);
}

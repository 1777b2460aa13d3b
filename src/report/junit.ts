// JUnit XML as Jenkins and GitLab read it: a key is a failed test, what was not looked at an error.
// The XML itself is left to xml.
import { locationOf, originOf } from "./places.js";
import type { ReportOptions } from "./options.js";
import type { PublishedKey, PublishedNotice, PublishedReport } from "./published.js";
import { actionWords, exposureWords, kindWords, livenessWords, suppressionWords } from "./words.js";
import { element, escaped } from "./xml.js";

/** Every key is a test case; a run without keys has one that passed, as an empty suite looks broken. */
export function junit(report: PublishedReport, { startedAt, finishedAt }: ReportOptions): string {
  const keys = report.keys.filter(({ provider }) => provider !== "other");
  const missing = report.notices.filter(({ incomplete }) => incomplete);
  const failures = keys.filter(({ suppressed }) => suppressed === null).length;
  const cases = [...keys.map(keyCase), ...missing.map(noticeCase)];
  if (cases.length === 0)
    cases.push(element("testcase", { name: "no leaked keys", classname: "dashleaks" }));
  const seconds =
    startedAt && finishedAt
      ? ((finishedAt.getTime() - startedAt.getTime()) / 1000).toFixed(3)
      : "0";
  const counts = { tests: cases.length, failures, errors: missing.length };
  const suite = element(
    "testsuite",
    {
      name: "dashleaks",
      ...counts,
      skipped: keys.length - failures,
      time: seconds,
      ...(startedAt ? { timestamp: startedAt.toISOString().slice(0, 19) } : {}),
    },
    ["\n", ...cases.map((line) => `${line}\n`)],
  );
  const suites = element("testsuites", { name: "dashleaks", ...counts, time: seconds }, [
    `\n${suite}\n`,
  ]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${suites}\n`;
}

function keyCase(key: PublishedKey): string {
  const { masked, kind, places, suppressed } = key;
  const [first] = places;
  const name = `${masked} in ${locationOf(first)}`;
  const outcome =
    suppressed === null
      ? element("failure", { type: key.action, message: failureMessage(key) }, [
          escaped(failureText(key)),
        ])
      : element("skipped", {}, [
          escaped(
            `let pass by ${suppressionWords[suppressed.by]}${suppressed.reason ? `: ${suppressed.reason}` : ""}`,
          ),
        ]);
  return element("testcase", { name, classname: `dashleaks.${kind}` }, [outcome]);
}

function failureMessage({ action, kind, exposure, liveness }: PublishedKey): string {
  return `${actionWords[action]}: ${kindWords[kind]}, ${exposureWords[exposure]}, ${livenessWords[liveness.status]}`;
}

const mostPlaces = 50;

function failureText({ fingerprint, advice, places }: PublishedKey): string {
  const listed = places
    .slice(0, mostPlaces)
    .map((place) => [locationOf(place), ...originOf(place)].join(" "));
  const more = places.length > mostPlaces ? [`and ${places.length - mostPlaces} more places`] : [];
  const steps = advice.steps.map(
    ({ text, command, url }) => `- ${[text, command, url].filter((part) => part).join(" ")}`,
  );
  return [advice.summary, ...steps, "", ...listed, ...more, "", fingerprint].join("\n");
}

function noticeCase({ code, message }: PublishedNotice): string {
  return element("testcase", { name: `not looked at: ${code}`, classname: "dashleaks.coverage" }, [
    element("error", { type: code, message }),
  ]);
}

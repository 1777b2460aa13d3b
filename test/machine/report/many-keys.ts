// Reports of any size, varied enough that every filter has something to do.
import { actions, exposures, livenessStatuses, type Report } from "../../../src/model/index.js";
import { adviseFinding } from "../../../src/findings/advice.js";
import { mintedKinds } from "../../support/mint.js";
import { event, finding, place, report, type FindingFields } from "../../report/sample.js";

const day = 86_400_000;
const firstDay = Date.parse("2023-01-10T09:00:00Z");

/** `count` keys; the n-th is the same in kind, exposure, state and dates in every run. */
export function manyKeys(count: number): Report {
  const findings = Array.from({ length: count }, (_, index) => {
    const bare = finding(fieldsOf(index));
    return { ...bare, ...adviseFinding(bare) };
  });
  return report(findings.sort((a, b) => actions.indexOf(a.action) - actions.indexOf(b.action)));
}

function fieldsOf(index: number): FindingFields {
  const pick = <T>(list: readonly [T, ...T[]]): T => list[(index * 7 + 3) % list.length] ?? list[0];
  const arrived = firstDay + ((index * 37) % 900) * day;
  const date = new Date(arrived).toISOString();
  const gone = new Date(arrived + (20 + (index % 200)) * day).toISOString();
  const removed =
    index % 3 === 0
      ? null
      : { commit: hex(index + 1), date: gone, author: "Carl Committer <carl@example.com>" };
  const first = place({
    path: `services/team-${index % 12}/config/${index}.env`,
    commit: hex(index),
    date,
    removed,
  });
  const rest = Array.from({ length: index % 9 }, (_, other) =>
    place({
      path: `deploy/${index}/region-${other}.yaml`,
      line: other + 1,
      commit: hex(index + other),
      date,
      removed,
    }),
  );
  return {
    minted: pick(mintedKinds),
    exposure: pick(exposures),
    liveness: { status: pick(livenessStatuses), evidence: [] },
    places: [first, ...rest],
    timeline: [
      event({ kind: "committed", date }),
      event({ kind: "pushed", bound: "not-after", date: new Date(arrived + day).toISOString() }),
    ],
    suppressed: index % 20 === 19 ? { by: "baseline", reason: "revoked in March" } : null,
    ...(index % 15 === 14 ? { provider: "other", providerName: "DeepSeek" } : {}),
  };
}

function hex(index: number): string {
  return (index + 1).toString(16).padStart(8, "0").repeat(5);
}

// The order in which keys are worked on.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rankFindings, type Rankable } from "../src/findings/rank.js";
import { actions, confidences, exposures, livenessStatuses } from "../src/model/index.js";

describe("the order of work", () => {
  const base: Rankable = {
    action: "reset",
    liveness: { status: "unchecked", evidence: [] },
    exposure: "pushed",
    confidence: "proven",
    fingerprint: "sha256:0",
    suppressed: null,
  };

  it("puts live and pushed keys first, what was suppressed last", () => {
    const live: Rankable = {
      ...base,
      action: "reset-now",
      liveness: { status: "live", evidence: [] },
    };
    const restricted: Rankable = { ...live, liveness: { status: "restricted", evidence: [] } };
    const liveInFiles: Rankable = { ...live, exposure: "working-tree" };
    const committed: Rankable = { ...base, exposure: "committed" };
    const likely: Rankable = { ...base, confidence: "likely" };
    const dead: Rankable = { ...base, action: "none", liveness: { status: "dead", evidence: [] } };
    const hushed: Rankable = { ...base, suppressed: { by: "baseline", reason: null } };
    const order = [live, liveInFiles, restricted, base, likely, committed, dead, hushed];
    expect(rankFindings([...order].reverse())).toEqual(order);
  });

  it("does not depend on the order in which keys were found", () => {
    const findings = fc.array(
      fc.record({
        action: fc.constantFrom(...actions),
        liveness: fc.record({
          status: fc.constantFrom(...livenessStatuses),
          evidence: fc.constant([]),
        }),
        exposure: fc.constantFrom(...exposures),
        confidence: fc.constantFrom(...confidences),
        fingerprint: fc.stringMatching(/^[0-9a-f]{4,8}$/u),
        suppressed: fc.constantFrom(null, { by: "inline", reason: null } as const),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(findings, (found) => {
        const distinct = [...new Map(found.map((one) => [one.fingerprint, one])).values()];
        expect(rankFindings([...distinct].reverse())).toEqual(rankFindings(distinct));
      }),
    );
  });
});

// The manual page, as the distribution's formatter reads it.
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { manPage } from "../../src/cli/man.js";

describe("the manual page", () => {
  it("is read by man's own formatter without a complaint", () => {
    const run = execFileSync("sh", ["-c", "groff -man -Tutf8 -ww 2>&1 >/dev/null"], {
      input: manPage("1.2.3"),
      encoding: "utf8",
    });
    expect(run).toBe("");
  });
});

// What stands in a hook file before, with and without our lines.
import { array, assert, boolean, constantFrom, property } from "fast-check";
import { describe, expect, it } from "vitest";
import {
  hookBlock,
  holdsBlock,
  isShellScript,
  programIn,
  withBlock,
  withoutBlock,
} from "../../src/hooks/hook-file.js";
import { hookNames } from "../../src/hooks/hook-names.js";

const somewhere = { kind: "path", path: "/opt/o'brien/bin/dashleaks-hook" } as const;
const shared = { kind: "shared", local: "node_modules/.bin/dashleaks-hook" } as const;

describe("a hook file", () => {
  it("is byte for byte what it was after our lines went in and out", () => {
    const line = constantFrom("#!/bin/sh", "#!/bin/bash -e", "make test", "", "exit 0\r", "\u00e9");
    assert(
      property(array(line), boolean(), constantFrom(...hookNames), (lines, closed, hook) => {
        // A first line without an end is a hook that does nothing; ours needs a line of its own.
        const text = lines.join("\n") + (closed || lines.length < 2 ? "\n" : "");
        const installed = withBlock(text, hookBlock(hook, somewhere));
        expect(holdsBlock(installed)).toBe(true);
        expect(withoutBlock(installed)).toBe(text);
      }),
    );
  });

  it("holds our lines once, however often they are put in", () => {
    const block = hookBlock("pre-push", somewhere);
    const once = withBlock("#!/bin/sh\nmake lint\n", block);
    expect(withBlock(once, block)).toBe(once);
    expect(withBlock(once, hookBlock("pre-push", shared))).not.toBe(once);
  });

  it("runs ours before the rest and after the line that names the shell", () => {
    const lines = withBlock("#!/bin/sh\nmake lint\n", hookBlock("pre-commit", somewhere)).split(
      "\n",
    );
    expect(lines[0]).toBe("#!/bin/sh");
    expect(lines.findIndex((line) => line.includes("dashleaks-hook' pre-commit"))).toBeLessThan(
      lines.indexOf("make lint"),
    );
  });

  it("tells which program it starts, quotes in its path included", () => {
    expect(programIn(hookBlock("commit-msg", somewhere))).toBe(somewhere.path);
    expect(programIn(hookBlock("commit-msg", shared))).toBeNull();
  });

  it.each([
    ["#!/bin/sh\n", true],
    ["#!/usr/bin/env bash\necho\n", true],
    ["#! /usr/local/bin/zsh -f\n", true],
    ["#!/usr/bin/env python3\n", false],
    ["#!/usr/bin/fish\n", false],
    ["#!/bin/sh", false],
    ["echo no first line\n", false],
    ["\u007fELF", false],
  ])("knows whether %j is a shell script", (text, expected) => {
    expect(isShellScript(text)).toBe(expected);
  });
});

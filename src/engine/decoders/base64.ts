// Base64 of a key or of a file around it: any alignment, both alphabets, padded or not, wrapped.
// Base64 within base64 is left to the engine, which runs the decoders on each view.
import type { Notice } from "../../model/index.js";
import type { Budget, View } from "../view.js";
import type { Anchor } from "./base64-anchors.js";
import { limitReached, spend } from "./budget.js";
import { createMatcher, type Matcher } from "./matcher.js";
import { type Run, runAround } from "./run.js";
import type { TextForm } from "./text-form.js";

export function base64Form(anchors: readonly Anchor[]): TextForm {
  // Made when there is base64 at all: most documents that are decoded hold none.
  let matcher: Matcher | null = null;
  return {
    groups: [
      "base64",
      "base64 of utf-16",
      "base64 twice",
      "base64 of encoded",
      "base64 of container",
    ],
    decode: (bytes, hits, budget) => {
      matcher ??= createMatcher(anchors.map(({ witness }) => witness));
      return decodeRuns(bytes, hits, budget, anchors, matcher);
    },
  };
}

const isBase64 = tableOf(/[A-Za-z0-9+/_-]/u);

function tableOf(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) =>
    pattern.test(String.fromCharCode(byte)) ? 1 : 0,
  );
}

function* decodeRuns(
  bytes: Uint8Array,
  hits: readonly number[],
  budget: Budget,
  anchors: readonly Anchor[],
  matcher: Matcher,
): Iterable<View | Notice> {
  let done = 0;
  for (const hit of hits) {
    if (hit < done) continue;
    const run = runAround(bytes, hit, isBase64, done);
    if (run === null) continue;
    done = run.end;
    for (const start of startsOf(run, anchors, matcher)) {
      const length = Math.floor(((run.text.length - start) * 3) / 4);
      if (length < 4) continue;
      if (!spend(budget, length)) {
        yield limitReached("base64");
        return;
      }
      yield {
        kind: "view",
        encoding: "base64",
        trail: null,
        bytes: Buffer.from(run.text.toString("latin1", start), "base64"),
        sourceOffset: (offset) => run.sourceOffset(start + Math.floor((offset * 4) / 3)),
      };
    }
  }
}

/**
 * Where in a run's text to begin reading: once for each phase that an anchor asks for, and once
 * more where a line or literal begins with an anchor, for what stands before may not belong to it.
 */
function startsOf(run: Run, anchors: readonly Anchor[], matcher: Matcher): readonly number[] {
  const starts = new Set<number>();
  matcher(run.text, (offset, index) => {
    const anchor = anchors[index];
    if (anchor === undefined) return;
    if (anchor.begins) {
      starts.add(offset);
      return;
    }
    starts.add((offset - anchor.phase + 4) % 4);
    if (anchor.phase === 0 && offset >= 4 && run.beginsPiece(offset)) starts.add(offset);
  });
  return [...starts].sort((one, other) => one - other);
}

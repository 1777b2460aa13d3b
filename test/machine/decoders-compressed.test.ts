// bzip2 and zstd as the programs of a distribution write them, in files and in zip entries.
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { decodeAll, wrongWith } from "../support/decoding.js";
import { mint, mintedKinds } from "../support/mint.js";

const programs = ["bzip2", "zstd"] as const;

function pack(program: string, level: string, content: Uint8Array): Buffer {
  return execFileSync(program, [level, "-c"], { input: content, maxBuffer: 1 << 28 });
}

describe.each(programs)("%s", (program) => {
  it.each(mintedKinds)("gives up a %s key", (kind) => {
    const key = mint(kind);
    const packed = pack(program, "-9", Buffer.from(`# settings\nK=${key}\n`));
    expect(wrongWith(packed, key, [program], undefined, [program])).toBeNull();
  });

  it("is read as it was written, whatever the content and the level", () => {
    const contents = [
      Buffer.alloc(3_000_000),
      randomBytes(1_200_000),
      Buffer.from("abcabd".repeat(200_000)),
      Buffer.from(Array.from({ length: 40_000 }, (_, line) => `line ${line} aaaaabbbb\n`).join("")),
      Buffer.from(`aaaa${"b".repeat(5)}${"c".repeat(300)}${"d".repeat(259)}`),
    ];
    for (const content of contents) {
      for (const level of ["-1", "-9"]) {
        const [view] = decodeAll(pack(program, level, content), 1).views;
        expect(Buffer.compare(Buffer.from(view?.bytes ?? []), content)).toBe(0);
      }
    }
  });
});

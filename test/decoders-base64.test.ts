// Base64 in every dress that a key or a file around it wears.
import { randomBytes, randomInt } from "node:crypto";
import { describe, expect, it } from "vitest";
import { mint, mintedKinds } from "./support/mint.js";
import { wrongWith } from "./support/decoding.js";

function wrap(text: string, columns: number, lineEnd: string): string {
  return (text.match(new RegExp(`.{1,${columns}}`, "gu")) ?? []).join(lineEnd);
}

/** Text of so many bytes, such as stands before a key in a file. */
function textBefore(length: number): string {
  return randomBytes(length + 1)
    .toString("hex")
    .slice(0, length);
}

describe.each(mintedKinds)("base64 of a %s key", (kind) => {
  it.each([0, 1, 2])("is found when %i bytes of its group stand before it", (alignment) => {
    const key = mint(kind);
    const plain = `${"=".repeat(alignment)}${key}`;
    const encoded = Buffer.from(plain).toString("base64");
    expect(wrongWith(`first line\ndata: ${encoded}\n`, key, ["base64"], 2)).toBeNull();
    expect(wrongWith(`data: '${encoded.replace(/=+$/u, "")}'`, key, ["base64"], 1)).toBeNull();
  });

  it("is found in the URL alphabet", () => {
    const key = mint(kind);
    const encoded = Buffer.from(`\u00ff?>${key}\u00ff?>`).toString("base64url");
    expect(wrongWith(`{"token":"${encoded}"}`, key, ["base64"], 1)).toBeNull();
  });

  it.each(["\n", "\r\n", "\n    ", "\r\n\t", "\\n", '" +\n  "', "\\\n", "' \\\n '"])(
    "is found in a file that is wrapped at any column with %j",
    (lineEnd) => {
      for (const columns of [64, 76, 75, 60, randomInt(20, 100)]) {
        const key = mint(kind);
        const file = `# settings\n${textBefore(randomInt(200))}\nKEY=${key}\nOTHER=1\n`;
        const encoded = wrap(Buffer.from(file).toString("base64"), columns, lineEnd);
        expect(wrongWith(`  data: |\n    ${encoded}\n`, key, ["base64"])).toBeNull();
      }
    },
  );

  it("is found when it was encoded twice", () => {
    for (let before = 0; before < 9; before++) {
      const key = mint(kind);
      const once = Buffer.from(`${"=".repeat(before)}${key}\n`).toString("base64");
      const twice = Buffer.from(`${" ".repeat(before % 4)}${once}`).toString("base64");
      expect(wrongWith(`a: ${twice}\n`, key, ["base64", "base64"], 1)).toBeNull();
      expect(
        wrongWith(`a:\n  ${wrap(twice, 76, "\n  ")}\n`, key, ["base64", "base64"], 2),
      ).toBeNull();
    }
  });

  it("is found twice encoded by a tool that wraps each time", () => {
    for (let before = 30; before < 80; before++) {
      const key = mint(kind);
      const once = wrap(Buffer.from(`${textBefore(before)} ${key}\n`).toString("base64"), 76, "\n");
      const twice = wrap(Buffer.from(`${once}\n`).toString("base64"), 76, "\n");
      expect(wrongWith(twice, key, ["base64", "base64"])).toBeNull();
    }
  });

  it("is found in basic authorisation", () => {
    const key = mint(kind);
    const user = "u".repeat(randomInt(1, 9));
    const encoded = Buffer.from(`${user}:${key}`).toString("base64");
    expect(wrongWith(`Authorization: Basic ${encoded}\r\n`, key, ["base64"], 1)).toBeNull();
  });
});

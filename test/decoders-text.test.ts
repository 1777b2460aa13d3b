// Keys whose characters are written otherwise, or that have something between them.
import { describe, expect, it } from "vitest";
import { findKey, wrongWith } from "./support/decoding.js";
import { textForms } from "./support/forms.js";
import { mint, mintedKinds } from "./support/mint.js";

describe.each(mintedKinds)("a %s key written with", (kind) => {
  it.each(textForms)("$name is found where it begins", ({ encoding, write }) => {
    for (let round = 0; round < 8; round++) {
      const key = mint(kind);
      const text = `# settings\nlet key = "${write(key)}"\nother = 1\n`;
      expect(wrongWith(text, key, encoding, 2)).toBeNull();
    }
  });
});

describe("composed forms", () => {
  it("are read from the outside in", () => {
    const key = mint("payg-compact");
    const split = `"${key.slice(0, 3)}" + "${key.slice(3)}"`;
    const log = JSON.stringify({ line: `key = ${split}` });
    expect(wrongWith(log, key, ["escape", "split"], 1)).toBeNull();
    const twice = JSON.stringify(
      JSON.stringify({ key: `${key.slice(0, 9)}\u001b[0m${key.slice(9)}` }),
    );
    expect(wrongWith(twice, key, ["escape", "invisible"], 1)).toBeNull();
  });

  it("are read in a query's base64", () => {
    const key = mint("payg-v2");
    const encoded = encodeURIComponent(Buffer.from(`?>${key}~~`).toString("base64"));
    const url = `https://example.com/?data=${encoded}&other=1`;
    expect(findKey(url, key).length).toBeGreaterThan(0);
  });
});

describe.each(mintedKinds)("hexadecimal of a %s key", (kind) => {
  const wrap = (text: string, columns: number, lineEnd: string): string =>
    (text.match(new RegExp(`.{1,${columns}}`, "gu")) ?? []).join(lineEnd);

  it("is found in either case, at either parity, in a file around it, wrapped at any column", () => {
    for (let before = 0; before < 40; before++) {
      const key = mint(kind);
      const hex = Buffer.from(`${" ".repeat(before)}${key}\n`).toString("hex");
      expect(wrongWith(`x = "${hex}"`, key, ["hex"], 1)).toBeNull();
      expect(wrongWith(`x = "f${hex.toUpperCase()}"`, key, ["hex"], 1)).toBeNull();
      expect(wrongWith(wrap(hex, 60, "\n"), key, ["hex"])).toBeNull();
      expect(wrongWith(wrap(hex, 60 + (before % 20), "\r\n  "), key, ["hex"])).toBeNull();
    }
  });

  it("is found as a list of bytes", () => {
    for (const separator of [" ", ":", ",", ", ", "-"]) {
      const key = mint(kind);
      const bytes = [...Buffer.from(`=${key}=`)];
      const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0"));
      expect(wrongWith(`dump\n${hex.join(separator)}\n`, key, ["byte-list"], 2)).toBeNull();
      if (separator === ":" || separator === "-") continue;
      expect(wrongWith(`k = [${bytes.join(separator)}]\n`, key, ["byte-list"], 1)).toBeNull();
    }
  });

  it("is found as a list of numbers with 0x, also in lines of twelve as in Go and C", () => {
    for (const separator of [",", ", "]) {
      for (const write of [
        (byte: number) => `0x${byte.toString(16)}`,
        (byte: number) => `0x${byte.toString(16).toUpperCase()}`,
        (byte: number) => `0X${byte.toString(16).toUpperCase()}`,
      ]) {
        const key = mint(kind);
        const bytes = [...Buffer.from(`=${key}=`)].map(write);
        expect(
          wrongWith(`k[] = {\n  ${bytes.join(separator)}\n};\n`, key, ["byte-list"], 2),
        ).toBeNull();
        // The second line begins far behind the prefix, so that the key begins in the first.
        const lines = `${bytes.slice(0, 12).join(", ")},\n\t${bytes.slice(12).join(", ")}`;
        expect(wrongWith(`k := []byte{\n\t${lines}\n}\n`, key, ["byte-list"], 2)).toBeNull();
      }
    }
  });

  it("is found as a list with a number on each line, as JSON writers indent it", () => {
    for (const indentation of ["", "  ", "    ", "\t", "\t\t"]) {
      const key = mint(kind);
      const bytes = [...Buffer.from(key)].map((byte) => `${indentation}${byte}`);
      expect(wrongWith(`[\n${bytes.join(",\n")}\n]\n`, key, ["byte-list"], 2)).toBeNull();
    }
  });
});

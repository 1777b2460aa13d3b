// Keys in containers, in containers within containers, and in damaged and hostile ones.
import { constants, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { tarOf, zipOf } from "./support/archives.js";
import { decodeAll, findKey, wrongWith } from "./support/decoding.js";
import { mint, mintedKinds } from "./support/mint.js";

function fileWith(key: string): string {
  return `# settings\nDASHSCOPE_API_KEY=${key}\n`;
}

function codesIn(bytes: Uint8Array): readonly string[] {
  return decodeAll(bytes).notices.map(({ code, incomplete }) => `${code} ${incomplete}`);
}

describe.each(mintedKinds)("a %s key", (kind) => {
  it("is found in a zip's entries, deflated and stored", () => {
    for (const method of [0, 8] as const) {
      const key = mint(kind);
      const zip = zipOf([
        { name: "readme.md", content: "hello\n", method },
        { name: "app/", content: "", method: 0 },
        { name: "app/.env", content: fileWith(key), method },
      ]);
      expect(wrongWith(zip, key, ["zip"], undefined, ["zip:app/.env"])).toBeNull();
      expect(decodeAll(zip).notices).toEqual([]);
    }
  });

  it("is found in a zip with something before it, and with a comment", () => {
    const key = mint(kind);
    const inputs = [{ name: "a.txt", content: fileWith(key) }];
    const zip = zipOf(inputs, "#!/bin/sh\nexec java -jar $0\n", "made by hand");
    expect(wrongWith(zip, key, ["zip"], undefined, ["zip:a.txt"])).toBeNull();
  });

  it("is found in a zip that was written as a stream, also when it is cut off", () => {
    const key = mint(kind);
    const zip = zipOf([
      { name: "a.txt", content: "x".repeat(5000), streamed: true },
      { name: "b.txt", content: fileWith(key), streamed: true },
      { name: "c.txt", content: fileWith("nothing").repeat(50), streamed: true },
    ]);
    expect(wrongWith(zip, key, ["zip"], undefined, ["zip:b.txt"])).toBeNull();
    const cut = zip.subarray(0, zip.indexOf("c.txt") + 20);
    expect(wrongWith(cut, key, ["zip"], undefined, ["zip:b.txt"])).toBeNull();
    expect(codesIn(cut)).toContain("container-damaged true");
  });

  it("is found in gzip, also in a later member and when it is cut off", () => {
    const key = mint(kind);
    const gzip = gzipSync(fileWith(key));
    expect(wrongWith(gzip, key, ["gzip"], undefined, ["gzip"])).toBeNull();
    const joined = Buffer.concat([gzipSync("first\n"), gzip]);
    expect(wrongWith(joined, key, ["gzip"], undefined, ["gzip"])).toBeNull();
    const long = gzipSync(`${fileWith(key)}${"more\n".repeat(9999)}`);
    const cut = long.subarray(0, long.length - 30);
    expect(findKey(cut, key)).not.toEqual([]);
    expect(codesIn(cut)).toEqual(["container-damaged true"]);
  });

  it("is found in tar, with the entry's long name, also in gzip", () => {
    const key = mint(kind);
    const name = `${"folder/".repeat(20)}settings.env`;
    const tar = tarOf([
      { name: "readme.md", content: "hello\n" },
      { name, content: fileWith(key) },
    ]);
    expect(wrongWith(tar, key, ["tar"], undefined, [`tar:${name}`])).toBeNull();
    expect(
      wrongWith(gzipSync(tar), key, ["gzip", "tar"], undefined, ["gzip", `tar:${name}`]),
    ).toBeNull();
  });

  it("is found in a zip in a zip, and as base64 in JSON in a zip", () => {
    const key = mint(kind);
    const inner = zipOf([{ name: "b.env", content: fileWith(key) }]);
    const outer = zipOf([{ name: "a.zip", content: inner }]);
    const trail = ["zip:a.zip", "zip:b.env"];
    expect(wrongWith(outer, key, ["zip", "zip"], undefined, trail)).toBeNull();
    const json = JSON.stringify({ data: Buffer.from(fileWith(key)).toString("base64") });
    const zip = zipOf([{ name: "a.json", content: json }]);
    expect(wrongWith(zip, key, ["zip", "base64"], undefined, ["zip:a.json"])).toBeNull();
  });

  it("is found in base64 of gzip and of zip, once and twice, as deployment tools write it", () => {
    const key = mint(kind);
    for (const [name, packed] of [
      ["gzip", gzipSync(fileWith(key))],
      ["zip", zipOf([{ name: "a.env", content: fileWith(key) }])],
    ] as const) {
      const once = packed.toString("base64");
      expect(wrongWith(`release: ${once}\n`, key, ["base64", name])).toBeNull();
      const twice = Buffer.from(once).toString("base64");
      expect(wrongWith(`release: ${twice}\n`, key, ["base64", "base64", name])).toBeNull();
    }
  });
});

describe("what cannot be looked into", () => {
  it("is told once when entries are encrypted, and the others are looked at", () => {
    const key = mint("payg-compact");
    const zip = zipOf([
      { name: "a", content: "secret", encrypted: true },
      { name: "b", content: "secret", encrypted: true },
      { name: "c", content: fileWith(key) },
    ]);
    expect(findKey(zip, key)).not.toEqual([]);
    expect(codesIn(zip)).toEqual(["container-encrypted true"]);
    expect(decodeAll(zip).notices[0]?.message).toContain("zip:a and 1 more");
  });

  it("is told when a compression method is unknown", () => {
    const zip = zipOf([{ name: "a", content: "whatever", method: 14 }]);
    expect(codesIn(zip)).toEqual(["container-unreadable true"]);
  });

  it("is no container because of a mere magic in the middle", () => {
    const noise = Buffer.concat([Buffer.from("head "), zipOf([]).subarray(0, 10), gzipSync("x")]);
    expect(decodeAll(noise)).toEqual({ views: [], notices: [] });
    expect(decodeAll(Buffer.from("PK\u0003\u0004 is how zip files begin"))).toMatchObject({
      views: [],
    });
  });

  it("is read up to the damage", () => {
    const key = mint("coding-plan");
    // A block that ends at a byte, and then one of the type that RFC 1951 leaves undefined.
    const block = deflateRawSync(fileWith(key), { finishFlush: constants.Z_SYNC_FLUSH });
    const gzip = Buffer.concat([gzipSync("").subarray(0, 10), block, Buffer.alloc(5000, 0xff)]);
    expect(findKey(gzip, key)).not.toEqual([]);
    expect(codesIn(gzip)).toContain("container-damaged true");
  });

  it("shows names without control characters", () => {
    const key = mint("payg-legacy");
    const zip = zipOf([{ name: "a\u001b[31m\u202e../../etc/passwd", content: fileWith(key) }]);
    expect(findKey(zip, key)[0]?.trail).toEqual(["zip:a?[31m?../../etc/passwd"]);
  });
});

describe.each(mintedKinds)("a %s key in a document", (kind) => {
  it("is found in a notebook's source and outputs, and the cell is named", () => {
    const key = mint(kind);
    const other = mint(kind);
    const notebook = JSON.stringify(
      {
        cells: [
          { cell_type: "markdown", source: ["# about\n"] },
          {
            cell_type: "code",
            source: ["import os\n", `os.environ["DASHSCOPE_API_KEY"] = "${key}"\n`],
            outputs: [
              { output_type: "stream", text: ["first\n", `using ${other}\n`] },
              { data: { "image/png": Buffer.alloc(99).toString("base64") } },
            ],
          },
        ],
        nbformat: 4,
      },
      null,
      1,
    );
    const line = notebook.slice(0, notebook.indexOf(key)).split("\n").length;
    expect(wrongWith(notebook, key, ["ipynb"], line, ["ipynb:cell 2"])).toBeNull();
    expect(wrongWith(notebook, other, ["ipynb"], undefined, ["ipynb:cell 2 output"])).toBeNull();
  });

  it("is found in a PDF's pages, also kerned and in ASCII85", () => {
    const key = mint(kind);
    const kerned = key
      .split("")
      .map((character) => `(${character})`)
      .join("-12");
    const pages = [`BT /F1 12 Tf (key: ${key}) Tj ET`, `BT [${kerned}] TJ T* (more) Tj ET`];
    for (const page of pages) {
      const flate = deflateSync(page);
      const plain = pdfOf("/Filter /FlateDecode", flate);
      expect(wrongWith(plain, key, ["pdf"], undefined, ["pdf:stream 1"])).toBeNull();
      const text = pdfOf("/Filter [ /ASCII85Decode /FlateDecode ]", ascii85(flate));
      expect(wrongWith(text, key, ["pdf"], undefined, ["pdf:stream 1"])).toBeNull();
    }
  });
});

function pdfOf(filter: string, data: Uint8Array): Buffer {
  return Buffer.concat([
    Buffer.from(`%PDF-1.4\n1 0 obj\n<< ${filter} /Length ${data.length} >>\nstream\n`),
    data,
    Buffer.from("\nendstream\nendobj\ntrailer\n<< >>\n%%EOF\n"),
  ]);
}

/** ISO 32000-1, 7.4.3. */
function ascii85(data: Uint8Array): Buffer {
  let text = "";
  for (let at = 0; at < data.length; at += 4) {
    const group = Buffer.alloc(4);
    group.set(data.subarray(at, at + 4));
    let value = group.readUInt32BE();
    let digits = "";
    for (let nth = 0; nth < 5; nth++) {
      digits = String.fromCharCode(0x21 + (value % 85)) + digits;
      value = Math.floor(value / 85);
    }
    const used = Math.min(4, data.length - at);
    text += used === 4 && digits === "!!!!!" ? "z" : digits.slice(0, used + 1);
  }
  return Buffer.from(`${text}~>`);
}

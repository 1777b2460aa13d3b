// Archives that cannot be looked into, wholly or in part: which one, and what that does to the run.
import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { zipOf } from "./support/archives.js";
import { dashleaks, dashleaksJson } from "./support/dashleaks.js";
import { mint } from "./support/mint.js";
import { freshRepository } from "./support/repository.js";

const xz = Buffer.concat([Buffer.from("fd377a585a000004e6d6b446", "hex"), randomBytes(64)]);
const encrypted = zipOf([{ name: "secret.env", content: "K=…\n", encrypted: true }]);
const cutOff = gzipSync(randomBytes(5000)).subarray(0, 3000);
const damaged = Buffer.concat([gzipSync("").subarray(0, 10), Buffer.alloc(5000, 0xff)]);

const unread = {
  "a.xz": xz,
  "a.7z": Buffer.concat([Buffer.from("377abcaf271c0004", "hex"), randomBytes(64)]),
  "a.rar": Buffer.concat([Buffer.from("526172211a070100", "hex"), randomBytes(64)]),
  "b.zip": encrypted,
  "c.gz": cutOff,
  "d.gz": damaged,
};

describe("an archive that cannot be looked into", () => {
  it.each(Object.entries(unread))("is named, as a file and in git: %s", async (name, bytes) => {
    const repository = freshRepository();
    repository.commit({ [`d/${name}`]: bytes, [`copy/${name}`]: bytes });
    const oid = repository.git("rev-parse", `HEAD:d/${name}`);
    const { report, ran } = await dashleaksJson([], { cwd: repository.path });
    const subjects = report.notices.map(({ subject }) => subject ?? "").join(" ");
    expect(subjects.split(" ").toSorted()).toEqual([`copy/${name}`, `copy/${name}`, `d/${name}`]);
    const messages = report.notices.map(({ message }) => message);
    expect(messages.filter((text) => text.startsWith(`d/${name}: `))).toHaveLength(1);
    const ofObject = messages.filter((text) => text.includes(`(git object ${oid}): `));
    expect(ofObject).toHaveLength(1);
    expect(ofObject[0]).toContain(`copy/${name}, d/${name}`);
    expect(ran.status).toBe(2);
  });

  it("is named when it comes on standard input, or lies in another archive", async () => {
    const zip = zipOf([{ name: "inner.xz", content: xz }]);
    const { report } = await dashleaksJson(["-"], { cwd: freshRepository().path, input: zip });
    expect(report.notices).toMatchObject([{ subject: "standard input", incomplete: true }]);
    expect(report.notices[0]?.message).toContain("in zip:inner.xz");
  });

  it("makes no clean run of it, unless that is allowed or the path is left out", async () => {
    const repository = freshRepository();
    repository.commit(unread);
    const at = { cwd: repository.path };
    expect((await dashleaks([], at)).status).toBe(2);
    expect((await dashleaks(["--allow-incomplete"], at)).status).toBe(0);
    expect((await dashleaks(["--exclude", "*.{xz,7z,rar,zip,gz}"], at)).status).toBe(0);
    for (const { message } of (await dashleaksJson([], at)).report.notices) {
      expect(message).toContain("leave its path out by exclude");
    }
    repository.commit({ ".env": `DASHSCOPE_API_KEY=${mint("payg-compact")}\n` });
    expect((await dashleaks([], at)).status).toBe(1);
  });
});

describe("what only begins like an archive", () => {
  it("is no gap when what follows has no room for a key, or text quotes a part of it", async () => {
    const repository = freshRepository();
    repository.commit({
      "magic.gz": Buffer.from("1f8b0800000000000003ffff", "hex"),
      "magic.zip": Buffer.concat([Buffer.from("PK\u0003\u0004", "latin1"), Buffer.alloc(26)]),
      "README.md": `release: ${cutOff.subarray(0, 900).toString("base64")}…\n`,
    });
    const { report, ran } = await dashleaksJson([], { cwd: repository.path });
    expect(report.notices.filter(({ incomplete }) => incomplete)).toEqual([]);
    expect(ran.status).toBe(0);
  });
});

describe("a hook", () => {
  it("refuses an archive that cannot be looked into, says which, and passes it once it is left out", async () => {
    const repository = freshRepository();
    repository.write("vendor/b.zip", encrypted);
    repository.git("add", "-A");
    const at = { cwd: repository.path };
    const refused = await dashleaks(["hook", "run", "pre-commit"], at);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/vendor\/b\.zip: encrypted[^\n]*leave its path out by exclude/u);
    repository.write(".dashleaks.toml", 'exclude = ["vendor/*.zip"]\n');
    expect(await dashleaks(["hook", "run", "pre-commit"], at)).toMatchObject({
      status: 0,
      stderr: "",
    });
  });
});

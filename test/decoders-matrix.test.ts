// Every hidden form of every kind of key, as a user meets it: through the engine with its rules, and
// through the command line in a repository's history.
import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createEngine } from "../src/engine/engine.js";
import { fingerprintOf } from "../src/model/index.js";
import { loadRuleset } from "../src/ruleset/load.js";
import { preparedWitnesses } from "../src/ruleset/prepared-witnesses.js";
import { kernelSearchFor } from "../src/sources/kernel/kernel-search.js";
import { zipOf } from "./support/archives.js";
import { carried, settings } from "./support/carried.js";
import { dashleaksJson } from "./support/dashleaks.js";
import { mint, type MintedKind, mintedKinds, reportedKind } from "./support/mint.js";
import { freshRepository } from "./support/repository.js";

const ruleset = loadRuleset();
// As the command line has it: what holds no witness is not looked at, views included.
const search = kernelSearchFor(preparedWitnesses(ruleset, true));
const engine = createEngine(ruleset, { quickLook: () => search });

describe.each(mintedKinds)("the engine finds a %s key", (kind) => {
  it.each(carried)("in $name", ({ document, encoding, line, trail }) => {
    const key = mint(kind);
    const { matches, notices } = engine.scan({ kind: "stdin" }, document(key));
    const found = matches.filter(({ secret }) => secret.reveal() === key);
    expect(
      found.map((match) => ({ encoding: match.encoding, line: match.line, trail: match.trail })),
    ).toEqual([{ encoding, line, trail }]);
    expect(found[0]?.kind).toBe(reportedKind[kind]);
    expect(notices).toEqual([]);
  });
});

/** Text among which a changed part becomes a delta of few bytes. */
function longText(seed: string): string {
  return Array.from({ length: 400 }, (_, line) => `${seed} line ${line} of a file\n`).join("");
}

describe("history", () => {
  it("gives up every hidden key, also of objects that became deltas", async () => {
    const repository = freshRepository();
    const expected = new Map<
      string,
      { readonly encoding: readonly string[]; readonly path: string }
    >();
    const documents = new Map<string, Uint8Array>();
    const packed = new Set<string>();
    for (const [nth, form] of carried.entries()) {
      const kind: MintedKind = mintedKinds[nth % mintedKinds.length] ?? "payg-legacy";
      const key = mint(kind);
      const path = `form-${nth}`;
      expected.set(fingerprintOf(key), { encoding: form.encoding, path });
      documents.set(path, form.document(key));
      if (form.trail.length > 0 || form.encoding[0] === "utf-16") packed.add(path);
    }
    const around = (path: string): Uint8Array => Buffer.from(longText(path));
    const write = (content: (path: string) => Uint8Array): Record<string, Uint8Array> =>
      Object.fromEntries([...documents.keys()].map((path) => [path, content(path)]));
    const filler = randomBytes(60_000);
    repository.commit(write((path) => (packed.has(path) ? filler : around(path))));
    repository.commit(
      write((path) => {
        const document = documents.get(path) ?? new Uint8Array(0);
        return packed.has(path) ? document : Buffer.concat([around(path), document, around(path)]);
      }),
    );
    repository.commit(write((path) => Buffer.concat([around(path), Buffer.from("gone\n")])));
    repository.git("gc", "-q", "--aggressive", "--prune=now");
    const { report } = await dashleaksJson(["scan", "--history"], { cwd: repository.path });
    const missing = [...expected].filter(
      ([fingerprint, { encoding, path }]) =>
        !report.keys.some(
          (found) =>
            found.fingerprint === fingerprint &&
            found.encoding.join() === encoding.join() &&
            found.places.some((place) => place.path === path),
        ),
    );
    expect(missing.map(([, { encoding, path }]) => `${path} ${encoding.join()}`)).toEqual([]);
  });

  it("gives up a key in a container that is stored as a delta", async () => {
    const repository = freshRepository();
    const key = mint("token-plan-compact");
    const image = { name: "image.raw", content: randomBytes(50_000) };
    repository.commit({ "a.zip": zipOf([image]) });
    repository.commit({ "a.zip": zipOf([image, { name: "app/.env", content: settings(key) }]) });
    const withKey = repository.git("rev-parse", "HEAD:a.zip");
    // git makes the larger one the base of the others.
    const more = { name: "more.raw", content: randomBytes(5000) };
    repository.commit({ "a.zip": zipOf([image, more]) });
    repository.git("gc", "-q", "--aggressive", "--prune=now");
    const base = repository.gitWithInput(withKey, "cat-file", "--batch-check=%(deltabase)");
    expect(base).not.toMatch(/^0+$/u);
    const { report } = await dashleaksJson(["scan", "--history"], { cwd: repository.path });
    const found = report.keys.filter(({ fingerprint }) => fingerprint === fingerprintOf(key));
    expect(found.map(({ encoding }) => encoding)).toEqual([["zip"]]);
  });
});

// Parts of a repository that one may not read: the rest is looked at, and the answer is not whole.
// Whoever may read everything (root) gives that up for it, by setpriv of util-linux: somebody else might
// not be allowed to start Node.
import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { mint } from "../support/mint.js";
import { freshRepository } from "../support/repository.js";

const bin = join(import.meta.dirname, "../../bin/dashleaks.js");
const without = "-dac_override,-dac_read_search";

/** Audits as somebody for whom permissions hold; gives the status and the report. */
function audit(path: string): { status: number | null; stderr: string; report: unknown } {
  const isRoot = process.getuid?.() === 0;
  const command = [process.execPath, bin, "scan", "--no-cache", "--format", "json"];
  const [program = "", ...args] = isRoot
    ? ["setpriv", `--bounding-set=${without}`, `--inh-caps=${without}`, ...command]
    : command;
  const { NODE_EXTRA_CA_CERTS: _ca, ...inherited } = process.env;
  const ran = spawnSync(program, args, {
    cwd: path,
    encoding: "utf8",
    env: { ...inherited, HOME: dirname(path), XDG_CONFIG_HOME: "" },
  });
  return { status: ran.status, stderr: ran.stderr, report: JSON.parse(ran.stdout) };
}

describe("an audit of what may not be read", () => {
  it.each([
    "logs",
    "logs/refs",
    "logs/HEAD",
    "index",
    "packed-refs",
    "refs/heads",
    "objects/pack",
    "worktrees",
  ])("looks at the rest when it is %s, and is not clean", (part) => {
    const repository = freshRepository();
    repository.commit({ "a.env": `K=${mint("payg-compact")}\n`, b: "1" });
    repository.git("worktree", "add", "-q", "--detach", join(dirname(repository.path), "linked"));
    writeFileSync(join(repository.path, ".git/packed-refs"), "");
    const place = join(repository.path, ".git", part);
    chmodSync(place, 0);
    const { status, stderr, report } = audit(repository.path);
    chmodSync(place, 0o700);
    expect([status, stderr]).toEqual([1, ""]);
    expect(report).toMatchObject({ complete: false, keys: [{ kind: "payg" }] });
  });
});

// The gate in other shells and with other programs than this machine's usual ones.
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mint } from "../../support/mint.js";
import { freshRepository, temporaryFolder } from "../../support/repository.js";

const gate = join(import.meta.dirname, "../../../bin/dashleaks-hook");

function which(name: string): string {
  const found = spawnSync("/bin/sh", ["-c", `command -v ${name}`], { encoding: "utf8" });
  return found.stdout.trim();
}

/** PATH on which cut, tr, grep, cat and readlink are busybox's. */
function busyboxPath(): string {
  const folder = join(temporaryFolder(), "bin");
  mkdirSync(folder);
  for (const name of ["cut", "tr", "grep", "cat", "readlink"]) {
    symlinkSync(which("busybox"), join(folder, name));
  }
  for (const name of ["git", "node"]) symlinkSync(which(name), join(folder, name));
  return folder;
}

const shells: readonly (readonly [string, readonly string[]])[] = [
  ["dash", ["dash"]],
  ["bash as sh", ["bash", "--posix"]],
  ["busybox", ["busybox", "sh"]],
  ["zsh as sh", ["zsh", "--emulate", "sh"]],
];

describe.each(shells)("the gate in %s", (_name, [shell = "sh", ...args]) => {
  it.each([
    ["the usual programs", process.env["PATH"] ?? ""],
    ["busybox's programs", "busybox"],
  ])("passes clean text and stops keys with %s", (_programs, path) => {
    const repository = freshRepository();
    const run = (): number | null =>
      spawnSync(which(shell), [...args, gate, "pre-commit"], {
        cwd: repository.path,
        env: { PATH: path === "busybox" ? busyboxPath() : path, HOME: repository.path },
      }).status;
    repository.write("clean.txt", "nothing here\n".repeat(1000));
    repository.git("add", "-A");
    expect(run()).toBe(0);
    for (const content of [
      `K=${mint("payg-compact")}\n`,
      Buffer.from(`K=${mint("payg-compact")}\r\n`, "utf16le"),
      `x: ${Buffer.from(`K=${mint("coding-plan")} DASHSCOPE`).toString("base64")}\n`,
      Buffer.concat([Buffer.from([0, 255, 10, 0]), Buffer.from(mint("token-plan-v2"))]),
    ]) {
      repository.write("b", content);
      repository.git("add", "-A");
      expect(run()).toBe(1);
    }
  });
});

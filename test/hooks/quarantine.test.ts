// A server's hook during a real push, while what was pushed is still in quarantine.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { hookEnvironment } from "../../src/hooks/environment.js";
import { mint } from "../support/mint.js";
import { readFast } from "../support/oracle.js";
import { freshRepository, openRepository, temporaryFolder } from "../support/repository.js";

const bin = join(import.meta.dirname, "../../bin/dashleaks.js");

/** Waits for a file that another process makes. */
async function appears(path: string): Promise<void> {
  for (let tries = 0; !existsSync(path); tries++) {
    if (tries === 500) throw new Error(`${path} did not appear`);
    await sleep(20);
  }
}

describe("a server's hook during a push", () => {
  it.each([
    ["loose objects", "1000", 1],
    ["a pack", "1", 1],
    ["a pack of so many objects that all packs are read", "1", 5100],
  ])(
    "finds the key in a quarantine of %s, which the fast reader reads itself",
    async (_, limit, files) => {
      const server = freshRepository("--bare");
      server.git("config", "transfer.unpackLimit", limit);
      const client = freshRepository();
      client.commit({ a: "known" });
      client.git("push", "-q", server.path, "main");
      // The witness of the oracle's tests, and a whole key.
      const text = `sk-0123abcd99\nDASHSCOPE_API_KEY=${mint("payg-compact")}\n`;
      const entries = Array.from({ length: files }, (_none, at) => {
        const content = at === 7 % files ? text : `${at}\n`;
        return `M 100644 inline f${at}\ndata ${content.length}\n${content}\n`;
      });
      client.gitWithInput(
        `commit refs/heads/main\ncommitter A <a@example.com> 1700000000 +0000\ndata 1\nm\nfrom refs/heads/main^0\n${entries.join("")}\n`,
        "fast-import",
        "--quiet",
      );
      const folder = temporaryFolder();
      const [ready, done] = [join(folder, "ready"), join(folder, "done")] as const;
      mkdirSync(join(server.path, "hooks"), { recursive: true });
      writeFileSync(
        join(server.path, "hooks/pre-receive"),
        `#!/bin/sh
env -0 >'${ready}.new' && mv '${ready}.new' '${ready}'
for _ in $(seq 400); do [ -e '${done}' ] && break; sleep 0.05; done
exec '${process.execPath}' '${bin}' hook run pre-receive
`,
        { mode: 0o755 },
      );
      const push = spawn("git", ["push", "-q", server.path, "main"], { cwd: client.path });
      let said = "";
      push.stderr.setEncoding("utf8").on("data", (piece: string) => (said += piece));
      const ended = new Promise<number | null>((resolve) => push.on("close", resolve));
      await appears(ready);
      const variables = readFileSync(ready, "utf8")
        .split("\0")
        .map((line) => /^([^=]+)=(.*)$/su.exec(line)?.slice(1) ?? []);
      const environment = hookEnvironment(
        Object.fromEntries(variables.flatMap(([name, value]) => (name ? [[name, value]] : []))),
        server.path,
      );
      expect(environment).toHaveProperty("GIT_QUARANTINE_PATH");
      const oid = client.git("rev-parse", `main:f${7 % files}`);
      const fast = await readFast(openRepository(server.path), { environment });
      expect(fast.given.get(oid)?.toString()).toBe(text);
      expect([fast.handedOver, fast.notices]).toEqual([[], []]);
      // The commit, tree and blob that were there, and what is new.
      expect(fast.objects).toBe(3 + files + 2);
      const blind = await readFast(openRepository(server.path));
      expect(blind.given.has(oid)).toBe(false);
      writeFileSync(done, "");
      expect(await ended).not.toBe(0);
      expect(said).toContain("this push would publish 1 key");
      expect(said).toContain(`f${7 % files}:2:19`);
    },
  );
});

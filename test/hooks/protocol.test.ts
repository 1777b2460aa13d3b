// What git tells hooks on standard input, and what that means for a scan.
import { describe, expect, it } from "vitest";
import { recordedMessage } from "../../src/hooks/commit-message.js";
import { pushRange, readPrePush, readPreReceive } from "../../src/hooks/protocol.js";
import { UserError } from "../../src/model/errors.js";

const a = "a".repeat(40);
const b = "b".repeat(40);
const none = "0".repeat(40);

describe("pre-push", () => {
  it("publishes nothing by a deletion", () => {
    expect(readPrePush(`(delete) ${none} refs/heads/old ${a}\n`)).toEqual([]);
  });

  it("reads several refs, new and old, and a local side with blanks in it", () => {
    const lines = [
      `refs/heads/main ${a} refs/heads/main ${b}`,
      `HEAD^{/fix the bug} ${b} refs/heads/topic ${none}`,
    ];
    expect(readPrePush(`${lines.join("\n")}\n`)).toEqual([
      { ref: "refs/heads/main", to: a, from: b },
      { ref: "refs/heads/topic", to: b, from: null },
    ]);
  });

  it("knows ids of SHA-256 repositories", () => {
    const long = "c".repeat(64);
    expect(readPrePush(`refs/heads/m ${long} refs/heads/m ${"0".repeat(64)}\n`)).toEqual([
      { ref: "refs/heads/m", to: long, from: null },
    ]);
  });

  it.each(["nonsense\n", `refs/heads/m ${a}\n`, `refs/heads/m ${a} refs/heads/m HEAD\n`])(
    "refuses %j instead of taking it for nothing",
    (line) => {
      expect(() => readPrePush(line)).toThrow(UserError);
    },
  );

  it("counts as known what the remote has, and for a bare URL only the old values", () => {
    const updates = readPrePush(`refs/heads/main ${a} refs/heads/main ${b}\n`);
    expect(pushRange(updates, "origin", ["origin"]).known).toEqual({
      revisions: [b],
      refs: { kind: "remote", name: "origin" },
    });
    expect(pushRange(updates, "/srv/elsewhere.git", ["origin"]).known.refs.kind).toBe("none");
  });
});

describe("pre-receive", () => {
  it("reads old, new and name", () => {
    expect(readPreReceive(`${none} ${a} refs/heads/main\n${a} ${none} refs/heads/x\n`)).toEqual([
      { ref: "refs/heads/main", to: a, from: null },
    ]);
  });
});

describe("the message that git will record", () => {
  const scissors = "# ------------------------ >8 ------------------------";
  const edited = { edited: true, cleanup: null, commentPrefix: null };

  it("leaves out the diff of `git commit --verbose` and comments, and keeps line numbers", () => {
    const text = `subject\n\n# deleted: x\nbody\n${scissors}\n# Do not touch\n-old line\n`;
    expect(recordedMessage(text, edited)).toBe("subject\n\n\nbody\n");
  });

  it("keeps everything when no editor ran, because git does", () => {
    const text = `subject\n# kept\n${scissors}\nrest\n`;
    expect(recordedMessage(text, { ...edited, edited: false })).toBe(text);
  });

  it("keeps comments when commit.cleanup keeps them", () => {
    expect(recordedMessage("a\n# b\n", { ...edited, cleanup: "whitespace" })).toBe("a\n# b\n");
  });

  it("goes by core.commentChar", () => {
    expect(recordedMessage("; gone\n# kept\n", { ...edited, commentPrefix: ";" })).toBe(
      "\n# kept\n",
    );
  });
});

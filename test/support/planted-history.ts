// A history in which keys are put in, changed in part, split, joined, moved and taken out again,
// written by git itself through fast-import.
import { randomFrom, type Random } from "./random.js";

const words =
  "task-runner disk-cache risk-model the quick function return const import from sk-learn mask-rcnn export value sk- sk config = { } ( ) api_key baseURL dashscope".split(
    " ",
  );

/** A stream for `git fast-import`: so many files, changed by so many commits. */
export function plantedHistory(seed: number, files: number, commits: number): string {
  const random = randomFrom(seed);
  const contents = Array.from({ length: files }, () =>
    Array.from({ length: 20 + random.below(200) }, () => line(random)),
  );
  const stream: string[] = [];
  for (let commit = 0; commit < commits; commit++) {
    stream.push(
      `commit refs/heads/main\ncommitter A <a@b> ${1_600_000_000 + commit * 60} +0000\ndata 3\nc${commit % 10}\n`,
    );
    const touched = new Set(
      commit === 0
        ? contents.keys()
        : Array.from({ length: 1 + random.below(4) }, () => random.below(files)),
    );
    for (const file of touched) {
      const lines = contents[file] ?? [];
      for (let edits = commit === 0 ? 0 : 1 + random.below(4); edits > 0; edits--) {
        edit(lines, random);
      }
      const text = `${lines.join("\n")}\n`;
      stream.push(`M 100644 inline f${file}.txt\ndata ${Buffer.byteLength(text)}\n${text}\n`);
    }
  }
  return stream.join("");
}

function line(random: Random): string {
  return Array.from({ length: 3 + random.below(10) }, () => random.pick(words)).join(" ");
}

function edit(lines: string[], random: Random): void {
  const at = random.below(lines.length);
  const choice = random.below(48);
  if (choice < 12) lines[at] = line(random);
  else if (choice < 20) lines.splice(at, 0, line(random));
  else if (choice < 24 && lines.length > 20) lines.splice(at, 1 + random.below(5));
  else if (choice === 24) lines.splice(at, 0, `key: sk-${random.hex(32)}`);
  else if (choice < 28) lines.splice(at, 0, `part sk-${random.hex(6)}`);
  else if (choice < 31) lines.splice(at, 0, `${random.hex(16)} tail`);
  else if (choice < 36) joinParts(lines);
  else changeKey(lines, at, random);
}

/** The end of one line and the beginning of another become a key. */
function joinParts(lines: string[]): void {
  const first = lines.findIndex((text) => /sk-[0-9a-f]{6}$/u.test(text));
  const second = lines.findIndex((text) => /^[0-9a-f]{16} tail/u.test(text));
  if (first < 0 || second < 0) return;
  lines[first] = `${lines[first] ?? ""}${lines[second] ?? ""}`;
  lines.splice(second, 1);
}

/** Breaks, mends, rotates in part or moves a key. */
function changeKey(lines: string[], from: number, random: Random): void {
  const found = lines.findIndex((text, at) => at >= from && /sk?-[0-9a-f]{8}/iu.test(text));
  const text = lines[found];
  if (text === undefined) return;
  const key = text.search(/sk?-[0-9a-f]{8}/iu);
  switch (random.below(6)) {
    case 0:
      lines[found] = `${text.slice(0, key + 5)}${random.hex(4)}${text.slice(key + 9)}`;
      break;
    case 1:
      lines[found] = `${text.slice(0, key + 8)}${random.hex(2)}${text.slice(key + 8)}`;
      break;
    case 2:
      lines[found] = text.replace("sk-", "Sk-");
      break;
    case 3:
      lines[found] = text.replace("sk-", "s-");
      break;
    case 4:
      lines[found] = text.replace(/Sk-|s-(?=[0-9a-f]{8})/u, "sk-");
      break;
    default: {
      const [moved = ""] = lines.splice(found, 1);
      lines.splice(random.below(lines.length), 0, moved);
    }
  }
}

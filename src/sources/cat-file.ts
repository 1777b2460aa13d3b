// Asks `git cat-file --batch` for objects and gives them as documents, in the order asked for.
// Which objects to ask for is left to history.
import type { Repository } from "../model/source.js";
import { batchParser, type ObjectPiece } from "./cat-file-parser.js";
import { startGit } from "./git.js";
import type { GitOptions } from "./git-options.js";

export type ObjectAnswer =
  | ObjectPiece
  /** git has no such object. */
  | { readonly kind: "missing"; readonly oid: string }
  /** git ended while it was to give this object. */
  | { readonly kind: "died"; readonly oid: string; readonly stderr: string }
  /** How much was looked at since the last item of this kind. */
  | { readonly kind: "seen"; readonly objects: number; readonly bytes: number };

export interface CatFileOptions extends Pick<GitOptions, "environment" | "signal"> {
  /** Documents that it refuses are counted but not given. Pieces of large ones are always given. */
  readonly wanted: (bytes: Uint8Array) => boolean;
}

/** git stops sending when this many bytes wait to be taken. */
const queueBytes = 16 * 2 ** 20;

/** Deaths of git on single objects after which the rest is given up. */
const maxDeaths = 64;

/** Ids are written in batches of about this many characters. */
const writeCharacters = 16 * 2 ** 10;

/** The objects git was asked for and has not answered, oldest first. */
interface Pending {
  readonly add: (oid: string) => void;
  readonly answered: () => void;
  readonly list: () => readonly string[];
}

/**
 * Gives the objects in the order asked for. git is started again behind an object on which it died,
 * so that one corrupt object does not hide the others.
 */
export async function* catFile(
  repository: Pick<Repository, "gitDirectory">,
  oids: Iterable<string> | AsyncIterable<string>,
  options: CatFileOptions,
): AsyncGenerator<ObjectAnswer> {
  const pending = pendingList();
  const source = iteratorOf(oids);
  for (let deaths = 0; ; deaths += 1) {
    const stderr = yield* oneProcess(repository, source, pending, options);
    const [dead, ...rest] = pending.list();
    if (dead === undefined) return;
    yield { kind: "died", oid: dead, stderr };
    pending.answered();
    if (deaths < maxDeaths) continue;
    for (const oid of rest) yield { kind: "died", oid, stderr };
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      yield { kind: "died", oid: next.value, stderr };
    }
    return;
  }
}

/** Runs one process to its end; gives what it said on standard error. */
async function* oneProcess(
  repository: Pick<Repository, "gitDirectory">,
  source: AsyncIterator<string>,
  pending: Pending,
  { wanted, ...options }: CatFileOptions,
): AsyncGenerator<ObjectAnswer, string> {
  // 256m is where more cache stops to pay: measured on git's own history.
  const cache = ["-c", "core.deltaBaseCacheLimit=256m"];
  const args = [...cache, "cat-file", "--batch", "--buffer"];
  const child = startGit(repository.gitDirectory, args, options);
  const queue = answerQueue(child.stdout);
  const parser = batchParser({
    piece: (piece) => {
      if (!(piece.first && piece.last) || wanted(piece.bytes)) queue.add(piece);
    },
    answered: (oid, bytes) => {
      pending.answered();
      if (bytes === null) queue.add({ kind: "missing", oid });
      else queue.count(bytes);
    },
  });
  let stderr = "";
  let failure: unknown = null;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-2048);
  });
  child.stdout.on("data", (piece: Buffer) => {
    parser.push(piece);
    queue.wake();
  });
  child.on("error", (error) => (failure = error));
  child.on("close", () => {
    parser.end();
    queue.close();
  });
  const feeding = feed(child.stdin, source, pending).catch((error: unknown) => {
    failure = error;
    child.kill("SIGKILL");
  });
  try {
    yield* queue.take();
    await feeding;
  } finally {
    child.kill("SIGKILL");
  }
  if (failure !== null) throw failure as Error;
  return stderr.trim();
}

/** Writes the ids: first those that an earlier process left unanswered, then the source's. */
async function feed(
  stdin: ReturnType<typeof startGit>["stdin"],
  source: AsyncIterator<string>,
  pending: Pending,
): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    stdin.on("close", resolve);
  });
  stdin.on("error", () => undefined); // git died: seen by its unanswered objects
  const write = async (text: string): Promise<void> => {
    if (stdin.write(text)) return;
    const drained = new Promise<void>((resolve) => stdin.once("drain", resolve));
    await Promise.race([drained, closed]);
  };
  await write(
    pending
      .list()
      .map((oid) => `${oid}\n`)
      .join(""),
  );
  let lines = "";
  while (!stdin.destroyed) {
    const next = await source.next();
    if (next.done === true) break;
    pending.add(next.value);
    lines += `${next.value}\n`;
    if (lines.length < writeCharacters) continue;
    await write(lines);
    lines = "";
  }
  stdin.end(lines);
}

/** Nobody waits for an answer. */
function asleep(): void {}

/** Holds answers until they are taken, and holds the process when too many wait. */
function answerQueue(stdout: ReturnType<typeof startGit>["stdout"]): {
  readonly add: (answer: ObjectAnswer) => void;
  readonly count: (bytes: number) => void;
  readonly wake: () => void;
  readonly close: () => void;
  readonly take: () => AsyncGenerator<ObjectAnswer, void>;
} {
  let ready: ObjectAnswer[] = [];
  let waiting = 0;
  let seen = { objects: 0, bytes: 0 };
  let closed = false;
  let woken = asleep;
  return {
    add: (answer) => {
      ready.push(answer);
      if (answer.kind !== "piece") return;
      waiting += answer.bytes.byteLength;
      if (waiting > queueBytes) stdout.pause();
    },
    count: (bytes) => {
      seen = { objects: seen.objects + 1, bytes: seen.bytes + bytes };
    },
    wake: () => woken(),
    close: () => {
      closed = true;
      woken();
    },
    take: async function* () {
      for (;;) {
        const taken = ready;
        ready = [];
        waiting = 0;
        if (stdout.isPaused()) stdout.resume();
        yield* taken;
        if (seen.objects > 0) {
          const counted = seen;
          seen = { objects: 0, bytes: 0 };
          yield { kind: "seen", ...counted };
        }
        if (ready.length > 0 || seen.objects > 0) continue;
        if (closed) return;
        await new Promise<void>((resolve) => (woken = resolve));
      }
    },
  };
}

function pendingList(): Pending {
  let asked: string[] = [];
  let answered = 0;
  return {
    add: (oid) => void asked.push(oid),
    answered: () => {
      answered += 1;
      if (answered < 1024 || answered * 2 < asked.length) return;
      asked = asked.slice(answered);
      answered = 0;
    },
    list: () => asked.slice(answered),
  };
}

async function* iteratorOf(
  oids: Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<string, void> {
  yield* oids;
}

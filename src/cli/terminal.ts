// What the terminal can do: colours, width, a progress bar. Nothing else asks.
import type { WriteStream } from "node:tty";

/**
 * Are colours wanted? Source: https://no-color.org (any non-empty NO_COLOR), FORCE_COLOR as Node
 * reads it (`0` and `false` mean no).
 */
export function wantsColour(
  when: string,
  environment: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean | undefined,
): boolean {
  if (when === "always") return true;
  if (when === "never") return false;
  const { NO_COLOR: no, FORCE_COLOR: force, TERM: term } = environment;
  if (no !== undefined && no !== "") return false;
  if (force !== undefined) return force !== "0" && force !== "false";
  // Node leaves `isTTY` undefined where there is none; colours would be guessed from that.
  return isTerminal === true && term !== "dumb";
}

/** Columns to wrap at. */
export function widthOf(stream: Pick<WriteStream, "columns" | "isTTY">): number {
  return stream.isTTY ? Math.max(40, Math.min(stream.columns || 80, 120)) : 100;
}

/** As much of cli-progress' bar as is used. */
interface Bar {
  update(done: number, payload: object): void;
  setTotal(total: number): void;
  stop(): void;
}

export interface ProgressDisplay {
  /** @param done counts so far */
  update(done: { files: number; objects: number; total: number }): void;
  /** @param keys that the API was asked about, and all */
  asked(keys: { readonly done: number; readonly total: number }): void;
  /** Takes the bar off the screen. */
  stop(): void;
}

const silent: ProgressDisplay = {
  update: () => undefined,
  asked: () => undefined,
  stop: () => undefined,
};

/** A bar on standard error, after half a second of work; nothing when that is no terminal. */
export function progressDisplay(wanted: boolean): ProgressDisplay {
  if (!wanted || !process.stderr.isTTY) return silent;
  const delayMilliseconds = 500;
  const started = performance.now();
  let bar: Bar | null = null;
  let loading = false;
  let stopped = false;
  const show = (done: number, total: number, what: string): void => {
    if (bar) {
      bar.setTotal(Math.max(total, done, 1));
      bar.update(done, { what });
      return;
    }
    if (loading || performance.now() - started < delayMilliseconds) return;
    loading = true;
    void import("cli-progress").then(({ default: { SingleBar } }) => {
      if (stopped) return;
      const made = new SingleBar({
        format: "{bar} {percentage}%  {what}",
        barCompleteChar: "━",
        barIncompleteChar: "─",
        hideCursor: true,
        clearOnComplete: true,
        stream: process.stderr,
      });
      made.start(Math.max(total, 1), done, { what });
      bar = made;
    });
  };
  return {
    update: ({ files, objects, total }) =>
      show(objects + files, total, `${objects} objects, ${files} files`),
    asked: ({ done, total }) => show(done, total, `asked about ${done} of ${total} keys`),
    stop: () => {
      stopped = true;
      bar?.stop();
    },
  };
}

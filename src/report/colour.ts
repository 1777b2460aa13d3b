// The only file that knows colours: meanings in, terminal codes out (or nothing).
// Whether there is colour is the caller's decision.
import picocolors from "picocolors";
import type { Action, LivenessStatus } from "../model/index.js";

type Style = (text: string) => string;

export interface Palette {
  readonly action: Readonly<Record<Action, Style>>;
  readonly liveness: Readonly<Record<LivenessStatus, Style>>;
  readonly key: Style;
  readonly path: Style;
  readonly commit: Style;
  readonly command: Style;
  readonly link: Style;
  readonly faint: Style;
  readonly warning: Style;
  readonly good: Style;
  readonly bad: Style;
}

const plain: Style = (text) => text;

/** @param enabled without it every style gives its text back unchanged */
export function palette(enabled: boolean): Palette {
  const colours = picocolors.createColors(enabled);
  return {
    action: {
      "reset-now": (text) => colours.bold(colours.red(text)),
      reset: colours.red,
      remove: colours.yellow,
      review: colours.yellow,
      none: colours.dim,
    },
    liveness: {
      unchecked: plain,
      live: (text) => colours.bold(colours.red(text)),
      restricted: colours.red,
      dead: colours.green,
      unknown: colours.yellow,
    },
    key: colours.bold,
    path: colours.magenta,
    commit: colours.green,
    command: colours.cyan,
    link: colours.underline,
    faint: colours.dim,
    warning: colours.yellow,
    good: colours.green,
    bad: (text) => colours.bold(colours.red(text)),
  };
}

// Which commits carry a key at a path, and from these: who brought it in and who took it out.
// How far the commits got is left to reach, what a report says of it to attribution.
import type { PathChanges } from "./changes.js";
import type { CommitGraph } from "./commit-graph.js";
import { via, type Tip } from "./tips.js";

/** A key at a path, as the objects that carry it there. */
export interface Mark {
  readonly fingerprint: string;
  /** For trees: the entry's name, to be put behind the tree's path. */
  readonly name: string | null;
  readonly objects: ReadonlySet<string>;
}

/** Commits that carry a key at a path on without a gap, across branches and merges. */
export interface Stretch {
  readonly mark: Mark;
  readonly path: string;
  /** The object at the first commit. */
  readonly object: string;
  /** All objects that carry the key at this path. */
  readonly objects: ReadonlySet<string>;
  /** Commits that brought the key in, in graph order; more than one when branches did and merged. */
  readonly introduced: readonly [number, ...number[]];
  /** The commit that took it out on the line that matters most, or null when it is still there. */
  readonly removed: number | null;
}

/** What is known of the commits, for all paths alike. */
export interface History {
  readonly graph: CommitGraph;
  readonly masks: Int32Array;
  readonly tips: readonly { readonly number: number; readonly tip: Tip }[];
}

/** What a path holds after each commit: 0, or the index of an object in `objects`. */
interface PathStates {
  readonly objects: readonly (string | null)[];
  readonly states: Int32Array;
}

/** What a path holds after a commit, if it is an object that was asked for. */
export type StateAt = (number: number) => string | null;

/** The stretches of all marks at one path. */
export function stretchesAt(
  history: History,
  path: string,
  changes: PathChanges,
  marks: readonly Mark[],
): { readonly stretches: readonly Stretch[]; readonly stateAt: StateAt } {
  const { objects, states } = statesOf(history.graph, changes);
  const stretches = marks.flatMap((mark) => {
    const carries = objects.map((object) => object !== null && mark.objects.has(object));
    if (!carries.includes(true)) return [];
    const carriers = new Set([...mark.objects].filter((object) => objects.includes(object)));
    return stretchesOf(history, states, carries).map(({ introduced, removed }) => ({
      mark,
      path: mark.name === null ? path : path + mark.name,
      object: objects[states[introduced[0]] ?? 0] ?? "",
      objects: carriers,
      introduced,
      removed,
    }));
  });
  return { stretches, stateAt: (number) => objects[states[number] ?? 0] ?? null };
}

function statesOf({ starts, parents }: CommitGraph, changes: PathChanges): PathStates {
  const objects: (string | null)[] = [null, ...new Set(changes.values())].filter(
    (object, index) => index === 0 || object !== null,
  );
  const indexOf = new Map(objects.map((object, index) => [object, index]));
  const states = new Int32Array(starts.length - 1);
  const changed = new Map([...changes].map(([number, object]) => [number, indexOf.get(object)]));
  for (let number = 0; number < states.length; number += 1) {
    const change = changed.get(number);
    const start = starts[number] ?? 0;
    const root = start === starts[number + 1];
    states[number] = change ?? (root ? 0 : (states[parents[start] ?? 0] ?? 0));
  }
  return { objects, states };
}

interface Group {
  readonly introduced: [number, ...number[]];
  readonly removals: number[];
}

/** Groups commits that carry by parenthood: each group is a stretch. */
function stretchesOf(
  history: History,
  states: Int32Array,
  carries: readonly boolean[],
): { introduced: [number, ...number[]]; removed: number | null }[] {
  const { starts, parents } = history.graph;
  const groups: Group[] = [];
  const joined: number[] = []; // union-find over groups
  const groupOf = new Int32Array(states.length).fill(-1);
  const find = (group: number): number => {
    let root = group;
    while (joined[root] !== root) root = joined[root] ?? root;
    joined[group] = root;
    return root;
  };
  for (let number = 0; number < states.length; number += 1) {
    const carried = carries[states[number] ?? 0] === true;
    let group = -1;
    const end = starts[number + 1] ?? 0;
    for (let at = starts[number] ?? 0; at < end; at += 1) {
      const above = groupOf[parents[at] ?? 0] ?? -1;
      if (above === -1) continue;
      if (!carried) groups[above]?.removals.push(number);
      else if (group === -1) group = find(above);
      else joined[Math.max(group, find(above))] = group = Math.min(group, find(above));
    }
    if (!carried) continue;
    if (group === -1) {
      group = groups.push({ introduced: [number], removals: [] }) - 1;
      joined.push(group);
    }
    groupOf[number] = group;
  }
  const merged = new Map<number, Group>();
  groups.forEach((group, index) => {
    const root = merged.get(find(index));
    root?.introduced.push(...group.introduced);
    root?.removals.push(...group.removals);
    if (!root) merged.set(find(index), group);
  });
  const stretchAt = (number: number): number => {
    const group = groupOf[number] ?? -1;
    return group === -1 ? -1 : find(group);
  };
  return [...merged].map(([root, group]) => ({
    introduced: group.introduced,
    removed: removalOf(history, group, (number) => stretchAt(number) === root),
  }));
}

/**
 * A key is gone when the tips of the line that matters do not carry it: HEAD's line if it ever had
 * it, else the branches', else those of tags and notes. Residue is never called removed.
 */
function removalOf(
  { masks, tips }: History,
  { introduced, removals }: Group,
  carries: (number: number) => boolean,
): number | null {
  const mask = introduced.reduce((all, number) => all | (masks[number] ?? 0), 0);
  const line = [via.head, via.branch, via.tag | via.notes].find((bits) => (mask & bits) !== 0);
  if (line === undefined) return null;
  const current = tips.filter(({ tip }) => (tip.via & line) !== 0);
  if (current.some(({ number }) => carries(number))) return null;
  const onLine = removals.filter((number) => ((masks[number] ?? 0) & line) !== 0);
  return onLine.length === 0 ? null : Math.min(...onLine);
}

// The steps of the reset plan, in the order in which to take them, with commands.
// Which action it is was decided by advice; pages and facts come from their tables.
import type { Action, Advice, AdviceStep, Exposure, Place } from "../model/index.js";
import type { AdviceInput } from "./advice.js";
import { consolePagesFor } from "./console-pages.js";
import { handlingFacts, handlingsFor } from "./reset-facts.js";

type Window = Advice["exposureWindow"];
type Plan = (input: AdviceInput, window: Window) => readonly AdviceStep[];

/** A list of steps for each action. */
const plans = {
  "reset-now": resetPlan,
  reset: resetPlan,
  remove: (input) => [
    ...takeOut(input),
    ...clearResidue(input.places),
    storeOutside(input),
    keepOut,
  ],
  review: reviewPlan,
  none: (input) =>
    input.provider === "other" ? [tellOwner(input), ...takeOut(input)] : [deleteDead(input)],
} as const satisfies Record<Action, Plan>;

/** The steps to take for an action. */
export function adviceSteps(
  action: Action,
  input: AdviceInput,
  window: Window,
): readonly AdviceStep[] {
  return plans[action](input, window);
}

function resetPlan(input: AdviceInput, window: Window): readonly AdviceStep[] {
  return [
    ...whereUsed(input),
    ...endOldValue(input),
    storeOutside(input),
    ...takeOut(input),
    readBill(window),
    ...clearResidue(input.places),
    ...(input.exposure === "pushed" ? [historyNote] : []),
    {
      text: "Check that the old value is refused everywhere.",
      command: "dashleaks scan --verify",
    },
    keepOut,
  ];
}

function reviewPlan(input: AdviceInput, window: Window): readonly AdviceStep[] {
  if (input.provider === "ambiguous") {
    return [
      {
        text: "Find out whose key it is: look at the code around it, or ask who wrote it. Only if it may be sent to Alibaba Cloud, ask the API.",
        command: "dashleaks scan --verify --verify-ambiguous",
      },
      ...endOldValue(input),
      ...takeOut(input),
    ];
  }
  if (input.kind === "partial" || input.confidence === "possible") {
    return [
      { text: "Look at the places and compare with the keys on the page.", ...firstPage(input) },
      ...endOldValue(input),
      ...takeOut(input),
    ];
  }
  return [
    {
      text: "If this folder was ever copied, backed up or shared, reset the key.",
      ...firstPage(input),
    },
    ...clearResidue(input.places),
    ...(window.from === null ? [] : [readBill(window)]),
  ];
}

function whereUsed({ hints, consumers = [] }: AdviceInput): readonly AdviceStep[] {
  const { variable } = hints;
  if (consumers.length === 0 && !isPlainName(variable)) return [];
  const found =
    consumers.length > 0
      ? `${consumers.length} ${consumers.length === 1 ? "place uses" : "places use"} its variable (listed)`
      : `Look where ${variable} is used`;
  return [
    {
      text: `${found}: have the new value ready to go in there, since the old one dies with the reset; check CI secrets and servers as well.`,
      ...(isPlainName(variable) ? { command: `git grep -n -w -e ${variable}` } : {}),
    },
  ];
}

function endOldValue(input: AdviceInput): readonly AdviceStep[] {
  const pages = consolePagesFor(input);
  const ways = new Set(handlingsFor(input).map((handling) => handlingFacts[handling].howToEnd));
  const sentence = [...ways].map((way, at) =>
    at === 0 ? way : `where the page has no reset, ${lowerFirst(way)}`,
  );
  const condition = input.liveness.status === "dead" ? "" : regionNote(pages.length);
  return pages.slice(0, 1).map(({ url }) => ({ text: `${sentence.join("; ")}${condition}.`, url }));
}

function regionNote(pages: number): string {
  return pages > 1 ? " (its region is not certain: look on every page listed)" : "";
}

function deleteDead(input: AdviceInput): AdviceStep {
  return {
    text: "Delete the key if it is yours: it may only be disabled, and a disabled key can be enabled again.",
    ...firstPage(input),
  };
}

function tellOwner({ providerName }: AdviceInput): AdviceStep {
  return {
    text: `Tell the key's owner, who can end it at ${providerName ?? "its provider"}; it was not sent anywhere.`,
  };
}

function firstPage(input: AdviceInput): { readonly url?: string } {
  const [page] = consolePagesFor(input);
  return page ? { url: page.url } : {};
}

function storeOutside({ hints }: AdviceInput): AdviceStep {
  if (hints.usedAsName) {
    return {
      text: "The key stands where a variable's name belongs: write the name there (such as DASHSCOPE_API_KEY) and set the variable to the new key outside the repository.",
    };
  }
  const name = isPlainName(hints.variable) ? hints.variable : "DASHSCOPE_API_KEY";
  return {
    text: `Keep the key outside the repository (an environment variable such as ${name}, a secret store, an ignored file).`,
  };
}

const keepOut: AdviceStep = {
  text: "Keep the next one out: let a hook look at each commit.",
  command: "dashleaks hook install",
};

const historyNote: AdviceStep = {
  text: "Rewriting history is optional once the key is dead, and no replacement for the reset: clones, forks and caches keep it.",
};

/** At most this many files get a step of their own; the report lists every place. */
const maxFilesNamed = 5;

function takeOut({ places }: AdviceInput): readonly AdviceStep[] {
  const current = places.filter(({ kind }) => kind === "file" || kind === "index");
  const files = [...new Set(current.flatMap(({ path }) => path ?? []))];
  if (files.length === 0) return [];
  const staged = current.some(({ kind }) => kind === "index");
  const named = files.filter(isPlainPath).slice(0, maxFilesNamed);
  const command = `git reset -q -- ${named.join(" ")}`;
  return [
    {
      text: `Take the key out of the ${files.length === 1 ? "file" : `${files.length} files`} that still ${files.length === 1 ? "holds" : "hold"} it${staged ? ", and out of the index" : ""}.`,
      ...(staged && named.length === files.length ? { command } : {}),
    },
  ];
}

function readBill({ from, to }: Window): AdviceStep {
  const since = from === null ? "for as long as the key may have been readable" : `since ${from}`;
  const until =
    to === null ? "the day of the reset" : `the day of the reset (files held it to ${to})`;
  return {
    text: `Look for abuse ${since}, up to ${until}: the bill, and model monitoring filtered by the key's id.`,
  };
}

const reflogSteps: readonly AdviceStep[] = [
  {
    text: "Clear it from this clone; this also forgets whatever else only the reflog still holds.",
    command: "git reflog expire --expire=now --all",
  },
  { text: "Delete the objects that nothing reaches any more.", command: "git gc --prune=now" },
];

/** What clears each kind of local residue. Source: git-stash(1), git-reflog(1), git-gc(1). */
const residueSteps: Partial<Record<Exposure, readonly AdviceStep[]>> = {
  stashed: [
    {
      text: "Drop the stash that holds it (git stash list shows their numbers).",
      command: "git stash drop stash@{N}",
    },
    { text: "Delete the objects that nothing reaches any more.", command: "git gc --prune=now" },
  ],
  reflog: reflogSteps,
  unreachable: reflogSteps,
};

function clearResidue(places: readonly Place[]): readonly AdviceStep[] {
  const steps = places.flatMap(({ exposure }) => residueSteps[exposure] ?? []);
  const distinct = steps.filter(
    (step, at) => steps.findIndex(({ command }) => command === step.command) === at,
  );
  // Pruning only helps when nothing reaches the object any more.
  return distinct.sort((a, b) => Number(isPrune(a)) - Number(isPrune(b)));
}

function isPrune({ command }: AdviceStep): boolean {
  return command === "git gc --prune=now";
}

/** Names and paths go into commands only when no shell and no terminal reads anything into them. */
function isPlainName(variable: string | null): variable is string {
  return variable !== null && /^[A-Za-z_][A-Za-z0-9_]{1,63}$/u.test(variable);
}

/** Also without `sk-`: a path may hold a key itself. */
function isPlainPath(path: string): boolean {
  return /^[A-Za-z0-9_.@/+][A-Za-z0-9_.@/+-]*$/u.test(path) && !path.includes("sk-");
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

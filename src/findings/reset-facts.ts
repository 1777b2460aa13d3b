// What reset, disable and delete do to a key of each plan and who may do it, as data.
// Which of it a reader needs for one key is chosen here too; the steps are left to advice-steps.
import { sitesOfKind, type KeyKind, type Site } from "../model/index.js";
import { knownSites, type SiteClues } from "./console-pages.js";

/** Sites whose keys are handled alike. */
type Handling = "payg" | "virginia" | "token-plan" | "coding-plan" | "qwen-cloud";

interface HandlingFacts {
  /** The button that ends the old value, as a step's beginning. */
  readonly howToEnd: string;
  /** What reset, disable and delete do. */
  readonly effects: string;
  /** Who may do it; null where the vendor does not say. */
  readonly who: string | null;
}

/** Source: vendor pages on API keys, Token Plan, Coding Plan and Qwen Cloud, read 2026-11-20. */
export const handlingFacts: Readonly<Record<Handling, HandlingFacts>> = {
  payg: {
    howToEnd: "Reset the key",
    effects:
      "Pay-as-you-go: reset gives the key a new value and the old one dies at once; disable can be undone with enable; delete is permanent.",
    who: "The main account sees and handles every key; a RAM user only the keys it made.",
  },
  virginia: {
    howToEnd: "Create a new key and delete the old one",
    effects:
      "US (Virginia) has neither reset nor disable: create a new key, then delete the old one for good.",
    who: "The main account sees and handles every key; a RAM user only the keys it made.",
  },
  "token-plan": {
    howToEnd: "Reset the key of the seat",
    effects:
      "Token Plan: reset keeps the key id, shows the new value once, and the old one dies at once; there is neither disable nor delete.",
    who: "Token Plan: each seat has a key of its own; a team's administrator reaches all of them.",
  },
  "coding-plan": {
    howToEnd: "Reset the key on the plan's page",
    effects:
      "Coding Plan: reset on the plan's page gives a new value and the old one dies at once; there is neither disable nor delete.",
    who: "Only the main account can reset a Coding Plan key.",
  },
  "qwen-cloud": {
    howToEnd: "Create a new key and delete the old one",
    effects:
      "Qwen Cloud has neither reset nor disable: create a new key, then delete the old one for good.",
    who: null,
  },
};

const handlingOfSite = {
  "payg/cn-beijing": "payg",
  "payg/ap-southeast-1": "payg",
  "payg/cn-hongkong": "payg",
  "payg/us-east-1": "virginia",
  "payg/eu-central-1": "payg",
  "payg/ap-northeast-1": "payg",
  "qwen-cloud": "qwen-cloud",
  qianwen: "qwen-cloud",
  "coding-plan/cn-beijing": "coding-plan",
  "coding-plan/ap-southeast-1": "coding-plan",
  "token-plan/cn-beijing": "token-plan",
  "token-plan/ap-southeast-1": "token-plan",
  "qwen-cloud/token-plan": "token-plan",
  "qianwen/token-plan": "token-plan",
} as const satisfies Record<Site, Handling>;

/** How keys of the sites in question are handled, the likeliest first. */
export function handlingsFor(clues: SiteClues): readonly Handling[] {
  const known = knownSites(clues);
  const candidates = known.length > 0 ? known : sitesOfKind[clues.kind];
  return [...new Set(candidates.map((site) => handlingOfSite[site]))];
}

const planKinds: ReadonlySet<KeyKind> = new Set(["coding-plan", "token-plan"]);

/** The facts that matter when a key of this kind and region has to be reset. */
export function resetFacts(clues: SiteClues): readonly string[] {
  const handlings = handlingsFor(clues);
  const who = new Set(handlings.flatMap((handling) => handlingFacts[handling].who ?? []));
  return [
    planKinds.has(clues.kind)
      ? "Keys never expire by themselves: a plan's key works until its subscription ends."
      : "Keys never expire by themselves: one that leaked years ago works until somebody ends it.",
    ...handlings.map((handling) => handlingFacts[handling].effects),
    ...who,
    "A new-style key (sk-ws-, dotted sk-sp-) cannot be shown again after it was made: store the new value at once.",
    "Disabling or deleting a RAM user, or taking it out of the workspace, kills all keys that it made.",
    "Removing a key from files or history does not end it: only the vendor's page does.",
    "Abuse shows in the console's model monitoring and inference logs (filter by API key id) and in the bill; ActionTrail records management events only.",
  ];
}

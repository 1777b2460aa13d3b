// The bar that narrows the cards down. It is hidden until the script shows it, and does nothing alone.
import { exposures, keyKinds, livenessStatuses } from "../../model/index.js";
import type { PublishedKey } from "../published.js";
import { exposureWords, kindWords, livenessWords } from "../words.js";
import { stateOf } from "./card.js";
import { markup, type Markup } from "./markup.js";

const stateWords: Readonly<Record<string, string>> = {
  ...livenessWords,
  "let-pass": "let pass",
  "other-provider": "another provider's",
};
const states = [...livenessStatuses, "let-pass", "other-provider"];

/** Selects for kind, exposure and state, each offering what occurs and how often. */
export function filterBar(keys: readonly PublishedKey[]): Markup {
  return markup`<form class="filters" hidden aria-label="Narrow the keys down">
${choice(
  "kind",
  "Kind",
  keyKinds,
  kindWords,
  keys.map(({ kind }) => kind),
)}
${choice(
  "exposure",
  "Exposure",
  exposures,
  exposureWords,
  keys.map(({ exposure }) => exposure),
)}
${choice("state", "State", states, stateWords, keys.map(stateOf))}
<label class="done"><input type="checkbox" name="done"> Hide keys with every step ticked</label>
<output aria-live="polite"></output>
</form>`;
}

function choice(
  name: string,
  title: string,
  order: readonly string[],
  words: Readonly<Record<string, string>>,
  values: readonly string[],
): Markup {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const options = order
    .filter((value) => counts.has(value))
    .map(
      (value) =>
        markup`<option value="${value}">${words[value] ?? value} (${counts.get(value) ?? 0})</option>`,
    );
  return markup`<label>${title} <select name="${name}"><option value="">all</option>${options}</select></label>`;
}

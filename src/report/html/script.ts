// The page's script: filters, ticks kept in the browser, copying. The page is whole without it.
// It is allowed by its hash, never makes HTML out of text, and asks nothing of any network.

export const script = `
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("script");
  const cards = [...document.querySelectorAll(".key")];
  const form = document.querySelector(".filters");
  const said = document.querySelector("#said");

  // Some browsers refuse storage to files or in private windows: ticks then last as long as the page.
  const memory = new Map();
  const storage = (() => {
    try {
      const probe = "dashleaks:probe";
      localStorage.setItem(probe, "1");
      localStorage.removeItem(probe);
      return localStorage;
    } catch {
      return null;
    }
  })();
  const nameOf = (card) => "dashleaks:" + card.dataset.fingerprint;
  const ticksOf = (card) => {
    const text = storage === null ? memory.get(nameOf(card)) : storage.getItem(nameOf(card));
    try {
      const ticks = JSON.parse(text ?? "[]");
      return new Set(Array.isArray(ticks) ? ticks : []);
    } catch {
      return new Set();
    }
  };
  const keepTicks = (card, ticks) => {
    const text = JSON.stringify([...ticks]);
    memory.set(nameOf(card), text);
    try {
      if (storage !== null && ticks.size === 0) storage.removeItem(nameOf(card));
      else if (storage !== null) storage.setItem(nameOf(card), text);
    } catch {
      say("The browser's storage is full; this tick lasts as long as the page.");
    }
  };
  const say = (text) => {
    said.textContent = text;
  };

  const showTicks = (card) => {
    const ticks = ticksOf(card);
    for (const box of card.querySelectorAll("[data-step]")) {
      box.checked = ticks.has(box.dataset.step);
      box.closest("label").classList.toggle("ticked", box.checked);
    }
  };
  // A page restored by the browser keeps its own idea of the boxes; ours counts.
  const touched = storage === null ? [] : cards.filter((card) => storage.getItem(nameOf(card)));
  touched.forEach(showTicks);

  const isDone = (card) => {
    const boxes = [...card.querySelectorAll("[data-step]")];
    return boxes.length > 0 && boxes.every((box) => box.checked);
  };
  const filter = () => {
    if (form === null) return;
    const wanted = ["kind", "exposure", "state"].map((name) => [name, form.elements[name].value]);
    const hideDone = form.elements.done.checked;
    let shown = 0;
    for (const card of cards) {
      const fits = wanted.every(([name, value]) => value === "" || card.dataset[name] === value);
      card.hidden = !fits || (hideDone && isDone(card));
      if (!card.hidden) shown += 1;
    }
    form.querySelector("output").textContent = shown.toLocaleString("en-US") + " of " + cards.length.toLocaleString("en-US") + " keys";
  };
  if (form !== null) {
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", filter);
    form.reset();
    filter();
  }

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.dataset.step === undefined) return;
    const card = box.closest(".key");
    const ticks = ticksOf(card);
    if (box.checked) ticks.add(box.dataset.step);
    else ticks.delete(box.dataset.step);
    keepTicks(card, ticks);
    box.closest("label").classList.toggle("ticked", box.checked);
  });
  addEventListener("storage", (event) => {
    const card = cards.find((one) => nameOf(one) === event.key);
    if (card !== undefined) showTicks(card);
  });

  const copy = async (source) => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      return true;
    } catch {
      // Without the clipboard's permission the text is selected, ready for the keyboard.
      getSelection().selectAllChildren(source);
      return document.execCommand("copy");
    }
  };
  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest(".copy") : null;
    if (button === null) return;
    const done = await copy(button.previousElementSibling);
    button.textContent = done ? "Copied" : "Press Ctrl+C";
    say(done ? "Copied." : "Selected; press Control C to copy.");
    setTimeout(() => {
      button.textContent = "Copy";
    }, 2000);
  });

  // A link to a key that a filter hides shows it again.
  const showTarget = () => {
    const card = location.hash.startsWith("#key-") ? document.getElementById(location.hash.slice(1)) : null;
    if (card === null || !card.hidden) return;
    form.reset();
    filter();
    card.scrollIntoView();
  };
  addEventListener("hashchange", showTarget);
  showTarget();

  // Paper cannot be unfolded.
  const unfolded = [];
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details:not([open])")) {
      details.open = true;
      unfolded.push(details);
    }
  });
  addEventListener("afterprint", () => {
    for (const details of unfolded.splice(0)) details.open = false;
  });
})();
`;

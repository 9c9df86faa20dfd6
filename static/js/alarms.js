// The list of alarms: choosing several, and folding those of one vehicle. Both outlast a list that is asked for again.
(() => {
  "use strict";
  const form = document.getElementById("chosen");
  const table = document.getElementById("alarms");
  if (!form || !table) return;
  const count = form.querySelector("[data-chosen-count]");
  const chosen = new Set();
  const unfolded = new Set();

  const show = () => {
    form.hidden = chosen.size === 0;
    form.toggleAttribute("data-some", chosen.size > 0);
    form.querySelector("[data-choose-none]").hidden = false;
    const plural = new Intl.PluralRules(document.documentElement.lang).select(chosen.size);
    count.textContent = (plural === "one" ? count.dataset.one : count.dataset.other).replace("{n}", chosen.size);
  };

  // Rows may be new, or gone: what was chosen stays chosen, what has gone is chosen no longer.
  const again = () => {
    const boxes = [...table.querySelectorAll("[data-choose]")];
    const there = new Set(boxes.map((box) => box.value));
    for (const value of chosen) if (!there.has(value)) chosen.delete(value);
    for (const box of boxes) box.checked = chosen.has(box.value);
    for (const group of table.querySelectorAll("[data-group]")) fold(group, !unfolded.has(group.dataset.key));
    show();
  };

  const fold = (group, folded) => {
    // Never what is in the officer's hand, nor what was chosen.
    const rest = [...group.querySelectorAll(":scope > [data-item] ~ [data-item]")];
    const inHand = rest.some((row) => row.contains(document.activeElement) || row.querySelector("[data-choose]:checked"));
    group.toggleAttribute("data-folded", folded && !inHand);
    group.querySelector("[data-unfold]").setAttribute("aria-expanded", String(!group.hasAttribute("data-folded")));
  };

  table.addEventListener("change", (event) => {
    if (!event.target.matches("[data-choose]")) return;
    if (event.target.checked) chosen.add(event.target.value); else chosen.delete(event.target.value);
    show();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-unfold]");
    if (button) {
      const group = button.closest("[data-group]");
      const folded = !group.hasAttribute("data-folded");
      if (folded) unfolded.delete(group.dataset.key); else unfolded.add(group.dataset.key);
      fold(group, folded);
    }
    if (event.target.closest("[data-choose-none]")) { chosen.clear(); again(); }
  });

  document.addEventListener("jocc:merged", again);
  document.addEventListener("htmx:afterSwap", again);
  again();
})();

// The board: bars of waiting lines, freezing, filters, list or plan, folding, counts.
(() => {
  "use strict";
  const jocc = window.jocc;
  const byId = (id) => document.getElementById(id);

  document.addEventListener("click", (event) => {
    const bar = event.target.closest("[data-newbar]");
    if (bar) {
      const holder = bar.closest("[data-hold]");
      holder.scrollTop = 0;
      jocc.release(byId(bar.dataset.newbar));
      byId(bar.dataset.newbar).querySelector("[data-item]")?.focus({ preventScroll: true });
    }
    const freeze = event.target.closest("[data-freeze]");
    if (freeze) {
      const holder = freeze.closest(".panel").querySelector("[data-hold]");
      const on = freeze.getAttribute("aria-pressed") !== "true";
      freeze.setAttribute("aria-pressed", String(on));
      if (on) holder.dataset.frozen = "1"; else delete holder.dataset.frozen;
    }
    const view = event.target.closest("[data-view]");
    if (view) {
      for (const button of document.querySelectorAll("[data-view]")) button.setAttribute("aria-pressed", String(button === view));
      for (const panel of document.querySelectorAll("[data-view-panel]")) panel.hidden = panel.dataset.viewPanel !== view.dataset.view;
      document.dispatchEvent(new CustomEvent("jocc:view", { detail: view.dataset.view }));
    }
    const fold = event.target.closest("[data-fold]");
    if (fold) {
      const open = fold.getAttribute("aria-expanded") !== "true";
      fold.setAttribute("aria-expanded", String(open));
      byId(fold.dataset.fold).hidden = !open;
    }
  });

  // A tall, wide screen has room for the list and the plan at once.
  document.addEventListener("DOMContentLoaded", () => {
    if (!window.matchMedia("(min-width: 1700px) and (min-height: 860px)").matches) return;
    const panel = document.querySelector(".panel--lanes");
    panel?.classList.add("is-both");
    for (const part of panel?.querySelectorAll("[data-view-panel]") || []) part.hidden = false;
    document.dispatchEvent(new CustomEvent("jocc:view", { detail: "plan" }));
  });

  // Lines flow again as soon as the officer has stopped reading.
  document.addEventListener("jocc:second", () => {
    for (const holder of document.querySelectorAll("[data-hold]")) {
      const target = byId(holder.dataset.hold);
      const waits = target && (jocc.waiting(target).length || target.querySelector(":scope > .is-gone"));
      if (waits && !jocc.isHeld(holder)) jocc.release(target);
    }
  });

  // A filter starts the list afresh: what is shown must be what was asked for.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-filters]");
    if (!form) return;
    const list = byId("passages");
    delete list.dataset.asOf;
    list.replaceChildren();
    jocc.release(list);
    list.replaceChildren();
    htmx.trigger(list, "jocc:refresh");
  });

  document.addEventListener("jocc:merged", (event) => {
    if (event.target.id !== "needs") return;
    const open = event.target.querySelectorAll("[data-item]:not([data-settled])").length + jocc.waiting(event.target).length;
    for (const count of document.querySelectorAll('[data-count="needs"]')) count.textContent = String(open);
  });
})();

// Everything by keyboard. Single keys act only outside fields and can be switched off (data-shortcuts).
(() => {
  "use strict";
  const PLACES = { b: "board", p: "passage-list", a: "alarm-list", h: "hit-list", l: "lookout-list", d: "device-list", e: "entry", s: "health" };
  let goTo = 0;

  const typing = (element) => element?.matches?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
  const visible = (element) => element.offsetParent !== null;

  const currentItem = () => document.activeElement?.closest?.("[data-item]");

  const move = (step) => {
    const current = currentItem();
    const list = current?.parentElement || document.querySelector("#passages, [data-list]");
    if (!list) return;
    // A table may have several bodies, a wall several groups, one below the other.
    const rows = list.closest("table, [data-lists]")?.querySelectorAll("[data-list] > [data-item], #passages > [data-item]");
    const items = [...(rows?.length ? rows : list.querySelectorAll(":scope > [data-item]"))].filter(visible);
    const index = items.indexOf(current);
    const next = items[index < 0 ? 0 : Math.min(Math.max(index + step, 0), items.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };

  const press = (key) => {
    // What was chosen is acted on together; else the item in hand; on a page with one record the record, whose
    // parts may stand apart: its name here, its acts there.
    const many = document.querySelector("[data-chosen][data-some]");
    const item = currentItem();
    const records = [...document.querySelectorAll("[data-record]:not([data-item])")];
    const scopes = item ? [item] : records.length ? records : [document.querySelector("#needs > [data-item]")];
    const controls = [many, ...scopes].map((scope) => scope?.querySelector(`[data-shortcut="${CSS.escape(key)}"]`));
    const control = controls.find((found) => found && visible(found)) || controls.find(Boolean);
    if (!control) return false;
    if (control.tagName === "SUMMARY") {
      control.parentElement.open = true;
      control.parentElement.querySelector(".input, input:not([type=hidden]), .menu__item")?.focus();
    } else {
      control.click();
    }
    return true;
  };

  const click = (selector) => {
    const element = document.querySelector(selector);
    element?.click();
    return Boolean(element);
  };

  const ACTIONS = {
    "?": () => { const help = document.getElementById("help"); if (help?.open) help.close(); else help?.showModal(); return Boolean(help); },
    "/": () => { const box = document.querySelector("[data-check]"); box?.focus(); box?.select(); return Boolean(box); },
    j: () => { move(1); return true; },
    k: () => { move(-1); return true; },
    w: () => { const first = document.querySelector("#needs > [data-item], [data-list] > [data-item]"); first?.focus(); return Boolean(first); },
    n: () => click("[data-newbar]:not([hidden])"),
    f: () => click("[data-freeze]"),
    m: () => click("[data-sound]"),
    g: () => { goTo = Date.now(); return true; },
  };

  // After an act the card or row stays in hand, so that the next act and undo are one key away.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.requestConfig?.verb !== "post" || document.activeElement !== document.body) return;
    event.target.closest?.("[data-item]")?.focus({ preventScroll: true });
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && typing(document.activeElement)) { document.activeElement.blur(); return; }
    if (event.key === "Enter" && document.activeElement?.matches("[data-item]")) {
      const link = document.activeElement.querySelector("[data-open]");
      if (link) { link.click(); event.preventDefault(); }
      return;
    }
    if (typing(document.activeElement) || document.documentElement.dataset.shortcuts === "off") return;
    if (document.querySelector("dialog[open]") && event.key !== "?") return;
    if (Date.now() - goTo < 1200) {
      goTo = 0;
      const place = PLACES[event.key] && document.querySelector(`[data-nav="${PLACES[event.key]}"]`);
      if (place) { place.click(); event.preventDefault(); return; }
    }
    const done = ACTIONS[event.key] ? ACTIONS[event.key]() : press(event.key);
    if (done) event.preventDefault();
  });
})();

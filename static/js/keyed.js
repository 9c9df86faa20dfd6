// An htmx swap that changes only what changed: children are matched by data-key, replaced when their
// data-version differs, and never moved, added or removed under the officer's cursor. New lines wait
// behind a bar until the officer looks up.
(() => {
  "use strict";
  const jocc = (window.jocc = window.jocc || {});
  // After this long without a movement the officer is no longer reading; moving again holds at once.
  const READING = 30000;
  const KEEP_SETTLED = 10000;
  const waiting = new Map();

  const holderOf = (target) => target.closest("[data-hold]");

  const isHeld = (holder) => {
    if (!holder) return false;
    if (holder.dataset.frozen) return true;
    if (holder.scrollTop > 8) return true;
    if (holder.querySelector("[data-menu][open]")) return true;
    const recent = Date.now() - Number(holder.dataset.touched || 0) < READING;
    return recent && (holder.matches(":hover") || holder.matches(":focus-within"));
  };
  jocc.isHeld = isHeld;

  const isBusy = (element) =>
    element.querySelector("[data-menu][open], .htmx-request, input:not([type=hidden], [type=checkbox]):focus, select:focus, textarea:focus") !== null;

  const replace = (old, fresh) => {
    const active = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(fresh);
    if (!active) return;
    // What is replaced may hold several rows: the focus stays in its own.
    const row = active.closest("[data-key]");
    const place = row && row !== old ? fresh.querySelector(`[data-key="${CSS.escape(row.dataset.key)}"]`) || fresh : fresh;
    const selector = active === old || active === row ? null : active.id ? `#${CSS.escape(active.id)}` : active.dataset.shortcut ? `[data-shortcut="${active.dataset.shortcut}"]` : active.tagName;
    const again = selector ? place.querySelector(selector) || place : place;
    again.focus({ preventScroll: true });
  };

  const queueOf = (target) => {
    if (!waiting.has(target.id)) waiting.set(target.id, new Map());
    return waiting.get(target.id);
  };

  const keyed = (parent) => [...parent.children].filter((child) => child.dataset.key);

  const trim = (target) => {
    const limit = Number(target.dataset.limit || 0);
    if (limit) keyed(target).slice(limit).forEach((child) => child.remove());
  };

  const emptied = (child) => {
    const place = document.createElement(child.tagName);
    place.className = "is-gone";
    place.style.height = `${child.offsetHeight}px`;
    return place;
  };

  const drop = (target, keys, held) => {
    for (const child of keyed(target)) {
      if (keys.has(child.dataset.key)) continue;
      const settled = "settled" in child.dataset ? child : child.querySelector(":scope > [data-settled]");
      const keep = Number(settled?.dataset.settled || 0) * 1000 || KEEP_SETTLED;
      if (settled && Date.now() - Number(settled.dataset.settledAt || 0) < keep) continue;
      // What may no longer be seen goes at once; while the officer reads, its place stays empty.
      if (held) child.replaceWith(emptied(child)); else child.remove();
    }
  };

  const insert = (target, element, after) => {
    if (element.matches("[data-item]")) element.classList.add("is-new");
    const next = element.dataset.order
      ? keyed(target).find((child) => Number(child.dataset.order) <= Number(element.dataset.order))
      : null;
    // Lines stand by their own time, newest first, whatever the order in which they arrive.
    if (next) next.before(element);
    else if (element.dataset.order) target.append(element);
    else if (after && after.parentElement === target) after.after(element);
    else target.prepend(element);
  };

  /** Merge the keyed children of `source` into `target`; returns the elements htmx must process. */
  const merge = (target, source) => {
    // An empty list has nothing to keep still: a changed filter fills it at once.
    const held = keyed(target).length > 0 && isHeld(holderOf(target));
    const partial = source.hasAttribute("data-partial");
    const queue = queueOf(target);
    if (!held) target.querySelectorAll(":scope > .is-gone").forEach((place) => place.remove());
    const fresh = [];
    let complete = true;
    const present = new Map(keyed(target).map((child) => [child.dataset.key, child]));
    const incoming = keyed(source);
    if (!partial) {
      const keys = new Set(incoming.map((child) => child.dataset.key));
      drop(target, keys, held);
      for (const key of queue.keys()) if (!keys.has(key)) queue.delete(key);
    }
    let previous = null;
    for (const element of incoming) {
      const key = element.dataset.key;
      const old = present.get(key);
      if (!old) {
        if (held) queue.set(key, element);
        else { insert(target, element, previous); fresh.push(element); previous = element; }
        continue;
      }
      if (old.dataset.version !== element.dataset.version) {
        if (isBusy(old)) { complete = false; previous = old; continue; }
        replace(old, element);
        fresh.push(element);
        if (!held && !partial && previous && element.previousElementSibling !== previous) previous.after(element);
        previous = element;
      } else {
        if (!held && !partial && previous && old.previousElementSibling !== previous) previous.after(old);
        previous = old;
      }
    }
    if (!held) trim(target);
    if (complete && source.dataset.asOf) target.dataset.asOf = source.dataset.asOf;
    settle(target);
    return fresh;
  };

  const settle = (target) => {
    const queue = queueOf(target);
    for (const child of keyed(target)) queue.delete(child.dataset.key);
    const holder = holderOf(target);
    const bar = holder?.querySelector("[data-newbar]");
    if (bar) {
      bar.hidden = queue.size === 0;
      const plural = new Intl.PluralRules(document.documentElement.lang).select(queue.size);
      bar.textContent = (plural === "one" ? bar.dataset.one : bar.dataset.other).replace("{n}", queue.size);
      bar.toggleAttribute("data-stop", [...queue.values()].some((element) => element.matches(".need--stop")));
    }
    const empty = document.querySelector(`[data-empty="${target.id}"]`);
    if (empty) empty.hidden = keyed(target).length > 0 || queue.size > 0;
    target.dispatchEvent(new CustomEvent("jocc:merged", { bubbles: true }));
  };

  /** Show the lines that wait behind the bar of `target`. */
  jocc.release = (target) => {
    const queue = queueOf(target);
    const elements = [...queue.values()];
    queue.clear();
    target.querySelectorAll(":scope > .is-gone").forEach((place) => place.remove());
    for (const element of elements.reverse()) {
      insert(target, element, null);
      htmx.process(element);
    }
    trim(target);
    settle(target);
  };

  /** The elements that wait behind a bar, for the sound and the counter. */
  jocc.waiting = (target) => [...queueOf(target).values()];

  const define = () => htmx.defineExtension("keyed", {
    isInlineSwap: (style) => style === "keyed",
    handleSwap: (style, target, fragment) => {
      if (style !== "keyed") return false;
      const source = fragment.querySelector("[data-keyed]");
      return source ? merge(target, source) : [];
    },
  });
  define();

  document.addEventListener("htmx:configRequest", (event) => {
    const part = event.target.closest?.("[data-live-part]");
    if (part === event.target && part?.dataset.asOf) event.detail.parameters.as_of = part.dataset.asOf;
  });

  document.addEventListener("htmx:afterSwap", () => {
    for (const element of document.querySelectorAll("[data-settled]:not([data-settled-at])")) {
      element.dataset.settledAt = String(Date.now());
    }
  });

  const touched = (event) => {
    const holder = event.target.closest?.("[data-hold]");
    if (holder) holder.dataset.touched = String(Date.now());
  };
  for (const type of ["pointermove", "pointerdown", "wheel", "keydown", "focusin"]) {
    document.addEventListener(type, touched, { passive: true });
  }
})();

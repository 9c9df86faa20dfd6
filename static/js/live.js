// Live pages. The stream brings nudges without content; content is fetched through the server, which
// decides what this officer may see. When the stream is silent the page asks by itself, and when
// nothing answers it says so and greys what it shows.
(() => {
  "use strict";
  const COALESCE = 250;
  const ASK_EVERY = 15000;
  const SILENT = 12000;
  const LOST = 30000;

  const fetched = new Map();
  const asked = new Set();
  let timer = null;
  let lastNudge = 0;
  let lastSign = 0;

  const partsOnPage = () => [...document.querySelectorAll("[data-live-part]")];
  // Scripts are deferred: the parts are there, and as fresh as the page itself.
  for (const part of partsOnPage()) fetched.set(part.dataset.livePart, Date.now());

  const flush = () => {
    timer = null;
    const names = new Set(asked);
    asked.clear();
    for (const part of partsOnPage()) {
      if (!names.has(part.dataset.livePart)) continue;
      // One request at a time for each part; what comes meanwhile is asked for afterwards.
      if (part.classList.contains("htmx-request")) { ask([part.dataset.livePart]); continue; }
      htmx.trigger(part, "jocc:refresh");
    }
  };

  const ask = (names) => {
    names.forEach((name) => asked.add(name));
    if (timer === null) timer = setTimeout(flush, COALESCE);
  };
  const askAll = () => ask(partsOnPage().map((part) => part.dataset.livePart));
  window.jocc.ask = ask;
  window.jocc.askAll = askAll;

  const onNudge = (event) => {
    lastNudge = lastSign = Date.now();
    let names = [];
    try { names = JSON.parse(event.data).parts || []; } catch { names = []; }
    if (names.length) ask(names); else askAll();
  };

  const attach = (source) => {
    if (source.joccAttached) return;
    source.joccAttached = true;
    source.addEventListener("nudge", onNudge);
    source.addEventListener("pulse", () => { lastSign = Date.now(); });
    // The server has withdrawn this officer's rights or session: leave at once, keep nothing on screen.
    source.addEventListener("goodbye", () => { source.close(); window.location.reload(); });
  };

  document.addEventListener("htmx:sseOpen", (event) => {
    lastSign = Date.now();
    attach(event.detail.source);
    askAll();
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const part = event.target.closest?.("[data-live-part]");
    if (!part || part !== event.target) return;
    const status = event.detail.xhr?.status;
    if (status === 401 || status === 403 || event.detail.xhr?.getResponseHeader("HX-Redirect")) { window.location.reload(); return; }
    if (status >= 200 && status < 400) fetched.set(part.dataset.livePart, Date.now());
  });

  const show = () => {
    const live = document.getElementById("live");
    if (!live) return;
    const now = Date.now();
    const newest = Math.max(lastSign, ...fetched.values(), 0);
    const state = now - lastSign < SILENT ? "live" : now - newest < LOST ? "polling" : "lost";
    const word = live.querySelector("[data-live-word]");
    if (live.dataset.state !== state) {
      live.dataset.state = state;
      word.textContent = word.dataset[`${state}Text`];
    }
    const since = state === "live" ? lastNudge || lastSign : newest;
    live.querySelector("[data-live-age]").textContent = since ? window.jocc.age(since + (window.jocc.now() - now)) : "";
    for (const part of partsOnPage()) greyIfOld(part, now);
  };

  const greyIfOld = (part, now) => {
    const panel = part.closest("[data-part]");
    const at = fetched.get(part.dataset.livePart);
    if (!panel || !at) return;
    const old = now - at > LOST;
    panel.classList.toggle("is-stale", old);
    const note = panel.querySelector("[data-stale]");
    if (!note) return;
    note.hidden = !old;
    if (old) note.querySelector("[data-stale-since]").textContent = window.jocc.timeOfDay(at + (window.jocc.now() - now));
  };

  document.addEventListener("DOMContentLoaded", () => {
    setInterval(askAll, ASK_EVERY);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) askAll(); });
  });
  document.addEventListener("jocc:second", show);
})();

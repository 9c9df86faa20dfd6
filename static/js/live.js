// Live pages. The stream brings nudges without content; content is fetched through the server, which
// decides what this officer may see. When the stream is silent the page asks by itself, and when
// nothing answers it says so and greys what it shows.
(() => {
  "use strict";
  const jocc = window.jocc;
  // What a topic changes on the board, in the list of alarms, and on the device wall.
  const PARTS = {
    alarm: ["needs", "lanes", "alarms", "tiles"], device: ["lanes", "tiles"], hit: ["needs", "passages"],
    notice: ["needs", "passages", "lanes"], passage: ["passages", "lanes", "tiles"],
  };
  // The first nudge is followed at once; after that a part is fetched at most this often (milliseconds). Nudges
  // about passages come on the server's own tick, which is longer than this: each of them is followed.
  const AT_MOST = { needs: 300, passages: 200, lanes: 1500, alarms: 1500, tiles: 1500, plots: 30000 };
  // A centre that answers slowly is busy: a part waits this many times as long as its last answer took, so that
  // open pages never take more of a busy centre than it can give.
  const CALM = 3;
  const CALM_MOST = 5000;
  const ASK_EVERY = 15000;
  const SILENT = 12000;
  const LOST = 30000;

  const fetched = new Map();
  const asked = new Map();
  const took = new Map();
  const timers = new Map();
  const again = new Set();
  let lastNudge = 0;
  let lastSign = 0;

  const partsOnPage = () => [...document.querySelectorAll("[data-live-part]")];
  // Scripts are deferred: the parts are there, and as fresh as the page itself.
  for (const part of partsOnPage()) fetched.set(part.dataset.livePart, Date.now());

  const fetchPart = (name) => {
    timers.delete(name);
    const part = document.querySelector(`[data-live-part="${name}"]`);
    if (!part) return;
    // Where nothing sounds and nobody looks, nothing is asked for; it is when somebody looks again.
    if (document.hidden && "pauses" in part.dataset) return;
    // One request at a time for each part; what comes meanwhile is asked for afterwards.
    if (part.classList.contains("htmx-request")) { again.add(name); return; }
    asked.set(name, Date.now());
    htmx.trigger(part, "jocc:refresh");
  };

  const pause = (name) => Math.max(AT_MOST[name] || 1000, Math.min(CALM * (took.get(name) || 0), CALM_MOST));

  const ask = (names) => {
    for (const name of new Set(names)) {
      if (timers.has(name)) continue;
      const due = (asked.get(name) || 0) + pause(name) - Date.now();
      timers.set(name, setTimeout(fetchPart, Math.max(due, 20), name));
    }
  };
  const askAll = () => ask(partsOnPage().map((part) => part.dataset.livePart));

  // Rights may have changed: ask for everything, so that what may no longer be seen leaves the screen.
  const askAfresh = () => {
    for (const part of partsOnPage()) delete part.dataset.asOf;
    askAll();
  };

  const onNudge = (event) => {
    lastNudge = lastSign = Date.now();
    let topics = ["all"];
    try { topics = JSON.parse(event.data).topics || topics; } catch { /* a nudge that cannot be read asks for everything */ }
    if (topics.includes("all")) askAfresh(); else ask(topics.flatMap((topic) => PARTS[topic] || []));
  };

  const attach = (source) => {
    if (source.joccAttached) return;
    source.joccAttached = true;
    source.addEventListener("nudge", onNudge);
    source.addEventListener("beat", () => { lastSign = Date.now(); });
    // The server has withdrawn this officer's rights or session: leave at once, keep nothing on screen.
    source.addEventListener("closed", () => { source.close(); window.location.reload(); });
  };

  document.addEventListener("htmx:sseOpen", (event) => {
    lastSign = Date.now();
    attach(event.detail.source);
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const part = event.target.closest?.("[data-live-part]");
    if (!part || part !== event.target) return;
    const name = part.dataset.livePart;
    took.set(name, Date.now() - (asked.get(name) || Date.now()));
    if (again.delete(name)) ask([name]);
    const xhr = event.detail.xhr;
    if (xhr && (xhr.status === 401 || xhr.status === 403 || xhr.responseURL.includes("/login/"))) { window.location.reload(); return; }
    if (xhr && xhr.status >= 200 && xhr.status < 400) fetched.set(name, Date.now());
  });
  // A session that has ended answers with the page of sign-in: never put that into a panel.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr?.responseURL.includes("/login/")) event.detail.shouldSwap = false;
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
    live.querySelector("[data-live-age]").textContent = since ? jocc.age(since + (jocc.now() - now)) : "";
    for (const part of partsOnPage()) greyIfOld(part, now);
  };

  const greyIfOld = (part, now) => {
    const panel = part.closest("[data-part]");
    const at = fetched.get(part.dataset.livePart);
    if (!panel || !at) return;
    const old = now - at > LOST + (AT_MOST[part.dataset.livePart] || 0);
    panel.classList.toggle("is-stale", old);
    const note = panel.querySelector("[data-stale]");
    if (!note) return;
    note.hidden = !old;
    if (old) note.querySelector("[data-stale-since]").textContent = jocc.timeOfDay(at + (jocc.now() - now));
  };

  document.addEventListener("DOMContentLoaded", () => {
    setInterval(askAll, ASK_EVERY);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) askAll(); });
  });
  document.addEventListener("jocc:second", show);
})();

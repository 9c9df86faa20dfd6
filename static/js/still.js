// A page that shows records asks every other second whether they may still be read: what was recalled leaves the
// screen without a hand. When nothing answers for long, the page hides what it can no longer vouch for.
(() => {
  "use strict";
  const EVERY = 1500;
  const WAIT = 8_000;
  const LOST = 60_000;
  const all = () => [...document.querySelectorAll("[data-record]")];
  if (!all().length) return;
  const main = document.getElementById("main");
  let heard = Date.now();
  let asking = false;

  // Not reload: that would send a form again whose answer this page is.
  const anew = () => window.location.replace(window.location.pathname + window.location.search);
  // A row goes; a page about one record is asked for anew, and says what there is to say.
  const leave = (element) => { if (element.matches("[data-item]")) element.remove(); else anew(); };

  const ask = async () => {
    const shown = [...new Set(all().map((element) => element.dataset.record))].slice(0, 200);
    if (asking || !shown.length) return;
    asking = true;
    try {
      const query = new URLSearchParams(shown.map((record) => ["record", record]));
      // A line may be lost without a word: an answer that does not come is waited for no longer than this.
      const how = { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(WAIT) };
      const answer = await fetch(`${document.body.dataset.still}?${query}`, how);
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) { anew(); return; }
      const { gone } = await answer.json();
      heard = Date.now();
      main.hidden = false;
      for (const element of all()) if (gone.includes(element.dataset.record)) leave(element);
    } catch { /* lost, or no answer of ours: it is tried again */ } finally {
      asking = false;
    }
  };

  setInterval(() => {
    if (Date.now() - heard > LOST) main.hidden = true;
    ask();
  }, EVERY);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
})();

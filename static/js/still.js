// A page that shows records asks every other second whether they may still be read: what was recalled leaves the
// screen without a hand. When nothing answers for long, the page hides what it can no longer vouch for.
(() => {
  "use strict";
  const EVERY = 1500;
  const LOST = 60_000;
  const all = () => [...document.querySelectorAll("[data-record]")];
  if (!all().length) return;
  const main = document.getElementById("main");
  let heard = Date.now();
  let asking = false;

  // Not reload: that would send a form again whose answer this page is.
  const anew = () => window.location.replace(window.location.pathname + window.location.search);

  const leave = (element) => {
    // A row goes; a page about one record is asked for anew, and says what there is to say.
    if (element.matches("[data-item]")) element.remove(); else anew();
  };

  const ask = async () => {
    const shown = [...new Set(all().map((element) => element.dataset.record))].slice(0, 200);
    if (asking || !shown.length) return;
    asking = true;
    try {
      const query = new URLSearchParams(shown.map((record) => ["record", record]));
      const answer = await fetch(`${document.body.dataset.still}?${query}`, { redirect: "manual", cache: "no-store" });
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) { anew(); return; }
      if (!answer.ok) return; // busy, or not there: like a line that is lost
      const { gone } = await answer.json();
      heard = Date.now();
      main.hidden = false;
      for (const element of all()) if (gone.includes(element.dataset.record)) leave(element);
    } catch { /* the line is lost; it is tried again */ } finally {
      asking = false;
      if (Date.now() - heard > LOST) main.hidden = true;
    }
  };
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
})();

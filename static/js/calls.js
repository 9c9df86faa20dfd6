// What calls the duty supervisor stands on whatever page is open, until it is looked at.
(() => {
  "use strict";
  const EVERY = 4000;
  const WAIT = 8000;
  const place = document.getElementById("calls");
  if (!place) return;
  let asking = false;
  let known = place.textContent.trim();

  const ask = async () => {
    if (asking) return;
    asking = true;
    try {
      const how = { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(WAIT) };
      const answer = await fetch(place.dataset.calls, how);
      if (!answer.ok) return;
      const text = await answer.text();
      const fresh = new DOMParser().parseFromString(text, "text/html").body;
      if (fresh.textContent.trim() === known) return;
      known = fresh.textContent.trim();
      const pressed = place.querySelector("[data-sound]")?.getAttribute("aria-pressed");
      place.replaceChildren(...fresh.childNodes);
      if (pressed) place.querySelector("[data-sound]")?.setAttribute("aria-pressed", pressed);
      place.hidden = !known;
    } catch { /* lost, or no answer of ours: it is tried again */ } finally {
      asking = false;
    }
  };

  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
})();

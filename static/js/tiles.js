// The device wall on a large screen: tiles as large as all of them fit; what does not fit even small is turned to
// by itself, unless somebody holds it.
(() => {
  "use strict";
  const EVERY = 20;
  const SIZES = [1.5, 1.4, 1.3, 1.2, 1.1, 1, 0.95, 0.9, 0.85];
  const READING = 30000;
  let seconds = 0;
  let moved = 0;
  let held = false;

  const box = () => document.querySelector("[data-tiles-scroll]");

  // Before anything is painted: nobody sees the sizes that were tried.
  const fit = () => {
    const element = box();
    const fits = (size) => {
      element.style.setProperty("--fit", String(size));
      return element.scrollHeight <= element.clientHeight;
    };
    if (!SIZES.some(fits)) element.style.setProperty("--fit", "1");
  };

  const pages = (element) => Math.max(1, Math.ceil((element.scrollHeight - 8) / element.clientHeight));

  // The last page may be shorter than the others.
  const place = (element, all) => {
    const atEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - 8;
    return atEnd ? all - 1 : Math.round(element.scrollTop / element.clientHeight);
  };

  const show = () => {
    const element = box();
    const all = pages(element);
    document.querySelector("[data-tiles-turn]").hidden = all < 2;
    document.querySelector("[data-tiles-place]").textContent = `${place(element, all) + 1}/${all}`;
  };

  const turn = (step) => {
    const element = box();
    const all = pages(element);
    element.scrollTop = ((place(element, all) + step + all) % all) * element.clientHeight;
    seconds = 0;
    show();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-tiles-hold]");
    if (!button) return;
    held = !held;
    button.setAttribute("aria-pressed", String(held));
  });
  document.addEventListener("pointermove", () => { moved = Date.now(); }, { passive: true });
  document.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") turn(1);
    if (event.key === "ArrowLeft") turn(-1);
  });
  // Only when there are more or fewer tiles: a word that changes moves nothing.
  let tiles = 0;
  document.addEventListener("jocc:merged", () => {
    const now = document.querySelectorAll(".dtile").length;
    if (now !== tiles) { tiles = now; fit(); show(); }
  });
  window.addEventListener("resize", () => { fit(); show(); });
  document.addEventListener("DOMContentLoaded", () => {
    tiles = document.querySelectorAll(".dtile").length;
    fit();
    show();
  });
  document.addEventListener("jocc:second", () => {
    show();
    // Whoever has a tile in hand reads it; a pointer that somebody left there does not.
    if (held || box().matches(":focus-within") || Date.now() - moved < READING) return;
    seconds += 1;
    if (seconds >= EVERY && pages(box()) > 1) turn(1);
  });
})();

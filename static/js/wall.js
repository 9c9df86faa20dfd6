// The wall turns its pages by itself; a stop brings the first page back and holds it there.
(() => {
  "use strict";
  const EVERY = 20;
  let index = 0;
  let seconds = 0;
  let held = false;

  const pages = () => [...document.querySelectorAll("[data-turn]")];

  const show = (next) => {
    const all = pages();
    index = (next + all.length) % all.length;
    seconds = 0;
    all.forEach((page, number) => { page.hidden = number !== index; });
    document.querySelector("[data-turn-title]").textContent = all[index].dataset.turn;
    document.querySelector("[data-turn-count]").textContent = `${index + 1}/${all.length}`;
    if ("turnPlan" in all[index].dataset) document.dispatchEvent(new CustomEvent("jocc:view", { detail: "plan" }));
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-turn-pause]");
    if (!button) return;
    held = !held;
    button.setAttribute("aria-pressed", String(held));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") show(index + 1);
    if (event.key === "ArrowLeft") show(index - 1);
  });
  document.addEventListener("jocc:second", () => {
    if (document.querySelector("#needs [data-sounds]")) { if (index !== 0) show(0); return; }
    if (held) return;
    seconds += 1;
    if (seconds >= EVERY) show(index + 1);
  });
  document.addEventListener("DOMContentLoaded", () => show(0));
})();

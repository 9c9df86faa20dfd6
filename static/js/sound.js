// A stop that nobody has taken sounds. Browsers let a page sound only after a gesture, so the switch
// is itself that gesture, and the page says plainly whether it can be heard.
(() => {
  "use strict";
  if (window.jocc.toggleSound) return; // two parts of a page may ask for it
  const EVERY = 4;
  let context = null;
  let on = false;
  let beat = 0;

  const tone = (frequency, start, length) => {
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.frequency.value = frequency;
    oscillator.type = "square";
    gain.gain.setValueAtTime(0.0001, start);
    gain.gain.exponentialRampToValueAtTime(0.12, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + length);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(start);
    oscillator.stop(start + length + 0.02);
  };

  const call = () => {
    if (!context || context.state !== "running") return;
    const start = context.currentTime;
    tone(880, start, 0.18);
    tone(660, start + 0.24, 0.18);
    tone(880, start + 0.48, 0.26);
  };

  const set = (value) => {
    on = value;
    if (on) {
      context = context || new AudioContext();
      context.resume();
      tone(880, context.currentTime, 0.08);
    }
    for (const button of document.querySelectorAll("[data-sound]")) button.setAttribute("aria-pressed", String(on));
  };
  window.jocc.toggleSound = () => set(!on);

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-sound]")) window.jocc.toggleSound();
  });

  const sounding = () => {
    const needs = document.getElementById("needs");
    const calls = [...document.querySelectorAll("#calls [data-sounds]")];
    if (!needs) return calls;
    return [...calls, ...needs.querySelectorAll("[data-sounds]"), ...window.jocc.waiting(needs).filter((element) => "sounds" in element.dataset)];
  };

  let known = new Set();
  document.addEventListener("jocc:second", () => {
    const cards = sounding();
    const fresh = cards.filter((card) => !known.has(card.dataset.key));
    known = new Set(cards.map((card) => card.dataset.key));
    if (fresh.length) {
      const spoken = document.getElementById("announce-now");
      if (spoken) spoken.textContent = fresh.map((card) => card.querySelector(".need__title").textContent).join(". ");
    }
    document.title = document.title.replace(/^\(\d+\) /, "");
    if (cards.length) document.title = `(${cards.length}) ${document.title}`;
    if (!on || !cards.length) { beat = 0; return; }
    if (fresh.length || beat % EVERY === 0) call();
    beat += 1;
  });
})();

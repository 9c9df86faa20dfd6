// Says that somebody is at this screen, and warns before the session ends for want of that.
(() => {
  "use strict";
  const bar = document.querySelector("[data-session]");
  if (!bar) return;
  const idle = Number(bar.dataset.idle) * 1000;
  const wall = document.body.classList.contains("body--wall");
  const every = Math.min(60_000, idle / 4);
  const before = Math.min(300_000, idle / 4);
  let told = 0;

  const tell = () => {
    bar.hidden = true;
    if (Date.now() - told < every) return;
    told = Date.now();
    fetch(bar.dataset.session, { method: "POST", headers: JSON.parse(document.body.getAttribute("hx-headers")) });
  };

  tell();
  for (const sign of ["pointerdown", "pointermove", "keydown", "scroll"]) {
    document.addEventListener(sign, tell, { passive: true, capture: true });
  }
  setInterval(() => {
    if (wall) tell();
    else bar.hidden = Date.now() - told < idle - before;
  }, 5_000);
})();

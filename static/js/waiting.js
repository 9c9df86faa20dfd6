// A page on which something is still being carried out asks for itself anew after a second, some times and no longer.
(() => {
  "use strict";
  const AGAIN = 1000;
  const MOST = 30;
  if (!document.querySelector("[data-waiting]")) return;
  const address = new URL(window.location.href);
  const tried = Number(new URLSearchParams(address.hash.slice(1)).get("waited") || 0);
  if (tried >= MOST) return;
  setTimeout(() => {
    window.location.hash = `waited=${tried + 1}`;
    window.location.reload();
  }, AGAIN);
})();

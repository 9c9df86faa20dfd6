// Second factors: printing the recovery codes.
(() => {
  "use strict";
  document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
})();

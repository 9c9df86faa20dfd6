// Lists of the administration: one box ticks them all.
(() => {
  "use strict";
  const all = document.getElementById("action-toggle");
  if (!all) return;
  const boxes = [...document.querySelectorAll('input[name="_selected_action"]')];
  const follow = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length && ticked > 0;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
  boxes.forEach((box) => box.addEventListener("change", follow));
  follow();
})();

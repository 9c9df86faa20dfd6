// Forms: nothing typed is lost. Drafts live in this page's memory only; nothing stays in the browser.
(() => {
  "use strict";
  let dirty = false;

  document.addEventListener("input", (event) => {
    if (event.target.closest("[data-guard]")) dirty = true;
    const explained = event.target.closest("[data-explain-form]");
    if (explained) explain(explained);
  });
  document.addEventListener("submit", () => { dirty = false; });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

  // The explanation that belongs to the chosen option is shown, and read out.
  const explain = (form) => {
    for (const text of form.querySelectorAll("[data-explain]")) {
      const [name, value] = text.dataset.explain.split("=");
      const chosen = form.querySelector(`[name="${name}"]:checked, select[name="${name}"]`)?.value;
      text.hidden = chosen !== value;
    }
    for (const part of form.querySelectorAll("[data-only]")) {
      const [name, values] = part.dataset.only.split("=");
      const chosen = form.querySelector(`[name="${name}"]:checked, select[name="${name}"]`)?.value;
      part.hidden = !values.split(",").includes(chosen);
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-explain-form]").forEach(explain);
    document.querySelector("[data-focus]")?.focus();
  });
  // Where one form has several parts with a button each, Enter presses that of the part it is pressed in.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches?.("[data-own-act] input, [data-own-act] select")) return;
    event.preventDefault();
    event.target.closest("[data-own-act]").querySelector("button[name]").click();
  });
  // A failed request keeps what was typed; the page says that it was not sent.
  for (const type of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(type, (event) => {
      const form = event.target.closest?.("form");
      const spoken = document.getElementById("announce-now");
      if (form && spoken && document.body.dataset.notSent) spoken.textContent = document.body.dataset.notSent;
      if (form) form.classList.add("is-unsent");
    });
  }
})();

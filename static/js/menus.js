// Menus, dialogs, appearance: small things every page has.
(() => {
  "use strict";
  const closeAll = (except) => {
    for (const menu of document.querySelectorAll("[data-menu][open]")) {
      if (menu !== except && !menu.contains(except)) menu.open = false;
    }
  };

  document.addEventListener("click", (event) => {
    closeAll(event.target.closest("[data-menu]"));
    if (event.target.closest("[data-help]")) {
      closeAll(null);
      document.getElementById("help")?.showModal();
    }
    if (event.target.closest("[data-print]")) window.print();
  });

  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("[data-menu]") && event.target.open) closeAll(event.target);
  }, true);

  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("[data-menu][open]");
    if (!menu) return;
    if (event.key === "Escape") {
      menu.open = false;
      menu.querySelector("summary").focus();
      event.stopPropagation();
      return;
    }
    const items = [...menu.querySelectorAll(".menu__item")];
    // A digit typed into the words is a digit; the arrows lead from there to the choices.
    const typing = event.target.matches("input, textarea, select");
    if (typing && !(event.target.matches(".act *") && items.length)) return;
    if (!typing && /^[1-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey && menu.matches(".act *") && items[event.key - 1]) {
      items[event.key - 1].click();
      event.preventDefault();
      return;
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const step = event.key === "ArrowDown" ? 1 : -1;
    const index = items.indexOf(document.activeElement);
    items[(index + step + items.length) % items.length]?.focus();
    event.preventDefault();
  });

  // A choice of appearance takes effect at once and is kept by the server, never by the browser.
  const choose = (form, attribute) => {
    form.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (!button?.name) return;
      event.preventDefault();
      document.documentElement.dataset[attribute] = button.value;
      for (const other of form.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
      const body = new FormData(form);
      body.append(button.name, button.value);
      fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-theme-form]").forEach((form) => choose(form, "theme"));
    document.querySelectorAll("[data-density-form]").forEach((form) => choose(form, "density"));
    // A message has been read after a while; errors stay until the next page.
    setTimeout(() => {
      for (const message of document.querySelectorAll(".message:not(.message--error, .message--warning)")) message.remove();
    }, 8000);
  });
})();

// Second factors: passkeys, and printing the recovery codes. What a key answers goes straight into its form.
(() => {
  "use strict";
  document.querySelector("[data-print]")?.addEventListener("click", () => window.print());

  const known = window.PublicKeyCredential;
  const able = known && known.parseCreationOptionsFromJSON && known.parseRequestOptionsFromJSON;

  const answer = async (form) => {
    const given = form.dataset.options
      ? JSON.parse(form.dataset.options)
      : await (await fetch(form.action, { headers: { Accept: "application/json" } })).json();
    const made = form.dataset.passkey === "make"
      ? await navigator.credentials.create({ publicKey: known.parseCreationOptionsFromJSON(given.publicKey) })
      : await navigator.credentials.get({ publicKey: known.parseRequestOptionsFromJSON(given.publicKey) });
    return JSON.stringify(made);
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const said = form.querySelector("[data-passkey-said]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!able) { said.textContent = said.dataset.absent; return; }
      said.textContent = "";
      try {
        form.elements.credential.value = await answer(form);
      } catch {
        said.textContent = said.dataset.failed;
        return;
      }
      form.submit();
    });
  }
})();

// Passkeys: a challenge from the server, an answer from the browser, and the form goes with it.
(() => {
  "use strict";
  const medspa = window.medspa;
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const ids = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

  async function challenge(button) {
    const token = button.form.elements.csrfmiddlewaretoken.value;
    const answer = await fetch(button.dataset.challenge, {
      method: "POST", headers: { "X-CSRFToken": token, Accept: "application/json" }, credentials: "same-origin",
    });
    if (answer.ok) return (await answer.json()).publicKey;
    // Signed out, or confirmed too long ago: the page itself leads to where that is put right.
    if (answer.status === 401 || answer.status === 403) location.reload();
    throw new Error(String(answer.status));
  }

  async function make(options) {
    const made = await navigator.credentials.create({ publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: ids(options.excludeCredentials),
    } });
    return { made, said: { attestationObject: text(made.response.attestationObject) } };
  }

  async function show(options) {
    const made = await navigator.credentials.get({ publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: ids(options.allowCredentials),
    } });
    const { authenticatorData, signature, userHandle } = made.response;
    const said = { authenticatorData: text(authenticatorData), signature: text(signature) };
    if (userHandle?.byteLength) said.userHandle = text(userHandle);
    return { made, said };
  }

  async function talk(button) {
    const options = await challenge(button);
    const { made, said } = await (button.dataset.passkey === "create" ? make : show)(options);
    return JSON.stringify({
      id: made.id, rawId: text(made.rawId), type: made.type, clientExtensionResults: {},
      response: { ...said, clientDataJSON: text(made.response.clientDataJSON) },
    });
  }

  function words(button, error) {
    if (error.name === "NotAllowedError" || error.name === "AbortError") return button.dataset.cancelled;
    return error.name === "InvalidStateError" ? button.dataset.known : button.dataset.failed;
  }

  medspa.each("[data-passkey]", (button) => {
    const form = button.form;
    const place = button.parentElement.querySelector("[data-passkey-said]");
    const say = (what) => { place.textContent = what; place.hidden = !what; };
    const able = Boolean(window.PublicKeyCredential && navigator.credentials);
    if (!able) {
      button.disabled = true;
      say(button.dataset.none);
    }
    async function run(event) {
      event.preventDefault();
      if (!able || button.getAttribute("aria-busy") === "true") return;
      button.setAttribute("aria-busy", "true");
      say("");
      try {
        form.querySelector("[data-passkey-answer]").value = await talk(button);
        form.submit();
      } catch (error) {
        say(words(button, error));
        button.removeAttribute("aria-busy");
      }
    }
    if (button.type === "submit") form.addEventListener("submit", run);
    else button.addEventListener("click", run);
  });
})();

// Forms: busy while they travel, sent once, alive again when the reader comes back.
(() => {
  "use strict";
  const medspa = window.medspa;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    // After the others have spoken: a form that htmx or a check took over is not ours.
    setTimeout(() => {
      if (event.defaultPrevented || form.target === "_blank" || "keep" in form.dataset) return;
      form.dataset.sent = "1";
      event.submitter?.setAttribute("aria-busy", "true");
    });
  });

  function revive() {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const busy of document.querySelectorAll("[aria-busy='true']")) busy.removeAttribute("aria-busy");
  }
  // Back from the next page: the browser shows this one as it was left.
  window.addEventListener("pageshow", (event) => { if (event.persisted) revive(); });

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.closest("[data-autosubmit]")) field.form?.requestSubmit();
    if (field.dataset?.summary !== undefined && field.checked) {
      for (const place of document.querySelectorAll("[data-summary-target]")) place.textContent = field.dataset.summary;
    }
    // A field that was refused stops shouting once it changes.
    if (field.getAttribute?.("aria-invalid") === "true") field.removeAttribute("aria-invalid");
  });

  medspa.each("[data-reveal]", (toggle) => {
    const field = document.getElementById(toggle.dataset.reveal);
    toggle.addEventListener("click", () => {
      const shown = field.type === "text";
      field.type = shown ? "password" : "text";
      toggle.setAttribute("aria-pressed", String(!shown));
    });
  });
})();

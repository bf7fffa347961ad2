// Settings: a colour is shown on the page while it is chosen.
(() => {
  "use strict";
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.dataset?.accentPreview === undefined || !/^#[0-9a-f]{6}$/i.test(field.value)) return;
    document.documentElement.style.setProperty("--clinic-accent", field.value);
  });
})();

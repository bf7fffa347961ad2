// The side panel: opens beside the day, takes focus, gives it back to where it came from.
(() => {
  "use strict";
  const panel = document.getElementById("panel");
  if (!panel) return;
  let opener = null;

  function current(link) {
    for (const old of document.querySelectorAll(".event > a[aria-current]")) old.removeAttribute("aria-current");
    if (link?.closest(".event")) link.setAttribute("aria-current", "true");
  }
  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    if (ctx.target === panel && !panel.contains(ctx.sourceElement)) {
      opener = ctx.sourceElement;
      current(opener);
    }
  });
  function arrive() {
    const place = panel.querySelector("[data-focus], [role='alert']") ?? panel.querySelector("h1, h2");
    if (!place) return;
    if (!place.matches("a, button, input, select, textarea")) place.setAttribute("tabindex", "-1");
    place.focus({ preventScroll: true });
  }
  document.addEventListener("medspa:content", (event) => { if (event.target === panel) arrive(); });
  // A page that came whole, with its panel open, because a key or a click was quicker than htmx.
  if (panel.childElementCount && document.activeElement === document.body) arrive();
  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-panel-close]");
    if (!close || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    panel.replaceChildren();
    current(null);
    const calendar = document.getElementById("cal")?.getAttribute("hx-get");
    const href = calendar ? new URL(calendar, location.href).href : close.href;
    if (href && href !== location.href) history.pushState({ htmx: true }, "", href);
    const back = opener?.isConnected ? opener : opener?.id ? document.getElementById(opener.id) : null;
    (back ?? document.querySelector("main"))?.focus({ preventScroll: true });
    opener = null;
  });
})();

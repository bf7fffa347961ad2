// htmx: the CSRF token goes along, busy is shown, trouble is told, focus is not lost.
(() => {
  "use strict";
  const medspa = window.medspa;
  const words = document.getElementById("words")?.dataset ?? {};
  const bar = document.querySelector(".loading");
  let running = 0;
  let before = null;

  // htmx wires a page some moments after it can be typed into: what was typed by then counts too.
  document.addEventListener("htmx:after:process", () => {
    const field = document.activeElement;
    if (field?.matches("input[hx-trigger^='input']") && field.value !== field.defaultValue) {
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }, { once: true });

  document.addEventListener("htmx:config:request", (event) => {
    const { request } = event.detail.ctx;
    // The calendar is not asked for while nobody looks, nor while a visit is in somebody's hand.
    if (request.headers["X-Poll"] && (document.hidden || document.querySelector(".is-held"))) { event.preventDefault(); return; }
    const version = document.getElementById("cal")?.dataset.version;
    if (request.headers["X-Poll"] && version) request.headers["X-Version"] = version;
    const token = document.querySelector("meta[name='csrf-token']")?.content;
    // Which calendar stands beside the panel: its answer brings the same one.
    const calendar = document.getElementById("cal")?.getAttribute("hx-get");
    if (calendar) request.headers["X-Calendar"] = calendar;
    if (token && !/^(GET|HEAD)$/.test(request.method)) request.headers["X-CSRFToken"] = token;
  });

  document.addEventListener("htmx:before:request", (event) => {
    running += 1;
    bar?.setAttribute("data-on", "");
    const { ctx } = event.detail;
    before = document.activeElement;
    (ctx.request.submitter ?? (ctx.sourceElement.matches("button") ? ctx.sourceElement : null))?.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:finally:request", (event) => {
    running = Math.max(0, running - 1);
    if (!running) bar?.removeAttribute("data-on");
    const { ctx } = event.detail;
    for (const busy of [ctx.request.submitter, ctx.sourceElement]) busy?.removeAttribute?.("aria-busy");
  });

  // Signed out meanwhile: the whole page goes to sign-in, not a part of it.
  document.addEventListener("htmx:before:response", (event) => {
    const { response } = event.detail.ctx;
    const page = (response.headers.get("content-type") || "").includes("text/html");
    if (response.status === 401 || (response.raw.redirected && response.raw.url.includes("/sign-in/"))) {
      event.preventDefault();
      if (medspa.leave) medspa.leave("ended"); else location.reload();
    } else if (response.status >= 500 || (response.status >= 400 && !page)) {
      event.preventDefault();
      medspa.toast(response.status === 429 ? words.slow : words.failed);
    }
  });
  document.addEventListener("htmx:error", (event) => {
    if (event.detail?.ctx) medspa.toast(navigator.onLine ? words.failed : words.offline);
  });

  document.addEventListener("htmx:after:swap", (event) => {
    const { ctx } = event.detail;
    const target = ctx.target instanceof Element && ctx.target.isConnected ? ctx.target : document.body;
    const lost = before && !before.isConnected;
    target.dispatchEvent(new CustomEvent("medspa:content", { bubbles: true }));
    document.getElementById("toasts")?.dispatchEvent(new CustomEvent("medspa:content", { bubbles: true }));
    // What had focus was replaced: go to its successor of the same id or name, else to the part itself.
    if (lost && document.activeElement === document.body) {
      const heir = (before.id && document.getElementById(before.id))
        || (before.name && target.querySelector(`[name="${CSS.escape(before.name)}"]`));
      if (heir) heir.focus({ preventScroll: true });
      else { target.setAttribute("tabindex", "-1"); target.focus({ preventScroll: true }); }
    }
    before = null;
  });
})();

// Toasts leave by themselves unless pointed at, focused or bad news; undo is a form inside.
(() => {
  "use strict";
  const medspa = window.medspa;
  const LIFE = 8000;
  const WITH_UNDO = 15000;

  medspa.each(".toast", (toast) => {
    let timer = 0;
    const close = () => toast.remove();
    const stay = () => clearTimeout(timer);
    const leave = () => {
      stay();
      if (!("stay" in toast.dataset)) timer = setTimeout(close, toast.querySelector("form") ? WITH_UNDO : LIFE);
    };
    for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, stay);
    for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, leave);
    toast.addEventListener("click", (event) => { if (event.target.closest("[data-toast-close]")) close(); });
    toast.addEventListener("htmx:after:swap", close);
    leave();
  });

  /** A toast of our own words, for answers that carry none. */
  medspa.toast = (text) => {
    const region = document.getElementById("toasts");
    if (!region || !text) return;
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.textContent = text;
    region.append(toast);
    toast.dispatchEvent(new CustomEvent("medspa:content", { bubbles: true }));
  };
})();

// What every page needs: the mark that script runs, one polite voice, focus where the reader should go on.
(() => {
  "use strict";
  document.documentElement.classList.add("js");

  const voice = document.createElement("div");
  voice.className = "sr";
  voice.setAttribute("role", "status");
  document.body.append(voice);

  const medspa = {
    /** Say `text` to those who listen; the same text twice is said twice. */
    say(text) {
      voice.textContent = "";
      setTimeout(() => { voice.textContent = text; }, 50);
    },
    /** Run `wire` on each element that matches, now and after each swap, once per element. */
    each(selector, wire) {
      const seen = new WeakSet();
      const run = (root) => {
        const found = [...root.querySelectorAll(selector)];
        if (root instanceof Element && root.matches(selector)) found.unshift(root);
        for (const element of found) {
          if (seen.has(element)) continue;
          seen.add(element);
          wire(element);
        }
      };
      run(document);
      document.addEventListener("medspa:content", (event) => run(event.target));
    },
    fill(text, values) {
      return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
    },
  };
  window.medspa = medspa;

  // A page may name what the reader needs first: the error summary, a new heading.
  medspa.each("[data-focus]", (element) => element.focus({ preventScroll: false }));

  // An error summary's link focuses the field itself, not only its place.
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".banner a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.scrollIntoView({ block: "center" });
  });

  document.addEventListener("click", async (event) => {
    if (event.target.closest("[data-print]")) window.print();
    const copy = event.target.closest("[data-copy]");
    if (!copy) return;
    try {
      await navigator.clipboard.writeText(copy.dataset.copy);
      medspa.say(copy.dataset.copied || "");
      if (copy.dataset.copied) copy.textContent = copy.dataset.copied;
    } catch { medspa.say(copy.dataset.copy); }
  });

  // Open menus close when the reader goes elsewhere.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("focusout", (event) => {
    const menu = event.target.closest?.("details.menu[open]");
    if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
})();

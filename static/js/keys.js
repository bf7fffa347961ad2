// Keys: an element names its own (data-key="n", "g t", "/", "?"); a field gets focus, all else is pressed.
(() => {
  "use strict";
  let first = "";
  let timer = 0;

  const writing = (element) => element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
  const shown = (element) => element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { escape(event); return; }
    if (event.key.length !== 1 || writing(event.target) || document.querySelector("dialog[open]")) return;

    const wanted = first ? `${first} ${event.key}` : event.key;
    const all = [...document.querySelectorAll("[data-key]")];
    const hits = all.filter((element) => element.dataset.key === wanted);
    const hit = hits.find(shown) ?? hits[0];
    clearTimeout(timer);
    first = "";
    if (hit) {
      event.preventDefault();
      if (writing(hit)) { hit.focus(); hit.select?.(); } else hit.click();
    } else if (all.some((element) => element.dataset.key.startsWith(`${event.key} `))) {
      first = event.key;
      timer = setTimeout(() => { first = ""; }, 1200);
    }
  });

  // The list of keys is made of the page itself: what it names is what works here.
  function list(into) {
    const seen = new Set();
    into.replaceChildren(...[...document.querySelectorAll("[data-key]")].flatMap((element) => {
      const key = element.dataset.key;
      const name = element.dataset.keyName || element.getAttribute("aria-label") || element.textContent.trim().replace(/\s+/g, " ");
      if (seen.has(key) || !name) return [];
      seen.add(key);
      const term = document.createElement("dt");
      for (const part of key.split(" ")) {
        const kbd = document.createElement("kbd");
        kbd.textContent = part;
        term.append(kbd, " ");
      }
      const text = document.createElement("dd");
      text.textContent = name;
      return [term, text];
    }));
  }
  document.addEventListener("click", (event) => {
    const into = event.target.closest("[data-dialog='#keys']") && document.querySelector("[data-keys-found]");
    if (into) list(into);
  }, true);

  function escape(event) {
    const menu = document.querySelector("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); return; }
    if (document.querySelector("dialog[open]")) return;
    if (writing(event.target) && event.target.type !== "search") { event.target.blur(); return; }
    document.querySelector("#panel [data-panel-close]")?.click();
  }
})();

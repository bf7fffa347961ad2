// Combobox: htmx fills the list, this walks it. Options stay links, so a press or Enter opens them.
(() => {
  "use strict";
  const medspa = window.medspa;

  medspa.each("[data-combo]", (combo) => {
    const input = combo.querySelector("[role='combobox']");
    const list = combo.querySelector("[role='listbox']");
    const popup = list.closest(".combo__list");
    const options = () => [...list.querySelectorAll("[role='option']:not([aria-disabled='true'])")];
    const what = (option) => option.getAttribute("href") || option.dataset.value;
    let active = -1;
    let chosen = "";

    function show(open) {
      const any = open && list.children.length > 0 && input.value.trim() !== "";
      popup.hidden = !any;
      input.setAttribute("aria-expanded", String(any));
      if (!any) mark(-1);
    }
    function mark(place) {
      const all = options();
      active = all.length ? Math.max(-1, Math.min(place, all.length - 1)) : -1;
      chosen = active < 0 ? "" : what(all[active]);
      all.forEach((option, index) => {
        option.id ||= `${list.id}-${index}`;
        option.setAttribute("aria-selected", String(index === active));
      });
      if (active >= 0) {
        input.setAttribute("aria-activedescendant", all[active].id);
        all[active].scrollIntoView({ block: "nearest" });
      } else input.removeAttribute("aria-activedescendant");
    }
    function choose(option) {
      const value = combo.dataset.comboValue && combo.querySelector(combo.dataset.comboValue);
      if (!value) { option.click(); return; }
      value.value = option.dataset.value;
      input.value = option.dataset.label || option.textContent.trim();
      show(false);
      value.dispatchEvent(new Event("change", { bubbles: true }));
    }

    list.addEventListener("medspa:content", () => {
      // A late answer takes nothing out of the hand of whoever has begun to choose.
      mark(options().findIndex((option) => what(option) === chosen));
      show(true);
      const count = options().length;
      const text = count === 0 ? combo.dataset.textNone : count === 1 ? combo.dataset.textOne : combo.dataset.textMany;
      if (input.value.trim()) medspa.say(medspa.fill(text || "", { count }));
    });
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role='option']");
      if (option && combo.dataset.comboValue) { event.preventDefault(); choose(option); }
    });
    input.addEventListener("focus", () => show(true));
    input.addEventListener("input", () => { if (!input.value.trim()) { list.replaceChildren(); show(false); } });
    input.addEventListener("keydown", (event) => {
      const open = !popup.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!open) show(true);
        const count = options().length;
        const step = event.key === "ArrowDown" ? 1 : -1;
        mark(active < 0 && step < 0 ? count - 1 : (active + step + count) % Math.max(1, count));
      } else if (open && event.key === "Home" && active >= 0) { event.preventDefault(); mark(0); }
      else if (open && event.key === "End" && active >= 0) { event.preventDefault(); mark(Infinity); }
      else if (open && event.key === "Enter" && active >= 0) { event.preventDefault(); choose(options()[active]); }
      else if (event.key === "Escape") {
        event.preventDefault();
        if (open) show(false);
        else if (input.value) { input.value = ""; list.replaceChildren(); }
        else input.blur();
      }
    });
    combo.addEventListener("focusout", (event) => { if (!combo.contains(event.relatedTarget)) show(false); });
    popup.addEventListener("mousedown", (event) => event.preventDefault());
    show(false);
  });
})();

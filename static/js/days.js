// Day strips and slot grids: the chosen day is in view; arrows walk through links and buttons too.
(() => {
  "use strict";
  window.medspa.each(".days", (strip) => {
    const chosen = strip.querySelector(".day[aria-current], .day:has(input:checked)");
    if (chosen) strip.scrollLeft = chosen.offsetLeft - strip.offsetLeft - (strip.clientWidth - chosen.clientWidth) / 2;
  });

  // A browser leaves what is half in view where it is; who walks by keyboard wants the whole day.
  document.addEventListener("focusin", (event) => {
    event.target.closest?.(".days .day")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  document.addEventListener("keydown", (event) => {
    const grid = event.target.closest?.(".slots, .days");
    if (!grid || !event.target.matches("a, button") || event.altKey || event.ctrlKey || event.metaKey) return;
    const items = [...grid.querySelectorAll("a[href], button:not(:disabled)")];
    const place = items.indexOf(event.target);
    if (place < 0) return;
    let next = null;
    if (event.key === "ArrowRight") next = items[place + 1];
    else if (event.key === "ArrowLeft") next = items[place - 1];
    else if (event.key === "Home") next = items[0];
    else if (event.key === "End") next = items.at(-1);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") next = below(items, event.target, event.key === "ArrowDown");
    else return;
    event.preventDefault();
    next?.focus();
  });

  function below(items, from, down) {
    const start = from.getBoundingClientRect();
    const rows = items
      .map((item) => ({ item, box: item.getBoundingClientRect() }))
      .filter(({ box }) => (down ? box.top >= start.bottom - 1 : box.bottom <= start.top + 1));
    const far = ({ box }) => Math.abs(box.top - start.top) * 10 + Math.abs(box.left - start.left);
    return rows.sort((a, b) => far(a) - far(b))[0]?.item;
  }
})();

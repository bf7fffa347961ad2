// The day by provider: the now-line moves, the day opens where it matters, arrows walk between visits.
(() => {
  "use strict";
  const medspa = window.medspa;

  medspa.each(".now[data-now-zone]", (line) => {
    const label = line.querySelector("time");
    const lang = document.documentElement.lang || undefined;
    const zone = line.dataset.nowZone;
    const clock = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    const shown = new Intl.DateTimeFormat(lang, { timeZone: zone, hour: "numeric", minute: "2-digit" });
    const date = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
    const timer = setInterval(tick, 20000);
    function tick() {
      if (!line.isConnected) { clearInterval(timer); return; }
      const now = new Date();
      if (line.dataset.nowDay && date.format(now) !== line.dataset.nowDay) { line.hidden = true; return; }
      const [hour, minute] = clock.format(now).split(":");
      line.dataset.at = `${hour}:${String(Math.floor(minute / 5) * 5).padStart(2, "0")}`;
      if (label) {
        label.textContent = shown.format(now).replace(/\s?[ap]\.?\s?m\.?$/i, "");
        label.dateTime = `${hour}:${minute}`;
      }
    }
    tick();
  });

  // The page opens with the present hour in view, unless the reader has already scrolled.
  medspa.each(".scroller .cal", (calendar) => {
    const scroller = calendar.closest(".scroller");
    const place = calendar.querySelector(".event > a[aria-current]")?.parentElement
      ?? calendar.querySelector(".now:not([hidden])") ?? calendar.querySelector(".event");
    if (!place || scroller.scrollTop > 0) return;
    scroller.scrollTop = place.offsetTop - scroller.clientHeight * 0.35;
  });

  // On a phone the week is an agenda: it opens at today.
  const today = document.querySelector(".wcal__day[data-today]");
  if (today && scrollY === 0 && matchMedia("(max-width: 899px)").matches && !location.hash) today.scrollIntoView();

  // Back at the page: look at once, not in ten seconds.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) document.getElementById("cal")?.dispatchEvent(new CustomEvent("medspa:look"));
  });

  // Arrows turn the page where nothing has focus.
  document.addEventListener("keydown", (event) => {
    if (!/^Arrow(Left|Right)$/.test(event.key) || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!event.target.matches?.("body, main, .scroller")) return;
    const scroller = document.querySelector(".scroller");
    if (event.target.matches(".scroller") && scroller.scrollWidth > scroller.clientWidth) return;
    document.querySelector(`[data-turn="${event.key === "ArrowLeft" ? "back" : "on"}"]`)?.click();
  });

  document.addEventListener("keydown", (event) => {
    const link = event.target.closest?.(".cal__col a");
    if (!link || !/^Arrow/.test(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const column = link.closest(".cal__col");
    const top = (item) => item.getBoundingClientRect().top;
    const inside = (col) => [...col.querySelectorAll(".event > a, .gap > a, .free > a")].sort((a, b) => top(a) - top(b));
    let next = null;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const items = inside(column);
      next = items[items.indexOf(link) + (event.key === "ArrowDown" ? 1 : -1)];
    } else {
      const columns = [...column.parentElement.querySelectorAll(".cal__col")];
      const step = event.key === "ArrowRight" ? 1 : -1;
      for (let place = columns.indexOf(column) + step; columns[place] && !next; place += step) {
        next = inside(columns[place]).sort((a, b) => Math.abs(top(a) - top(link)) - Math.abs(top(b) - top(link)))[0];
      }
    }
    next?.focus();
    next?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
})();

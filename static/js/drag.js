// A visit is taken by pointer, by a long press or by the key m, put elsewhere, and sent to the form that moves it.
// What is shown meanwhile is only shown: a refusal puts it back, the answer brings the calendar as it is.
(() => {
  "use strict";
  const medspa = window.medspa;
  const ROW = 5;
  const GRIP = 8;
  const words = () => document.getElementById("drag-words")?.dataset ?? {};
  let held = null;
  let press = null;
  let swallow = false;

  const minutes = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
  const clock = (minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
  const spoken = (minute) => new Intl.DateTimeFormat(document.documentElement.lang || undefined,
    { timeZone: "UTC", hour: "numeric", minute: "2-digit" }).format(new Date(Date.UTC(2000, 0, 1, 0, minute)));
  const calendar = () => document.getElementById("cal");
  const isWeek = () => calendar()?.classList.contains("wcal");

  // --- Where things are -----------------------------------------------------------------------------------------
  const columns = () => [...calendar().querySelectorAll(".cal__col")];
  const bounds = () => [Number(calendar().dataset.from || 0) * 60, Number(calendar().dataset.to || 24) * 60];
  function minuteAt(y) {
    const box = calendar().querySelector(".cal__body").getBoundingClientRect();
    const [from, to] = bounds();
    return from + ((y - box.top) / box.height) * (to - from);
  }
  function columnAt(x) {
    return columns().find((one) => { const box = one.getBoundingClientRect(); return x >= box.left && x < box.right; });
  }
  const cellAt = (x, y) => document.elementsFromPoint(x, y).map((one) => one.closest(".wcal__cell")).find(Boolean);

  // --- Taking, carrying, putting --------------------------------------------------------------------------------
  function take(item, how) {
    const list = item.parentElement;
    held = {
      item, how, list, after: item.nextSibling, lane: item.dataset.lane, lanes: item.dataset.lanes,
      at: item.dataset.at, min: item.dataset.min, start: minutes(item.dataset.time), lasts: Number(item.dataset.lasts),
      column: item.closest(".cal__col, .wcal__cell"),
    };
    held.was = { start: held.start, lasts: held.lasts, column: held.column };
    item.classList.add("is-held");
    delete item.dataset.lane;
    delete item.dataset.lanes;
  }
  function show() {
    const { item, column, start, lasts } = held;
    if (isWeek()) {
      for (const one of document.querySelectorAll(".wcal__cell.is-target")) one.classList.remove("is-target");
      column.classList.add("is-target");
      return;
    }
    if (item.parentElement !== column) {
      const focused = document.activeElement;
      column.append(item);
      if (item.contains(focused)) focused.focus({ preventScroll: true });
    }
    item.dataset.at = clock(start - (start % ROW));
    item.dataset.min = Math.max(ROW, Math.ceil(lasts / ROW) * ROW);
    const time = item.querySelector(".event__time");
    if (time) time.textContent = spoken(start).replace(/\s?[ap]\.?\s?m\.?$/i, "");
  }
  function back() {
    const { item, list, after, at, min, lane, lanes, was } = held;
    list.insertBefore(item, after?.parentNode === list ? after : null);
    if (at) Object.assign(item.dataset, { at, min });
    if (lane) Object.assign(item.dataset, { lane, lanes });
    held.start = was.start;
    const time = item.querySelector(".event__time");
    if (time) time.textContent = spoken(was.start).replace(/\s?[ap]\.?\s?m\.?$/i, "");
    release();
  }
  function release() {
    held?.item.classList.remove("is-held");
    for (const one of document.querySelectorAll(".wcal__cell.is-target")) one.classList.remove("is-target");
    held = null;
  }
  const same = () => held.start === held.was.start && held.lasts === held.was.lasts && held.column === held.was.column;

  function clamp(start, lasts) {
    const [from, to] = bounds();
    return [Math.max(from, Math.min(start, to - ROW)), Math.max(ROW, Math.min(lasts, 720))];
  }

  async function drop() {
    if (!held) return;
    if (same()) { back(); return; }
    const { item, start, lasts, column, was } = held;
    const by = calendar().dataset.by;
    const day = isWeek() ? column.dataset.day : calendar().dataset.day;
    const moved = start !== was.start || column !== was.column;
    const values = {
      drop: "1", provider: item.dataset.provider, day, time: clock(start), time_was: "", start: "", minutes: String(lasts),
      revision: item.dataset.revision,
    };
    if (column.dataset.who !== was.column.dataset.who) {
      if (by === "provider") values.provider = column.dataset.who;
      else values[by] = column.dataset.who;
    } else if (by !== "provider" && column.dataset.who) values[by] = column.dataset.who;
    const again = start !== was.start || day !== (isWeek() ? was.column.dataset.day : day);
    if (moved && again) values.tell_patient = "on";
    if (isWeek()) column.querySelector("ol")?.append(item) ?? column.append(item);
    const url = item.dataset.move;
    let done = false;
    const hear = (event) => {
      const { ctx } = event.detail;
      if (ctx.request.action === url) done = ctx.response.status < 400;
    };
    medspa.say(words().sent || "");
    document.addEventListener("htmx:before:response", hear);
    await window.htmx.ajax("POST", url, { source: "#main", target: "#panel", values });
    document.removeEventListener("htmx:before:response", hear);
    if (done) { release(); return; }
    const focus = item.contains(document.activeElement);
    if (held) back();
    if (focus) item.querySelector("a")?.focus({ preventScroll: true });
    medspa.say(words().refused || "");
    calendar()?.dispatchEvent(new CustomEvent("medspa:look"));
  }

  // --- By pointer -----------------------------------------------------------------------------------------------
  document.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || held) return;
    const item = event.target.closest?.("[data-move]");
    if (!item) return;
    const box = item.getBoundingClientRect();
    const resizes = !isWeek() && box.height > 3 * GRIP && event.clientY > box.bottom - GRIP;
    press = { item, x: event.clientX, y: event.clientY, resizes, offset: isWeek() ? 0 : minuteAt(event.clientY) - minutes(item.dataset.time) };
    if (event.pointerType === "touch") {
      press.touch = true;
      press.timer = setTimeout(() => { if (press) { take(press.item, "touch"); navigator.vibrate?.(15); } }, 450);
    }
  });
  document.addEventListener("pointermove", (event) => {
    if (!press) return;
    const far = Math.hypot(event.clientX - press.x, event.clientY - press.y) > 5;
    if (!held) {
      if (!far) return;
      if (press.touch) { clearTimeout(press.timer); press = null; return; }
      take(press.item, "pointer");
    }
    event.preventDefault();
    if (isWeek()) {
      const cell = cellAt(event.clientX, event.clientY);
      if (cell) held.column = cell;
    } else {
      const step = Number(calendar().dataset.step) || 15;
      const snap = (minute) => Math.round(minute / step) * step;
      if (press.resizes) {
        held.lasts = clamp(held.start, snap(minuteAt(event.clientY)) - held.start)[1];
      } else {
        held.start = clamp(snap(minuteAt(event.clientY) - press.offset), held.lasts)[0];
        held.column = columnAt(event.clientX) ?? held.column;
      }
    }
    show();
  });
  document.addEventListener("pointerup", () => {
    clearTimeout(press?.timer);
    press = null;
    if (!held || held.how === "keys") return;
    swallow = true;
    setTimeout(() => { swallow = false; }, 0);
    drop();
  });
  document.addEventListener("pointercancel", () => {
    clearTimeout(press?.timer);
    press = null;
    if (held && held.how !== "keys") back();
  });
  document.addEventListener("touchmove", (event) => { if (held) event.preventDefault(); }, { passive: false });
  document.addEventListener("contextmenu", (event) => { if (held) event.preventDefault(); });
  document.addEventListener("dragstart", (event) => { if (event.target.closest?.("[data-move], .free")) event.preventDefault(); });
  document.addEventListener("click", (event) => {
    if (!swallow) return;
    swallow = false;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  // --- Over free time: a block ----------------------------------------------------------------------------------
  let mark = null;
  const blocks = () => document.querySelector("[data-block-url]")?.dataset.blockUrl;
  document.addEventListener("pointerdown", (event) => {
    const free = event.target.closest?.(".free > a");
    if (!free || event.button !== 0 || event.pointerType === "touch" || isWeek() || !blocks()) return;
    mark = { column: free.closest(".cal__col"), y: event.clientY, from: snapDown(event.clientY), to: 0, item: null };
  });
  const snapDown = (y) => { const step = Number(calendar().dataset.step) || 15; return Math.floor(minuteAt(y) / step) * step; };
  document.addEventListener("pointermove", (event) => {
    if (!mark || (!mark.item && Math.abs(event.clientY - mark.y) < 8)) return;
    if (!mark.item) {
      mark.item = document.createElement("li");
      mark.item.className = "marking is-held";
      mark.column.append(mark.item);
    }
    event.preventDefault();
    const step = Number(calendar().dataset.step) || 15;
    const [from, to] = bounds();
    const here = snapDown(event.clientY);
    const first = Math.max(from, Math.min(mark.from, here));
    const last = Math.min(to, Math.max(mark.from, here) + step);
    Object.assign(mark, { first, last });
    Object.assign(mark.item.dataset, { at: clock(first), min: String(last - first) });
  });
  document.addEventListener("pointerup", async () => {
    if (!mark) return;
    const { item, column, first, last } = mark;
    mark = null;
    if (!item) return;
    swallow = true;
    setTimeout(() => { swallow = false; }, 0);
    const day = calendar().dataset.day;
    const next = new Date(`${day}T00:00:00Z`);
    next.setUTCDate(next.getUTCDate() + 1);
    const end = last >= 1440 ? `${next.toISOString().slice(0, 10)}T00:00` : `${day}T${clock(last)}`;
    const url = new URL(blocks(), location.href);
    for (const [name, value] of Object.entries({ who: column.dataset.who, start: `${day}T${clock(first)}`, end })) url.searchParams.set(name, value);
    item.classList.remove("is-held");
    await window.htmx.ajax("GET", url.pathname + url.search, { source: "#main", target: "#panel" });
    item.remove();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && mark) { mark.item?.remove(); mark = null; }
  }, true);

  // --- By keyboard ----------------------------------------------------------------------------------------------
  const place = () => held.column.getAttribute("aria-label") || held.column.querySelector("h3")?.textContent || "";
  function tell() {
    const text = isWeek()
      ? medspa.fill(words().cell || "", { day: held.column.closest("section").querySelector("h2 a").getAttribute("aria-label"), place: place() })
      : medspa.fill(words().at || "", { time: spoken(held.start), end: spoken(held.start + held.lasts), place: place() });
    medspa.say(text);
  }
  function step(event) {
    const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const down = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (isWeek()) {
      const day = held.column.closest("section");
      const row = [...day.querySelectorAll(".wcal__cell")].indexOf(held.column);
      const days = [...calendar().querySelectorAll("section")];
      const to = side ? days[days.indexOf(day) + side] : day;
      held.column = to?.querySelectorAll(".wcal__cell")[row + (down || 0)] ?? held.column;
    } else if (side) {
      const all = columns();
      held.column = all[all.indexOf(held.column) + side] ?? held.column;
    } else {
      const by = down * (Number(calendar().dataset.step) || 15);
      if (event.shiftKey) held.lasts = clamp(held.start, held.lasts + by)[1];
      else held.start = clamp(held.start + by, held.lasts)[0];
    }
    show();
    held.item.scrollIntoView({ block: "nearest", inline: "nearest" });
    tell();
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!held) {
      const item = event.key === "m" && event.target.closest?.("[data-move]");
      if (!item) return;
      event.preventDefault();
      event.stopPropagation();
      take(item, "keys");
      medspa.say(medspa.fill(words().picked || "", { name: item.querySelector(".event__name, .chip__name")?.textContent.trim() ?? "", place: place() }));
      return;
    }
    if (held.how !== "keys") { if (event.key === "Escape") { press = null; back(); } return; }
    if (/^Arrow/.test(event.key)) step(event);
    else if (event.key === "Enter" || event.key === " ") drop();
    else if (event.key === "Escape" || event.key === "Tab") { back(); medspa.say(words().back || ""); if (event.key === "Tab") return; }
    event.preventDefault();
    event.stopPropagation();
  }, true);
})();

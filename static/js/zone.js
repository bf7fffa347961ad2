// The visitor's own zone: named where it differs from the clinic's, and handed to the form.
(() => {
  "use strict";
  const medspa = window.medspa;
  const lang = document.documentElement.lang || undefined;
  let here = "";
  try { here = Intl.DateTimeFormat().resolvedOptions().timeZone || ""; } catch { return; }
  if (!here) return;

  function offset(zone, at) {
    const parts = new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
    }).formatToParts(at);
    const part = (type) => Number(parts.find((p) => p.type === type).value);
    const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"));
    return Math.round((wall - Math.floor(at.getTime() / 60000) * 60000) / 60000);
  }
  const city = (zone) => zone.includes("/") && !zone.startsWith("Etc/") ? zone.split("/").pop().replaceAll("_", " ") : "";
  const hours = (minutes) => new Intl.NumberFormat(lang, { style: "unit", unit: "hour", unitDisplay: "long", maximumFractionDigits: 2 }).format(minutes / 60);

  medspa.each("[data-zone]", (box) => {
    const at = box.dataset.at ? new Date(box.dataset.at) : new Date();
    const ahead = offset(here, at) - offset(box.dataset.zone, at);
    const place = city(here);
    if (!ahead || !place) return;
    const text = ahead > 0 ? box.dataset.textAhead : box.dataset.textBehind;
    box.textContent = medspa.fill(text || "", { city: place, time: hours(Math.abs(ahead)) });
    box.hidden = false;
  });

  medspa.each("[data-local-time]", (box) => {
    const at = new Date(box.dataset.localTime);
    const place = city(here);
    if (!place || offset(here, at) === offset(box.dataset.clinicZone, at)) return;
    const day = (zone) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(at);
    const other = day(here) !== day(box.dataset.clinicZone);
    const time = new Intl.DateTimeFormat(lang, { hour: "numeric", minute: "2-digit", ...(other ? { weekday: "short", day: "numeric", month: "short" } : {}) }).format(at)
      .replace(/[\s\u202f]([AP])M$/, (_all, half) => `\u00a0${half.toLowerCase()}m`);
    box.textContent = medspa.fill(box.dataset.text || "{time}, {city}", { time, city: place });
    box.hidden = false;
  });

  medspa.each("input[data-zone-input]", (field) => { field.value = here; });
})();

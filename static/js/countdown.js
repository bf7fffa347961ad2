// The held time: counts to the server's deadline, says one minute left once, and says when it is over.
(() => {
  "use strict";
  const medspa = window.medspa;

  medspa.each("[data-countdown]", (box) => {
    const skew = box.dataset.now ? Date.now() - Date.parse(box.dataset.now) : 0;
    const end = Date.parse(box.dataset.countdown) + skew;
    const soon = Number(box.dataset.soon || 60);
    const clock = box.querySelector("[data-countdown-clock]");
    const bar = box.querySelector("progress");
    let said = false;
    let timer = 0;

    function tick() {
      const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      const text = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      if (clock) { clock.textContent = text; clock.dateTime = `PT${left}S`; }
      if (bar) bar.value = left;
      if (left === 0) {
        clearInterval(timer);
        box.dataset.state = "over";
        const words = box.querySelector("[data-countdown-words]");
        if (words && box.dataset.textOver) words.textContent = box.dataset.textOver;
        const after = box.querySelector("[data-countdown-over]");
        if (after) after.hidden = false;
        medspa.say(box.dataset.textOver || "");
      } else if (left <= soon) {
        box.dataset.state = "soon";
        if (!said) { said = true; medspa.say(box.dataset.textSoon || ""); }
      }
    }
    tick();
    if (end > Date.now()) timer = setInterval(tick, 1000);
    document.addEventListener("visibilitychange", () => { if (!document.hidden && end > Date.now() - 2000) tick(); });
  });
})();

// The note: saved by itself, kept while there is no connection, macros, and the other version taken over by hand.
(() => {
  "use strict";
  const medspa = window.medspa;
  const PAUSE = 1500;
  const RETRY = [2000, 5000, 10000, 20000, 30000];

  medspa.each("form[data-note]", (form) => new Note(form));

  function Note(form) {
    const words = form.dataset;
    const card = form.closest("[data-note-card]");
    const status = card.querySelector("[data-note-word]");
    const macros = JSON.parse(document.getElementById("note-macros")?.textContent || "{}");
    let sent = typed();     // what the server has
    let running = null;     // the save that is on its way
    let timer = 0;
    let tries = 0;

    form.addEventListener("input", (event) => {
      expand(event.target);
      if (!running) tell(words.typed, "wait");
      plan(PAUSE);
    });
    form.addEventListener("change", () => plan(PAUSE / 3));
    form.addEventListener("click", (event) => {
      const take = event.target.closest("[data-note-take]");
      if (!take) return;
      const field = document.getElementById(take.dataset.noteTake);
      field.value = [field.value, take.dataset.text].filter(Boolean).join("\n");
      take.closest(".note__other").remove();
      field.focus();
      plan(0);
    });
    form.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey)) return;
      const wanted = { Enter: "[data-note-sign]", s: "[data-note-save]" }[event.key];
      const button = wanted && form.querySelector(wanted);
      if (!button) return;
      event.preventDefault();
      form.requestSubmit(button);
    });
    // A button waits for the save that is on its way: both would claim the same revision.
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      if (!running) { if (navigator.onLine) sent = typed(); else { event.preventDefault(); offline(); } return; }
      event.preventDefault();
      running.then(() => { if (form.isConnected) form.requestSubmit(event.submitter); });
    }, true);
    window.addEventListener("online", () => { if (form.isConnected && dirty()) plan(0); });
    document.addEventListener("visibilitychange", () => { if (document.hidden && form.isConnected && dirty()) plan(0); });
    window.addEventListener("beforeunload", (event) => {
      if (form.isConnected && dirty() && !form.dataset.sent) event.preventDefault();
    });

    function typed() {
      const data = new FormData(form);
      for (const name of ["revision", "csrfmiddlewaretoken", "template", "act"]) data.delete(name);
      return new URLSearchParams(data).toString();
    }
    function dirty() { return typed() !== sent; }
    function plan(after) { clearTimeout(timer); timer = setTimeout(save, after); }
    function tell(text, kind) {
      status.textContent = text;
      status.parentElement.dataset.is = kind;
    }
    function offline() {
      tell(words.offline, "offline");
      clearTimeout(timer);
      timer = setTimeout(save, RETRY[Math.min(tries, RETRY.length - 1)]);
      tries += 1;
    }

    function save() {
      if (running || !form.isConnected) return;
      if (!dirty()) return;
      running = send().finally(() => {
        running = null;
        if (form.isConnected && dirty() && status.parentElement.dataset.is === "saved") plan(PAUSE);
      });
    }

    async function send() {
      const body = new FormData(form);
      const said = typed();
      tell(words.saving, "wait");
      let answer;
      try {
        answer = await fetch(form.action, {
          method: "POST", body, credentials: "same-origin", redirect: "error",
          headers: { Accept: "application/json", "HX-Request": "true" },
        });
      } catch { offline(); return; }
      if (answer.status === 401) { tell(words.typed, "wait"); if (medspa.leave) medspa.leave("ended"); return; }
      if (answer.status === 409) { other(await answer.text()); return; }
      if (answer.status === 422) { tell(words.refused, "offline"); return; }
      if (!answer.ok) { offline(); return; }
      const saved = await answer.json();
      tries = 0;
      sent = said;
      form.elements.revision.value = saved.revision;
      tell(saved.saved, "saved");
      const open = card.querySelector("[data-note-missing]");
      open.textContent = saved.missing.length ? `${words.open} ${saved.missing.join(", ")}` : words.ready;
    }

    // Somebody else saved: the page shows both, with what was typed meanwhile still in the fields.
    function other(html) {
      const kept = new Map([...form.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox]), select")].map((field) => [field.id, field.value]));
      const place = document.activeElement?.id;
      const caret = document.activeElement?.selectionStart;
      const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("note");
      if (!fresh) { offline(); return; }
      card.replaceWith(fresh);
      for (const [id, value] of kept) {
        const field = id && document.getElementById(id);
        if (field && fresh.contains(field)) field.value = value;
      }
      fresh.parentElement.dispatchEvent(new CustomEvent("medspa:content", { bubbles: true }));
      const field = place && document.getElementById(place);
      if (field?.setSelectionRange) { field.focus({ preventScroll: true }); try { field.setSelectionRange(caret, caret); } catch { /* not a text */ } }
    }

    // "/shortcut" and a blank become the text that it stands for.
    function expand(field) {
      if (!field.matches?.("textarea")) return;
      const before = field.value.slice(0, field.selectionStart);
      const found = /(?:^|\s)\/([a-z0-9-]{1,24})(\s)$/i.exec(before);
      const text = found && macros[found[1].toLowerCase()];
      if (!text) return;
      const start = before.length - found[1].length - 2;
      field.setRangeText(text + found[2], start, before.length, "end");
    }
  }
})();

// Logoff: a warning a minute before the session ends, a sign of life while somebody works, and every tab leaves together.
(() => {
  "use strict";
  const dialog = document.getElementById("logoff");
  if (!dialog) return;
  const medspa = window.medspa;
  const WARN = 60000;
  const SIGN_OF_LIFE = 60000;
  const start = Date.now();
  const end = start + Number(dialog.dataset.absolute) * 1000;
  let until = start + Number(dialog.dataset.left) * 1000;
  let told = start;
  let asking = false;
  let gone = false;
  const clock = dialog.querySelector("[data-logoff-clock]");
  const stayButton = dialog.querySelector("[data-logoff-stay]");
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(dialog.dataset.channel) : null;

  function extend(moment) {
    until = Math.max(until, Math.min(moment, end));
    if (dialog.open && until - Date.now() > WARN) dialog.close();
  }

  // What is on the screen goes first: the next page may take a while to come. Then the session, and only then the
  // sign-in, which would let a session that still lives straight back in.
  async function leave(why) {
    if (gone) return;
    gone = true;
    document.body.replaceChildren();
    document.title = location.host;
    await post(dialog.dataset.out).catch(() => null);
    const back = encodeURIComponent(location.pathname + location.search);
    location.replace(`${dialog.dataset.signIn}?${why}=1&next=${back}`);
  }

  function post(url) {
    const token = document.querySelector("meta[name='csrf-token']")?.content ?? "";
    return fetch(url, { method: "POST", headers: { "X-CSRFToken": token, "HX-Request": "true" }, redirect: "manual" });
  }

  function signOut(why) {
    channel?.postMessage({ out: why });
    leave(why);
  }

  medspa.leave = signOut;

  async function stay() {
    if (asking || gone) return;
    asking = true;
    told = Date.now();
    try {
      const answer = await post(dialog.dataset.stay);
      if (answer.status === 401 || answer.type === "opaqueredirect") { signOut("ended"); return; }
      if (!answer.ok) return;
      const { left } = await answer.json();
      extend(Date.now() + left * 1000);
      channel?.postMessage({ until });
    } catch {
      // No connection: the clock runs on, and the next sign of life tries again.
      told = 0;
    } finally { asking = false; }
  }

  function tick() {
    const left = until - Date.now();
    if (left <= 0) { signOut("ended"); return; }
    if (left > WARN) return;
    const seconds = Math.ceil(left / 1000);
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (dialog.open) return;
    const over = end - until < 1000;
    dialog.querySelector("[data-logoff-idle]").hidden = over;
    dialog.querySelector("[data-logoff-over]").hidden = !over;
    stayButton.hidden = over;
    for (const other of document.querySelectorAll("dialog[open]")) other.close();
    dialog.showModal();
    medspa.say(dialog.querySelector("h2").textContent);
  }

  channel?.addEventListener("message", ({ data }) => {
    if (data.out) leave(data.out);
    else if (data.until) { extend(data.until); told = Date.now(); }
  });
  channel?.postMessage({ until });
  for (const kind of ["pointerdown", "keydown"]) {
    document.addEventListener(kind, () => {
      if (!dialog.open && Date.now() - told > SIGN_OF_LIFE) stay();
    }, { capture: true, passive: true });
  }
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === dialog.dataset.out) channel?.postMessage({ out: "out" });
  });
  stayButton.addEventListener("click", stay);
  dialog.querySelector("[data-logoff-out]").addEventListener("click", () => signOut("out"));
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); stay(); });
  // Shown again from the browser's own memory: ask the server whether it may be.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  setInterval(() => { if (!gone) tick(); }, 1000);
  tick();
})();

// The clinic on its way: asks every second how far it is, and shows only what changed.
(() => {
  "use strict";
  const medspa = window.medspa;
  const every = 700;

  async function look() {
    const place = document.querySelector("[data-progress='going']");
    if (!place) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const next = page.querySelector("[data-progress]");
        if (next && next.innerHTML !== place.innerHTML) {
          place.replaceWith(document.adoptNode(next));
          document.title = page.title;
          next.dispatchEvent(new CustomEvent("medspa:content", { bubbles: true }));
          const headline = next.querySelector("h1");
          if (headline && next.dataset.progress === "done") medspa.say(headline.textContent);
        }
      }
    } catch { /* no connection: the next look tries again */ }
    setTimeout(look, every);
  }
  setTimeout(look, every);
})();
